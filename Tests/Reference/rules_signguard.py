"""SignGuard in float64 -> Tests/DefensesTests/Fixtures/sign-guard.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_signguard.py`.

Paper: Xu, Huang, Song, Lan, "Byzantine-robust federated learning through collaborative malicious
gradient filtering", ICDCS 2022. Rows are client updates (local - global).

Conventions
- M = the median of all norms. S1: lower M <= norm <= upper M.
- max(1, floor(fraction d)) coordinates drawn without replacement from the stream of the round
  (`seeds.py`: root seed 3, round 0); the features of a row are its shares of positive, zero and
  negative values there. S2 is the largest cluster; of equally large ones that of the lowest row.
- mean-shift: `mean_shift.py` with the quantile 0.5. k-means: the split in two of least inertia,
  found here by trying all of them; all rows together where the features are equal.
- update: the average of x min(1, M / norm) over S1 and S2; zero where there is no such row.
- `weights` min(1, M / norm) / |S1 and S2|; `suspicion` the distance of the features from the average
  ones of S2, 2 more outside S1.

No norm is within 1e-9 of a bound unless it equals M.
"""

import itertools
import math
from fractions import Fraction

import numpy as np

from fixture import exact, formula, normal, write
from mean_shift import bandwidth, mean_shift
from seeds import stream

CASES = []


def two_means(points):
    n = len(points)
    if all(np.array_equal(p, points[0]) for p in points):
        return [0] * n
    best = None
    for bits in itertools.product([0, 1], repeat=n - 1):
        labels = np.array([0, *bits])
        if labels.sum() == 0:
            continue
        inertia = sum(
            np.sum((points[labels == k] - points[labels == k].mean(axis=0)) ** 2) for k in (0, 1)
        )
        if best is None or inertia < best[0] - 1e-12:
            best = (inertia, labels.tolist())
    return best[1]


def sign_guard(x, lower, upper, fraction, cluster):
    n, d = x.shape
    norms = np.sqrt(np.sum(x * x, axis=1))
    middle = float(np.median(norms))
    usual = [bool(lower * middle <= v <= upper * middle) for v in norms]
    for v in norms:
        for bound in (lower * middle, upper * middle):
            assert v == middle or abs(v - bound) > 1e-9 * bound
    features = np.zeros((n, 3))
    if d > 0:
        count = max(1, math.floor(Fraction(str(fraction)) * d))
        part = x[:, sorted(stream(3, [0]).sample(count, d))]
        for k, sign in enumerate([1, 0, -1]):
            features[:, k] = np.sum(np.sign(part) == sign, axis=1) / count
    if cluster == "k-means":
        labels = two_means(features)
    else:
        _, labels = mean_shift(features, bandwidth(features, 0.5))
    sizes = {k: labels.count(k) for k in labels}
    winner = next(k for k in labels if sizes[k] == max(sizes.values()))
    second = [i for i in range(n) if labels[i] == winner]
    kept = [i for i in second if usual[i]]
    factors = np.array([min(1.0, middle / v) if v > 0 else 1.0 for v in norms])
    weights = np.array([factors[i] / len(kept) if i in kept else 0.0 for i in range(n)])
    update = np.zeros(d)
    for i in kept:
        update += x[i] * factors[i] / len(kept)
    gaps = np.sqrt(np.sum((features - features[second].mean(axis=0)) ** 2, axis=1))
    return {
        "update": update,
        "weights": weights,
        "suspicion": gaps + np.where(usual, 0, 2),
        "rejected": [i for i in range(n) if i not in kept],
        "report": {"accepted": len(kept), "bound": middle, "clusters": len(sizes)},
    }


def add(name, x, matrix=None, **given):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    arguments = {"lower": 0.1, "upper": 3, "fraction": 0.1, "cluster": "mean-shift", **given}
    expected = sign_guard(x, **arguments)
    CASES.append(
        {
            "name": f"{name} sign-guard:{given}",
            "rule": "sign-guard",
            "arguments": given,
            "matrix": x if matrix is None else matrix,
            "expected": expected,
        }
    )
    return expected


def main():
    for seed, (n, d) in enumerate([(7, 5), (9, 50)]):
        x = exact(normal(1200 + seed, n, d) + 0.3)
        for fraction in [0.1, 0.29, 1]:
            add(f"normal {n}x{d}", x, fraction=fraction)
        y = x.copy()
        y[1] = -4 * x[1]
        y[3] = -x[3]
        y[4] = 0.01 * x[4]
        y = exact(y)
        add(f"flipped and scaled {n}x{d}", y, fraction=0.5)
        add(f"flipped and scaled {n}x{d}", y, lower=0, upper=100, fraction=0.5)
        add(f"flipped and scaled {n}x{d}", y, fraction=0.5, cluster="k-means")
    form = (23, 100, 7919, 104729, 2039, 819, 512)
    x, json = formula(*form, [[1, -4, 0], [3, -1, 0], [4, 0.015625, 0]])
    for fraction in [0.1, 0.29, 1]:
        add("formula 23x100", x, matrix=json, fraction=fraction)
    x, json = formula(50, 1000, 7919, 104729, 2039, 819, 512, [[i, -2, 0] for i in range(2, 13)])
    add("formula, eleven flipped 50x1000", x, matrix=json)
    apart = [[8] * 6, [-8] * 6, [8, 8, 8, -8, -8, -8], [2**-7, 0, 0, 0, 0, 0]]
    got = add("nobody passes both", [*apart, apart[3]], fraction=1)
    assert got["rejected"] == [0, 1, 2, 3, 4] and not np.any(got["update"])
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1))
    for cluster in ["mean-shift", "k-means"]:
        add("identical 5x4", same, cluster=cluster)
        add("zero 4x3", np.zeros((4, 3)), cluster=cluster)
        add("no columns 4x0", np.zeros((4, 0)), cluster=cluster)
        add("one row", [[1, -2, 3]], cluster=cluster)
        add("most rows zero", [[0, 0], [0, 0], [0, 0], [1, 2], [2, 1]], cluster=cluster, fraction=1)
    far = exact(normal(1220, 9, 20) + 0.3)
    far[2] = exact([3e38] * 20)
    add("one row of 3e38", far, fraction=1)
    add("scale 1e-25", exact(1e-25 * (normal(1221, 9, 20) + 0.3)), fraction=1)
    for case in CASES:
        print(case["name"], case["expected"]["report"], case["expected"]["rejected"][:5])
    write(
        "DefensesTests/Fixtures/sign-guard.json",
        {"script": "Tests/Reference/rules_signguard.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
