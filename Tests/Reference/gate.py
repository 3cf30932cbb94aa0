"""The gate's statistics in float64 -> Tests/GatingTests/Fixtures/{holm,gates,claims}.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1: `python3 Tests/Reference/gate.py`.

Papers: moderated variance, Smyth, Stat. Appl. Genet. Mol. Biol. 3, 2004; Holm, Scand. J. Stat. 6,
1979.

Definitions.
- A check is one gated metric of one cell over the seeds that have a number on both sides (n of them).
  Worsening of a seed: new - old where lower is better, old - new where higher is better; where
  neither is, new - old with the sign that makes the mean positive, and the test is two-sided.
- tolerance = max(abs, rel * |mean of the baseline|).
- identical: every seed equal. Else fewer than `minSeeds` pairs: inconclusive.
- Otherwise the check is tested; checks of one metric with equal worsenings are one test. s2 the sample
  variance of the worsenings, s02 the median of s2 over the tests of the metric, v = max(s2, (4 s02 + (n-1) s2) / (4 + n-1)), standard error
  sqrt(v / n), n-1 + 4 min(1, m / s2)^2 degrees of freedom with m the moderated variance; Holm over all tests of the gate.
- mean > tolerance: regression if the adjusted p <= alpha, else inconclusive. mean < -tolerance and the
  p of the other tail, adjusted likewise among its like, <= alpha: improved. Else pass. The interval is
  that of new - old.
- smallest visible: max(tolerance, t quantile of alpha / k times the standard error), k the number
  of tests; an identical check counts as one more, with s2 = 0. alpha / 2 where two-sided.
- more seeds: the smallest m for which the same mean and s2 over n + m seeds have p <= alpha / k.
- claims: mean and the end of its one-sided t interval over the seeds; mean beyond the bound: broken;
  fewer than 3 seeds or the end beyond it: inconclusive. worst: the cell with the hardest verdict,
  then with the interval's end furthest to the wrong side. mean: of the cells, seed by seed.
"""

import numpy as np
from scipy import stats

from fixture import write

D0 = 4


def holm(values):
    """Multiply the smallest by m, the next by m - 1, and so on; never below an earlier one."""
    values = np.asarray(values, float)
    adjusted = np.empty(len(values))
    floor = 0.0
    for rank, index in enumerate(np.argsort(values, kind="stable")):
        floor = max(floor, min(1.0, (len(values) - rank) * values[index]))
        adjusted[index] = floor
    return adjusted


def holm_cases():
    generator = np.random.default_rng(1)
    lists = [[], [0.03], [0.01, 0.04, 0.03, 0.005], [0.2, 0.2, 0.2], [0, 0.5, 1], [0.6, 0.7]]
    lists += [np.round(generator.uniform(0, 1, n) ** 3, 6).tolist() for n in (7, 20, 60)]
    return [{"values": values, "adjusted": holm(values)} for values in lists]


class Check:
    """One gated metric of one cell."""

    def __init__(self, cell, metric, policy, before, after):
        self.cell, self.metric, self.policy = cell, metric, policy
        pairs = [(o, n) for o, n in zip(before, after) if o is not None and n is not None]
        old, new = (np.array(side) for side in zip(*pairs))
        self.n = len(pairs)
        self.baseline, self.current = old.mean(), new.mean()
        self.better = policy["better"]
        self.tolerance = max(policy["abs"], policy.get("rel", 0) * abs(self.baseline))
        self.same = bool(np.all(old == new))
        change = new - old
        self.sign = {"lower": 1, "higher": -1}.get(self.better) or (1 if change.sum() >= 0 else -1)
        self.d = self.sign * change
        self.mean = 0.0 if self.same else self.d.mean()
        self.s2 = 0.0 if self.same else self.d.var(ddof=1) if self.n > 1 else 0.0
        self.sides = 2 if self.better == "none" else 1
        self.verdict = "identical" if self.same else None
        self.low = self.high = self.p = self.visible = self.more = None

    def error(self, prior, n=None):
        n = n or self.n
        moderated = (D0 * prior + (n - 1) * self.s2) / (D0 + n - 1)
        weight = min(1.0, moderated / self.s2) ** 2 if self.s2 > 0 else 1.0
        return np.sqrt(max(self.s2, moderated) / n), n - 1 + D0 * weight

    def raw_p(self, prior, n=None):
        error, df = self.error(prior, n)
        if error == 0:
            return 0.0 if self.mean > 0 else 1.0
        return min(1.0, self.sides * stats.t.sf(self.mean / error, df))

    def raw_better_p(self, prior):
        error, df = self.error(prior)
        if error == 0:
            return 0.0 if self.mean < 0 else 1.0
        return stats.t.cdf(self.mean / error, df)

    @property
    def fact(self):
        """What makes two checks one test."""
        return self.metric, tuple(self.d), self.sides

    def row(self):
        return [
            self.cell, self.metric, self.verdict, self.n, self.baseline, self.current, self.mean,
            self.low, self.high, self.tolerance, self.p, self.visible, self.more,
        ]


def judge(checks, alpha, min_seeds):
    tested = [c for c in checks if not c.same and c.n >= min_seeds]
    facts = {c.fact: c for c in reversed(tested)}
    priors = {
        m: np.median([c.s2 for c in facts.values() if c.metric == m])
        for m in {c.metric for c in tested}
    }
    k = len(facts)
    worse = holm([c.raw_p(priors[c.metric]) for c in facts.values()])
    better = holm([c.raw_better_p(priors[c.metric]) for c in facts.values()])
    adjusted = {fact: ends for fact, ends in zip(facts, zip(worse, better))}
    for c in checks:
        if c.same:
            if c.n >= min_seeds:
                error, df = c.error(priors.get(c.metric, 0.0))
                level = alpha / (k + 1) / c.sides
                c.visible = max(c.tolerance, error * stats.t.isf(level, df))
        elif c.n < min_seeds:
            c.verdict = "inconclusive"
    for c in tested:
        p, better_p = adjusted[c.fact]
        prior = priors[c.metric]
        error, df = c.error(prior)
        half = error * stats.t.isf(0.025, df)
        c.low, c.high = sorted([c.sign * (c.mean - half), c.sign * (c.mean + half)])
        c.visible = max(c.tolerance, error * stats.t.isf(alpha / k / c.sides, df))
        if c.mean > c.tolerance:
            c.p = p
            c.verdict = "regression" if p <= alpha else "inconclusive"
            if p > alpha:
                wanted = (m for m in range(1, 1001) if c.raw_p(prior, c.n + m) <= alpha / k)
                c.more = next(wanted, 1001)
        else:
            c.verdict = "improved" if c.mean < -c.tolerance and better_p <= alpha else "pass"
            c.p = better_p if c.verdict == "improved" else None


METRICS = {"accuracy": "higher", "asr": "lower", "norm": "none"}


def gate_case(number):
    generator = np.random.default_rng([7, number])
    alpha = [0.05, 0.05, 0.01, 0.2][number % 4]
    min_seeds = [3, 3, 2, 4][number // 4 % 4]
    policies = {}
    for metric, better in METRICS.items():
        policies[metric] = {"better": better, "abs": [0.0, 0.01, 0.02][generator.integers(3)]}
        if generator.random() < 0.3:
            policies[metric]["rel"] = 0.05
    overrides = []
    if number % 3 == 0:
        overrides.append({"defense": "d1", "metrics": {"accuracy": {"abs": 0.2}}})
        overrides.append({"defense": "*", "attack": "a0", "metrics": {"asr": {"gate": False}}})
    if number % 6 == 0:
        overrides.append({"defense": "d1", "metrics": {"accuracy": {"rel": 0.1, "abs": 0.001}}})
    cells, checks = [], []
    names = [(a, d) for a in ("a0", "a1") for d in ("d0", "d1", "d2")][: 3 + number % 4]
    for attack, defense in names:
        n = int(generator.integers(3, 8))
        seeds = sorted(generator.choice(np.arange(1, 12), n, replace=False).tolist())
        kept = seeds if generator.random() < 0.7 else seeds[: max(2, n - 1)]
        twin = next((c for c in cells if number % 2 and c["defense"] == defense), None)
        if twin:
            seeds, kept, n = twin["seeds"], twin["nowSeeds"], len(twin["seeds"])
        spread = [0.002, 0.01, 0.06][generator.integers(3)]
        before, after = {}, {}
        for metric in METRICS:
            old = np.round(generator.uniform(0.2, 0.9) + 0.05 * generator.standard_normal(n), 4)
            kind = generator.integers(5)
            shift = [0, 0, 0.03, -0.03, 0.1][kind]
            new = old if kind == 0 else np.round(
                old + shift + spread * generator.standard_normal(n), 4)
            old, new = old.tolist(), new.tolist()
            if n > 4 and generator.random() < 0.2:
                old[1] = new[1] = None
            if twin and metric != "asr":
                # What depends on the defense alone is the same under every attack.
                old, new = twin["before"][metric], twin["after"][metric]
            before[metric], after[metric] = old, new[: len(kept)]
            policy = dict(policies[metric], gate=True)
            for override in overrides:
                if override["defense"] in ("*", defense) and override.get("attack", attack) == attack:
                    policy.update(override["metrics"].get(metric, {}))
            if policy["gate"]:
                checks.append(
                    Check(f"{attack}/{defense}", metric, policy, old[: len(kept)], after[metric]))
        cells.append({
            "attack": attack, "defense": defense, "seeds": seeds, "before": before,
            "nowSeeds": kept, "after": after})
    judge(checks, alpha, min_seeds)
    rows = [c.row() for c in sorted(checks, key=lambda c: (c.cell, c.metric))]
    return {
        "alpha": alpha, "minSeeds": min_seeds, "metrics": policies, "overrides": overrides,
        "cells": cells, "expected": [[rounded(v) for v in row] for row in rows]}


def rounded(value):
    """Twelve significant digits, enough for the comparison and half the size."""
    if not isinstance(value, (float, np.floating)):
        return value
    return float(f"{value:.12g}")


def one_claim(values, relation, bound, confidence):
    sign = 1 if relation == "<=" else -1
    mean = np.mean(values)
    if sign * mean > sign * bound:
        return ["broken", mean, None]
    if len(values) < 3:
        return ["inconclusive", mean, None]
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    end = mean + sign * error * stats.t.ppf(confidence, len(values) - 1)
    return ["holds" if sign * end <= sign * bound else "inconclusive", mean, end]


def claim_case(number):
    generator = np.random.default_rng([11, number])
    n, count = int(generator.integers(2, 8)), int(generator.integers(1, 5))
    cells = {
        f"a{i}/d": np.round(
            generator.uniform(0.05, 0.2) + 0.02 * generator.standard_normal(n), 4).tolist()
        for i in range(count)}
    relation = ["<=", ">="][number % 2]
    bound = round(float(generator.uniform(0.05, 0.3)), 3)
    confidence = [0.95, 0.9, 0.99, 0.8][number // 2 % 4]
    each = [[name] + one_claim(v, relation, bound, confidence) for name, v in cells.items()]
    sign = 1 if relation == "<=" else -1

    def badness(row):
        hardness = {"holds": 0, "inconclusive": 1, "broken": 2}[row[1]]
        return (hardness, sign * (row[2] if row[3] is None else row[3]))

    top = max(each, key=badness)
    averages = np.mean(list(cells.values()), axis=0)
    mean = one_claim(averages, relation, bound, confidence)
    return {
        "relation": relation, "bound": bound, "confidence": confidence, "cells": cells,
        "everyCell": [[rounded(v) for v in row] for row in each],
        "worst": [rounded(v) for v in [f"worst of {count}: {top[0]}"] + top[1:]],
        "mean": [rounded(v) for v in [f"mean of {count}"] + mean]}


def main():
    write("GatingTests/Fixtures/holm.json", holm_cases())
    write("GatingTests/Fixtures/gates.json", [gate_case(number) for number in range(36)])
    write("GatingTests/Fixtures/claims.json", [claim_case(number) for number in range(40)])


if __name__ == "__main__":
    main()
