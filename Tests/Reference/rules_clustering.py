"""Clustering by direction in float64 -> Tests/DefensesTests/Fixtures/clustering.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_clustering.py`.

Papers: Sattler, Müller, Wiegand, Samek, "On the Byzantine robustness of clustered federated learning",
ICASSP 2020; Sattler, Müller, Samek, "Clustered federated learning", TNNLS 2021. Rows are client
updates (local - global).

Conventions
- cos(x, y) is 0 where one of them is zero.
- single: the bipartition with the least largest cosine across. All of them are tried up to 12 rows;
  beyond, pairs are joined from the largest cosine down until two groups are left, each cosine apart
  from the next. complete: `agglomeration.py` on 1 - cos.
- separation = sqrt((1 - largest cosine across) / 2), 0 of one row. The split counts if it exceeds
  gamma, |mean x| < mean-norm and max |x| > max-norm; all rows are kept otherwise.
- The larger cluster is kept, of equally large ones that of row 0; plain average.
- suspicion: the mean of 1 - cos to the other kept rows, 0 without any.
"""

import itertools

import numpy as np

from agglomeration import agglomerate
from fixture import exact, formula, normal, write

CASES = []


def gaps(x):
    """1 - cos, from differences of unit vectors."""
    n = len(x)
    x = np.longdouble(x)
    norms = np.sqrt(np.sum(x * x, axis=1))
    result = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            if norms[i] == 0 or norms[j] == 0:
                result[i, j] = 1
            else:
                result[i, j] = np.sum((x[i] / norms[i] - x[j] / norms[j]) ** 2) / 2
    return result


def across(gap, labels):
    a = np.array(labels) == 0
    return gap[np.ix_(a, ~a)].min() if a.any() and (~a).any() else 0.0


def bipartition(gap):
    n = len(gap)
    if n == 1:
        return [0]
    if n <= 12:
        found = []
        for bits in itertools.product([0, 1], repeat=n - 1):
            if any(bits):
                labels = [0, *bits]
                found.append((across(gap, labels), labels))
        best = max(value for value, _ in found)
        labels = [l for value, l in found if value >= best * (1 - 1e-9)]
        assert len(labels) == 1, "several best bipartitions"
        return labels[0]
    groups = [{i} for i in range(n)]
    pairs = sorted((gap[i, j], i, j) for i in range(n) for j in range(i))
    for value, i, j in pairs:
        if len(groups) == 2:
            break
        a = next(g for g in groups if i in g)
        b = next(g for g in groups if j in g)
        if a is not b:
            groups.remove(b)
            a |= b
    return [0 if (i in groups[0]) == (0 in groups[0]) else 1 for i in range(n)]


def add(name, x, linkage="single", gamma=0.0, mean_norm="any", max_norm=0, matrix=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    n = len(x)
    gap = gaps(x)
    labels = bipartition(gap) if linkage == "single" else agglomerate(gap, 2, "complete")
    separation = float(np.sqrt(across(gap, labels) / 2))
    assert separation == 0 or separation > 1e-5
    norms = np.sqrt(np.sum(x * x, axis=1))
    mean = np.sqrt(np.sum(np.mean(x, axis=0) ** 2))
    kept = list(range(n))
    is_due = mean_norm == "any" or mean < mean_norm
    if separation > gamma and is_due and max(norms) > max_norm:
        winner = 0 if 2 * labels.count(0) >= n else 1
        kept = [i for i in range(n) if labels[i] == winner]
    others = [[j for j in kept if j != i] for i in range(n)]
    update = np.zeros(x.shape[1])
    for i in kept:
        update += x[i] / len(kept)
    expected = {
        "update": update,
        "weights": [1 / len(kept) if i in kept else 0.0 for i in range(n)],
        "suspicion": [np.mean(gap[i, o]) if o else 0.0 for i, o in enumerate(others)],
        "rejected": [i for i in range(n) if i not in kept],
        "report": {"accepted": len(kept), "separation": separation},
    }
    CASES.append(
        {
            "name": name,
            "rule": "clustering",
            "arguments": {
                "linkage": linkage, "gamma": gamma, "mean-norm": mean_norm, "max-norm": max_norm,
            },
            "matrix": x if matrix is None else matrix,
            "expected": expected,
        }
    )
    return expected


def main():
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (23, 30, 5)]):
        x = normal(2100 + seed, n, d) + 0.7
        x[1 : 1 + f] = -3 * x[1 : 1 + f]
        x = exact(x)
        found = add(f"flipped {n}x{d}", x)
        add(f"flipped {n}x{d}, complete", x, linkage="complete")
        edge = found["report"]["separation"]
        add(f"flipped {n}x{d}, just apart", x, gamma=edge - 1e-6)
        add(f"flipped {n}x{d}, not apart", x, gamma=edge + 1e-6)
        mean = float(np.sqrt(np.sum(np.mean(x, axis=0) ** 2)))
        longest = float(np.sqrt(np.max(np.sum(x * x, axis=1))))
        add(f"flipped {n}x{d}, short mean", x, mean_norm=mean * 1.001)
        add(f"flipped {n}x{d}, long mean", x, mean_norm=mean / 1.001)
        add(f"flipped {n}x{d}, a long row", x, max_norm=longest / 1.001)
        add(f"flipped {n}x{d}, no long row", x, max_norm=longest * 1.001)
    edits = [[i, -2, 0] for i in range(2, 13)]
    x, json = formula(50, 1000, 7919, 104729, 2039, 300, 512, edits)
    found = add("formula, eleven flipped 50x1000", x, matrix=json)
    assert found["rejected"] == list(range(2, 13))
    far = exact(normal(2140, 9, 5) + 0.7)
    far[2] = exact([3e38, -3e38, 3e38, 1, 1])
    far[5] = exact(1e-25 * far[5])
    add("lengths far apart", far)
    add("one row", [[1, -2, 3]])
    add("two rows", [[1, -2, 3], [0, 1, 0]])
    add("a zero row", [[0, 0], [1, 2], [2, 1], [1, 1.5]])
    # A chain of directions: single linkage leaves out the one at its end.
    angles = np.radians([0, 20, 40, 60, 80, 101])
    chain = exact(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    chain[1] *= 2
    other = add("chain", chain)
    assert other["rejected"] == [5]
    assert add("chain, complete", chain, linkage="complete")["rejected"] != [5]
    for case in CASES:
        print(case["name"], case["expected"]["report"], case["expected"]["rejected"][:8])
    write(
        "DefensesTests/Fixtures/clustering.json",
        {"script": "Tests/Reference/rules_clustering.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
