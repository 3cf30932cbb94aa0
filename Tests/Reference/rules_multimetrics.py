"""Multi-metrics in float64 -> Tests/DefensesTests/Fixtures/multi-metrics.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_multimetrics.py`.

Paper: Huang, Li, Chen, Shi, Gao, "Multi-metrics adaptively identifies backdoors in federated
learning", ICCV 2023. Rows are client updates u (local - global), w is the global model.

Conventions
- `pairs` (the authors' code, of updates): the features of a row are the sums over all others of
  |u_i - u_j|_1, | |u_i| - |u_j| | and (1 - cos(u_i, u_j))^2; cos with a zero row is 0.
- `origin` (the paper): the sums over all others of the differences of |u|_1, |u|_2 and
  cos(w, w + u), which is 0 where a vector is zero or w unknown.
- score = sqrt(x' S^+ x), S the covariance of the features (n - 1 in the denominator), which are
  divided by their deviation before. S^+ leaves out eigenvalues up to 1e-10 of the largest, and
  features that do not vary; every case is far from that limit on either side.
- Kept: the max(1, floor(keep n)) rows of lowest score, ties to the lowest row; plain average.
"""

import math
from fractions import Fraction

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def cosine(a, b):
    a, b = np.longdouble(a), np.longdouble(b)
    na, nb = np.sqrt(np.sum(a * a)), np.sqrt(np.sum(b * b))
    return np.sum(a * b) / na / nb if na > 0 and nb > 0 else np.longdouble(0)


def features(x, kind, w):
    n = len(x)
    x = np.longdouble(x)
    one = np.sum(np.abs(x), axis=1)
    two = np.sqrt(np.sum(x * x, axis=1))
    if kind == "origin":
        cos = [cosine(w, w + row) if w is not None else np.longdouble(0) for row in x]
    result = np.zeros((n, 3), dtype=np.longdouble)
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            if kind == "pairs":
                gap = 1 - cosine(x[i], x[j])
                result[i] += [np.sum(np.abs(x[i] - x[j])), abs(two[i] - two[j]), gap * gap]
            else:
                result[i] += [abs(one[i] - one[j]), abs(two[i] - two[j]), abs(cos[i] - cos[j])]
    return result


def scores(x, kind, w):
    found = features(x, kind, w)
    n = len(x)
    if n == 1:
        return np.zeros(1), 0
    size = np.max(np.abs(found), axis=0)
    deviation = np.std(found, axis=0, ddof=1)
    varies = deviation > 1e-12 * size
    assert np.all(deviation[varies] > 1e-9 * size[varies])
    z = np.float64(found[:, varies] / deviation[varies])
    if z.shape[1] == 0:
        return np.zeros(n), 0
    covariance = np.atleast_2d(np.cov(z.T))
    values, vectors = np.linalg.eigh(covariance)
    kept = values > 1e-10 * values.max()
    assert np.all(values[kept] > 1e-8) and np.all(values[~kept] < 1e-13), values
    projections = z @ vectors[:, kept]
    return np.sqrt(np.sum(projections**2 / values[kept], axis=1)), int(kept.sum())


def add(name, x, keep=0.3, kind="pairs", w=None, matrix=None, announced=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    n = len(x)
    score, rank = scores(x, kind, w)
    count = max(1, math.floor(Fraction(repr(float(keep))) * n))
    order = sorted(range(n), key=lambda i: (score[i], i))
    if count < n and score[order[count]] != score[order[count - 1]]:
        assert score[order[count]] - score[order[count - 1]] > 1e-6, name
    selected = sorted(order[:count])
    update = np.zeros(x.shape[1])
    for i in selected:
        update += x[i] / count
    case = {
        "name": name,
        "rule": "multi-metrics",
        "arguments": {"keep": keep, "features": kind},
        "matrix": x if matrix is None else matrix,
        "expected": {
            "update": update,
            "weights": [1 / count if i in selected else 0.0 for i in range(n)],
            "suspicion": score,
            "selected": selected,
            "report": {"rank": rank},
        },
    }
    if w is not None:
        case["global"] = w
    if announced is not None:
        case["announced"] = announced
    CASES.append(case)
    return score, selected


def main():
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (23, 30, 5)]):
        x = normal(1900 + seed, n, d) + 0.7
        x[1 : 1 + f] = -3 * x[1 : 1 + f]
        x = exact(x)
        w = exact(2 * normal(1950 + seed, 1, d))[0]
        for keep in [0.3, 0.29, 1, 0.01]:
            add(f"flipped {n}x{d}", x, keep=keep)
            add(f"flipped {n}x{d}, origin", x, keep=keep, kind="origin", w=w)
        add(f"no model known {n}x{d}", x, kind="origin")
        add(f"a model of zeros {n}x{d}", x, kind="origin", w=np.zeros(d))
        # A small step from a large model: the cosines differ in their last digits alone.
        add(f"small step {n}x{d}", exact(2.0**-10 * x), kind="origin", w=w)
        add(f"fewer {n}x{d}", x[: n // 2 + 2], announced=n)
    edits = [[i, -2, 0] for i in range(2, 13)]
    x, json = formula(50, 1000, 7919, 104729, 2039, 300, 512, edits)
    add("formula, eleven flipped 50x1000", x, matrix=json)
    w = ((np.arange(1000) * 7919) % 2039 - 1000) / 512
    add("formula, eleven flipped 50x1000, origin", x, kind="origin", w=w, matrix=json)
    for kind in ["pairs", "origin"]:
        add("identical 5x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1)), kind=kind)
        add("zero 4x3", np.zeros((4, 3)), kind=kind)
        add("no columns 4x0", np.zeros((4, 0)), kind=kind)
        add("one row", [[1, -2, 3]], kind=kind)
        add("two rows", [[1, -2, 3], [0, 1, 0]], kind=kind, keep=0.5)
        # Three rows have two differences.
        add("three rows", [[1, -2, 3], [0, 1, 0], [2, 2, 0]], kind=kind, keep=0.4)
        # In one dimension, all of one sign, two of the metrics are the same and one says nothing.
        add("a line", [[1], [2], [4], [8], [8.5]], kind=kind, keep=0.4)
        add("a zero row", [[1, 2], [0, 0], [2, -1], [3, 3], [1, 1], [-1, 2]], kind=kind, keep=0.5)
        far = exact(normal(1990, 9, 5) + 0.7)
        far[2] = exact([3e38, -3e38, 3e38, 1, 1])
        add("one row of 3e38", far, kind=kind, keep=0.6)
        add("scale 1e-25", exact(1e-25 * (normal(1991, 9, 20) + 0.3)), kind=kind)
    for case in CASES:
        print(case["name"], case["expected"]["report"], case["expected"]["selected"][:8])
    write(
        "DefensesTests/Fixtures/multi-metrics.json",
        {"script": "Tests/Reference/rules_multimetrics.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
