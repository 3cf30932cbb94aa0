"""IPM and its line search in float64 -> Tests/AttacksTests/Fixtures/crafted.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_crafted.py`.

Papers: IPM, Xie, Koyejo, Gupta, "Fall of empires", UAI 2019; its line search, Allouah et al.
"Fixing by mixing", AISTATS 2023. Rows are updates (local - global); mu is the plain mean of the
h honest rows, without weights.

Conventions
- ipm: every attacker sends -epsilon mu.
- opt-ipm: every attacker sends -tau mu, where tau maximises
  J(tau) = ||Agg(honest rows, then f times -tau mu) - mu|| over -100 <= tau <= 100, tau = 0
  included. The range is part of the definition: under the mean J = (f/n) |1 + tau| ||mu|| grows
  without end, and its best is tau = 100. Where J is the same for all tau (mu = 0), tau = 0.
- Aggregators as in rules.py with f = the number of attackers: mean, median, trimmed-mean (f at each
  end), krum and multi-krum (n - f - 2 neighbors, squared distances, m = n - f, ties to the lowest
  row; honest rows come first, so an honest row wins a tie).

`best` is the largest J found by 40,001 equal steps, 2,000 geometric ones around 0, and six zooms by
a factor of 100 around the ten best of their neighborhoods; `tau` where it is, on a plateau the one
nearest to 0; `unsearched` J(0), `oneSided` the largest for tau >= 0, on the grid alone where `tau`
is negative. Under the Krum family J jumps, and its supremum often is at a
jump: a search should reach 0.999 of `best` and cannot reach it exactly. `plateau` says whether J is
the same (to 1e-9) a hundredth further from 0 than `tau`. `samples` are pairs [tau, J], none of
them within 1e-6 of a change of the selected rows.
"""

import numpy as np

from fixture import exact, normal, write

RANGE = 100.0
SEARCHES = []


def ipm():
    cases = []

    def add(name, honest, epsilon, attackers=1):
        honest = np.array(honest, dtype=np.float64)
        assert np.array_equal(honest, exact(honest))
        cases.append(
            {
                "name": name,
                "attack": "ipm",
                "arguments": {"epsilon": epsilon},
                "attackers": attackers,
                "honest": honest,
                "expected": -epsilon * honest.mean(axis=0),
            }
        )
        return cases[-1]["expected"]

    three = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert add("known answer", three, 2.0).tolist() == [-8, -10, -12]
    add("negative mean", three, 1.0, 2)
    for epsilon in [0.0, 0.1, 0.5, 100.0]:
        add(f"normal 7x5, epsilon {epsilon}", normal(800, 7, 5, shift=0.25), epsilon, 2)
    add("one honest row", normal(801, 1, 5), 0.5, 3)
    add("mean of zero", [[1, -2], [-1, 2]], 0.5)
    large = normal(802, 4, 5)
    large[2] = exact(1e30 * large[2])
    add("a row of 1e30", large, 0.1)
    return cases


def aggregate(rule, honest, f, row):
    """The aggregate, and how far the selection is from another one (relative, infinite if none)."""
    x = np.concatenate([honest, np.tile(row, (f, 1))])
    n = len(x)
    if rule == "mean":
        return x.mean(axis=0), np.inf
    if rule == "median":
        return np.median(x, axis=0), np.inf
    if rule == "trimmed-mean":
        assert n > 2 * f
        return np.sort(x, axis=0)[f : n - f].mean(axis=0), np.inf
    assert n >= 2 * f + 3
    squared = np.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=2)
    np.fill_diagonal(squared, np.inf)
    scores = np.sort(squared, axis=1)[:, : n - f - 2].sum(axis=1)
    # One score for the equal rows of the attackers, whatever the order of summation.
    scores[len(honest) :] = scores[len(honest)]
    order = sorted(range(n), key=lambda i: (scores[i], i))
    m = 1 if rule == "krum" else n - f
    inside, outside = order[m - 1], order[m]
    gap = abs(scores[outside] - scores[inside]) / max(scores[outside], 1e-300)
    both = inside >= len(honest) and outside >= len(honest)
    return x[sorted(order[:m])].mean(axis=0), np.inf if both else gap


def negative_mean(honest, tau):
    return -tau * honest.mean(axis=0)


def search(name, honest, f, rules, attack="opt-ipm", row=negative_mean, steps=40001, to=SEARCHES):
    honest = np.array(honest, dtype=np.float64)
    assert np.array_equal(honest, exact(honest))
    mean = honest.mean(axis=0)
    for rule in rules:

        def value(tau):
            return float(np.linalg.norm(aggregate(rule, honest, f, row(honest, tau))[0] - mean))

        small = np.concatenate([[0.0], np.geomspace(1e-4, 1, steps // 40)])
        taus = np.unique(np.concatenate([np.linspace(-RANGE, RANGE, steps), small, -small]))
        values = np.array([value(t) for t in taus])
        peaks = [
            i
            for i in range(len(taus))
            if values[i] >= max(values[max(0, i - 1)], values[min(len(taus) - 1, i + 1)])
        ]
        best, at = max((value(0.0), 0.0), (-1.0, 0.0))
        seen = set()
        for i in sorted(peaks, key=lambda i: -values[i]):
            if round(float(values[i]), 9) in seen:
                continue
            seen.add(round(float(values[i]), 9))
            center, width, top = taus[i], 2 * RANGE / (steps - 1), float(values[i])
            for _ in range(6):
                near = np.clip(np.linspace(center - width, center + width, 201), -RANGE, RANGE)
                found = [value(t) for t in near]
                k = int(np.argmax(found))
                if found[k] > top:
                    center, top = float(near[k]), found[k]
                width /= 100
            if top > best * (1 + 1e-12):
                best, at = top, float(center)
            if len(seen) == 10:
                break
        level = taus[values >= best * (1 - 1e-12)]
        if len(level) > 0 and np.min(np.abs(level)) < abs(at):
            at = float(level[np.argmin(np.abs(level))])
        beyond = at + 0.01 if at >= 0 else at - 0.01
        samples = []
        for tau in [-100, -30, -10, -3, -1, -0.5, 0, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 100]:
            if aggregate(rule, honest, f, row(honest, tau))[1] > 1e-6:
                samples.append([float(tau), value(tau)])
        case = {
            "name": f"{name}, {rule}",
            "attack": attack,
            "rule": rule,
            "range": RANGE,
            "attackers": f,
            "honest": honest,
            "expected": {
                "best": best,
                "tau": at,
                "unsearched": value(0.0),
                "oneSided": max(float(values[taus >= 0].max()), best if at >= 0 else 0.0),
                "plateau": abs(at) < RANGE and abs(value(beyond) - best) <= 1e-9 * best,
                "samples": samples,
            },
        }
        if rule == "mean" and np.any(mean) and attack == "opt-ipm":
            limit = f / (len(honest) + f) * (1 + RANGE) * np.linalg.norm(mean)
            assert at == RANGE and np.isclose(best, limit, rtol=1e-12)
        e = case["expected"]
        print(f"{case['name']:40s} tau {at:10.5f} best {best:10.5f}, {len(samples)} samples")
        to.append(case)


def main():
    every = ["mean", "median", "trimmed-mean", "krum", "multi-krum"]
    search("normal 5+2 x5", normal(810, 5, 5, shift=0.5), 2, every)
    search("normal 8+2 x8", normal(811, 8, 8, shift=0.25), 2, every)
    search("normal 9+3 x20", normal(812, 9, 20, shift=0.1), 3, every)
    search("normal 16+4 x10", normal(813, 16, 10, shift=1.0), 4, every)
    search("tight 8+2 x8", normal(814, 8, 8, scale=0.05, shift=0.5), 2, every)
    search("one column 6+3 x1", normal(815, 6, 1, shift=0.5), 3, every)
    three = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    search("three rows 3+1 x3", three, 1, every[:3])
    search("mean of zero 4+1 x2", [[1, -2], [-1, 2], [3, 1], [-3, -1]], 1, every)
    write(
        "AttacksTests/Fixtures/crafted.json",
        {"script": "Tests/Reference/attacks_crafted.py", "ipm": ipm(), "searches": SEARCHES},
    )


if __name__ == "__main__":
    main()
