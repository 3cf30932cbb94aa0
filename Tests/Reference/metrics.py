"""Metrics in float64 -> Tests/MetricsTests/Fixtures/metrics.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1: `python3 Tests/Reference/metrics.py`. The parts are
in metrics_stealth.py and metrics_curves.py; here: rates, predictions, detection, influence.

Papers: attack success rate without the target class, Xie et al. "DBA" ICLR 2020; Wilson 1927.

Conventions. Where a value does not apply it is null.
- Wilson: two-sided 95 %, z = 1.959963984540054; 0 of n starts at exactly 0 and n of n ends at
  exactly 1 (scipy's values, checked here); n = 0 is null.
- predictions: `asr` = share of triggered samples whose true label is not the target and that are
  predicted as the target; `robustAccuracy` = share of the same samples predicted as their true
  label, so that both sum to at most 1; null when every label is the target. `asrSource` counts
  source-class samples only. `recall` is per class, null for a class without samples.
- detection, positive = malicious, counts pooled over the window rounds; a denominator of 0 gives
  null, f1 = 2 TP / (2 TP + FP + FN), 0 where only FP is above 0. `flagged` = declared by the
  rule, `excluded` = weight 0.
  `auc` = mean over the rounds in which both kinds take part of the AUROC of the suspicion scores
  (larger = more suspicious, ties count half).
- `weightShare`: per round (weight of malicious / weight of all) / (f / n); `perRound` lists it,
  null where only one kind takes part or all weights are 0; `mean` is the mean of those that are not
  null. `pooled` is an alternative, sum of weight shares / sum of head-count shares.
- influence.deviation: ||aggregate - mu_H|| / ||mu_H|| per round, null where mu_H is 0, nobody is
  honest or nobody malicious; the median over the others.
- influence.kappa: ||aggregate - mu_H||^2 / mean_i in H of ||x_i - mu_H||^2 per round, null where that
  mean is 0, nobody is honest or nobody malicious; the largest of the others. (f, kappa)-robustness,
  Allouah et al., AISTATS 2023, definition 2.
"""

import numpy as np
from scipy import stats

import metrics_curves
import metrics_stealth
from fixture import exact, normal, write
from metrics_stealth import auroc

Z = 1.959963984540054


def wilson(successes, n):
    if n == 0:
        return None
    p = successes / n
    center = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * np.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    low = 0.0 if successes == 0 else center - half
    high = 1.0 if successes == n else center + half
    check = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    assert abs(check.low - low) < 1e-12 and abs(check.high - high) < 1e-12
    return [low, high]


def wilson_cases():
    pairs = [(0, 0), (0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (5, 10), (36, 360), (171, 360)]
    pairs += [(999, 1000), (123456, 1000000)]
    return [{"successes": k, "samples": n, "expected": wilson(k, n)} for k, n in pairs]


def share(hits, among):
    return float(np.mean(hits[among])) if np.any(among) else None


def prediction_case(name, labels, clean, triggered, target, source, classes):
    labels, clean, triggered = map(np.asarray, (labels, clean, triggered))
    others = labels != target
    return {
        "name": name,
        "classes": classes,
        "target": target,
        "source": source,
        "labels": labels,
        "clean": clean,
        "triggered": triggered,
        "expected": {
            "accuracy": float(np.mean(clean == labels)),
            "recall": [share(clean == labels, labels == c) for c in range(classes)],
            "asr": share(triggered == target, others),
            "robustAccuracy": share(triggered == labels, others),
            "asrSource": share(triggered == target, labels == source),
        },
    }


def prediction_cases():
    cases = []
    for seed, (n, classes) in enumerate([(37, 3), (60, 10), (200, 10)]):
        generator = np.random.default_rng(400 + seed)
        labels = generator.integers(0, classes, n)
        clean = np.where(generator.random(n) < 0.7, labels, generator.integers(0, classes, n))
        hit = np.where(generator.random(n) < 0.6, 1, labels)
        hit = np.where(generator.random(n) < 0.2, generator.integers(0, classes, n), hit)
        cases.append(prediction_case(f"random {n}", labels, clean, hit, 1, 2, classes))
    cases.append(prediction_case("only target", [2] * 4, [2, 2, 0, 2], [2] * 4, 2, 0, 3))
    cases.append(prediction_case("no source", [0, 1, 1], [0, 1, 0], [1, 1, 0], 1, 2, 3))
    return cases


def counts(declared, malicious):
    declared, malicious = np.asarray(declared), np.asarray(malicious)
    return [
        int(np.sum(declared & malicious)),
        int(np.sum(declared & ~malicious)),
        int(np.sum(~declared & malicious)),
        int(np.sum(~declared & ~malicious)),
    ]


def rates(pooled):
    tp, fp, fn, tn = (int(value) for value in pooled)

    def ratio(top, bottom):
        return top / bottom if bottom else None

    return {
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "tn": tn,
        "tpr": ratio(tp, tp + fn),
        "fpr": ratio(fp, fp + tn),
        "precision": ratio(tp, tp + fp),
        "f1": ratio(2 * tp, 2 * tp + fp + fn),
    }


def weight_share(rounds):
    per_round, shares, heads = [], [], []
    for entry in rounds:
        malicious, weights = np.array(entry["malicious"]), np.array(entry["weights"])
        head, total = float(np.mean(malicious)), float(np.sum(weights))
        if head in (0, 1) or total == 0:
            per_round.append(None)
            continue
        shares.append(float(np.sum(weights[malicious])) / total)
        heads.append(head)
        per_round.append(shares[-1] / head)
    known = [value for value in per_round if value is not None]
    return {
        "perRound": per_round,
        "mean": float(np.mean(known)) if known else None,
        "pooled": sum(shares) / sum(heads) if heads else None,
    }


def detection_case(name, rounds):
    flagged = np.sum([counts(r["flagged"], r["malicious"]) for r in rounds], axis=0)
    excluded = np.sum(
        [counts(np.array(r["weights"]) == 0, r["malicious"]) for r in rounds], axis=0
    )
    areas = [auroc(r["suspicion"], r["malicious"]) for r in rounds]
    known = [area for area in areas if area is not None]
    return {
        "name": name,
        "rounds": rounds,
        "expected": {
            "flagged": rates(flagged),
            "excluded": rates(excluded),
            "aucPerRound": areas,
            "auc": float(np.mean(known)) if known else None,
            "weightShare": weight_share(rounds),
        },
    }


def detection_round(seed, n, f, flag_rate, drop):
    generator = np.random.default_rng(seed)
    malicious = np.zeros(n, dtype=bool)
    malicious[generator.permutation(n)[:f]] = True
    suspicion = np.round(generator.random(n) + 0.5 * malicious, 1)  # rounded: ties
    weights = (1 + generator.integers(0, 1024, n)) / 1024
    weights[np.argsort(-suspicion, kind="stable")[:drop]] = 0
    flagged = generator.random(n) < np.where(malicious, 1 - flag_rate, flag_rate)
    return {
        "malicious": malicious.tolist(),
        "flagged": flagged.tolist(),
        "suspicion": suspicion.tolist(),
        "weights": weights.tolist(),
    }


def detection_cases():
    mixed = [detection_round(410 + r, 8 + r, [3, 2, 0, 4][r], 0.25, 2) for r in range(4)]
    clean = [detection_round(420 + r, 6, 0, 0.3, 1) for r in range(2)]
    krum = detection_round(430, 9, 3, 0.0, 8)
    nobody = detection_round(431, 9, 3, 0.0, 0)
    nobody["flagged"] = [False] * 9
    nothing = detection_round(432, 9, 3, 0.3, 9)
    return [
        detection_case("mixed window", mixed),
        detection_case("nobody malicious", clean),
        detection_case("one survivor", [krum]),
        detection_case("nobody flagged, nobody excluded", [nobody]),
        detection_case("all weights zero", [nothing, mixed[0]]),
    ]


def influence_case(name, rounds):
    values, kappas = [], []
    for entry in rounds:
        honest = entry["rows"][~np.array(entry["malicious"])]
        mu = honest.mean(axis=0) if len(honest) else np.zeros(entry["rows"].shape[1])
        size = np.linalg.norm(mu)
        gap = np.linalg.norm(entry["aggregate"] - mu)
        values.append(float(gap / size) if size > 0 and any(entry["malicious"]) else None)
        spread = np.mean(np.sum((honest - mu) ** 2, axis=1)) if len(honest) else 0
        kappas.append(float(gap**2 / spread) if spread > 0 and any(entry["malicious"]) else None)
    known = [value for value in values if value is not None]
    return {
        "name": name,
        "rounds": rounds,
        "expected": {
            "perRound": values,
            "median": float(np.median(known)) if known else None,
            "kappas": kappas,
            "kappa": max((value for value in kappas if value is not None), default=None),
        },
    }


def influence_cases():
    def entry(seed, n, f, rows=None):
        x = normal(seed, n, 6, shift=0.3) if rows is None else rows
        malicious = [index < f for index in range(n)]
        return {"rows": x, "malicious": malicious, "aggregate": exact(x.mean(axis=0))}

    zero = entry(0, 5, 1, np.vstack([np.ones((1, 6)), np.zeros((4, 6))]))
    return [
        influence_case("odd window", [entry(440, 9, 2), entry(441, 8, 3), entry(442, 10, 1)]),
        influence_case("even window", [entry(443, 9, 2), entry(444, 8, 3)]),
        influence_case("honest mean zero", [zero, entry(445, 6, 2)]),
        influence_case("nothing known", [zero]),
    ]


def main():
    write(
        "MetricsTests/Fixtures/metrics.json",
        {
            **metrics_stealth.sections(),
            **metrics_curves.sections(),
            "wilson": wilson_cases(),
            "predictions": prediction_cases(),
            "detection": detection_cases(),
            "influence": influence_cases(),
        },
    )


if __name__ == "__main__":
    main()
