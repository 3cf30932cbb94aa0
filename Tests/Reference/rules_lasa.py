"""LASA in float64 -> Tests/DefensesTests/Fixtures/lasa.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_lasa.py`.

Paper: Xu, Zhang, Hu, "Achieving Byzantine-resilient federated learning via layer-adaptive sparsified
model aggregation", WACV 2025. Rows are client updates (local - global).

Conventions
- y = x min(1, M / norm), M = the median norm. s = y with only the max(1, floor((1 - sparsity) d))
  largest |y| of the whole row, of equal ones those of lower index; the others are 0.
- In each layer: a = norm of s there, r = (1 + sum of signs / number of values that are not 0) / 2, 1/2
  without any; `median_scores.py` for both; a row passes with scores of at most norm-bound and
  sign-bound; where none does, all do. The update is there the average of y over those that pass, of s
  with average = sparsified.
- `weights` the mean over coordinates of min(1, M / norm) / count; `suspicion` that of the larger score.
- `rejected` the rows that pass in no layer.
"""

import math
from fractions import Fraction

import numpy as np

from fixture import exact, formula, normal, write
from median_scores import apart, scores

CASES = []


def lasa(x, layers, sparsity, norm_bound, sign_bound, average):
    n, d = x.shape
    norms = np.sqrt(np.sum(x * x, axis=1))
    middle = float(np.median(norms))
    factors = np.array([min(1.0, middle / v) if v > 0 else 1.0 for v in norms])
    y = x * factors[:, None]
    keep = max(1, math.floor((1 - Fraction(str(sparsity))) * d))
    s = np.zeros_like(y)
    for i in range(n):
        # By the magnitudes of x, which shortening does not reorder.
        order = sorted(range(d), key=lambda j: (-abs(x[i, j]), j))[:keep]
        s[i, order] = y[i, order]
    source = s if average == "sparsified" else y
    ends = np.cumsum(layers).tolist() if layers else [d]
    assert ends[-1] == d
    update = np.zeros(d)
    weights, suspicion, passes = np.zeros(n), np.zeros(n), np.zeros(n, dtype=int)
    for start, end in zip([0, *ends[:-1]], ends):
        part = s[:, start:end]
        lengths = np.sqrt(np.sum(part * part, axis=1))
        signs = np.sign(part)
        number = np.sum(np.abs(signs), axis=1)
        purity = [(1 + a / b) / 2 if b > 0 else 0.5 for a, b in zip(signs.sum(axis=1), number)]
        first, second = scores(lengths), scores(purity)
        assert apart(first, norm_bound) and apart(second, sign_bound)
        slack = 1 + 1e-9
        kept = [
            i for i in range(n) if first[i] <= norm_bound * slack and second[i] <= sign_bound * slack
        ]
        kept = kept or list(range(n))
        update[start:end] = np.sum(source[kept, start:end], axis=0) / len(kept)
        fraction = (end - start) / d if d > 0 else 1.0
        for i in kept:
            weights[i] += fraction * factors[i] / len(kept)
            passes[i] += 1
        suspicion += fraction * np.maximum(first, second)
    return {
        "update": update,
        "weights": weights,
        "suspicion": suspicion,
        "rejected": [i for i in range(n) if passes[i] == 0],
        "report": {"accepted": int(passes.sum()) / len(ends), "bound": middle},
    }


def add(name, x, layers=(), matrix=None, **given):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    defaults = {"sparsity": 0.3, "norm-bound": 1, "sign-bound": 1, "average": "full"}
    arguments = {**defaults, **given}
    expected = lasa(x, list(layers), *arguments.values())
    CASES.append(
        {
            "name": f"{name} {given}",
            "arguments": given,
            "layers": list(layers),
            "matrix": x if matrix is None else matrix,
            "expected": expected,
        }
    )
    return expected


def main():
    for seed, (n, d, layers) in enumerate([(7, 5, [3, 2]), (8, 6, [6]), (12, 50, [30, 5, 12, 3])]):
        x = exact(normal(1800 + seed, n, d) + 0.3)
        add(f"normal {n}x{d}", x)
        add(f"normal {n}x{d}", x, layers)
        add(f"normal {n}x{d}", x, layers, average="sparsified")
        add(f"normal {n}x{d}", x, layers, **{"norm-bound": 2, "sparsity": 0})
        add(f"normal {n}x{d}", x, layers, **{"norm-bound": 0.001, "sign-bound": 1.5, "sparsity": 0.9})
        y = x.copy()
        y[1] = -4 * x[1]
        y[3] = -x[3]
        y[4] = 0.25 * x[4]
        add(f"flipped and scaled {n}x{d}", exact(y), layers, **{"norm-bound": 2, "sign-bound": 2})
    flipped = [[i, -2, 0] for i in range(2, 13)]
    x, json = formula(50, 1000, 7919, 104729, 2039, 619, 512, flipped)
    add("formula, eleven flipped 50x1000", x, [700, 20, 270, 10], json)
    add("formula, eleven flipped 50x1000", x, [], json, **{"sparsity": 0.9, "norm-bound": 2})
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1))
    add("identical 5x4", same, [1, 2, 1])
    add("zero 4x3", np.zeros((4, 3)))
    add("no columns 4x0", np.zeros((4, 0)))
    add("one row", [[1, -2, 3]], [2, 1])
    add("two rows", [[1, -2, 3], [4, 1, 0]], [2, 1])
    add("everything but one left out", exact(normal(1830, 6, 4)), [2, 2], sparsity=1)
    add("most rows zero", [[0, 0], [0, 0], [0, 0], [1, 2], [2, 1]])
    add("ties of magnitude", [[2, -2, 2, 2], [2, 2, 2, 2], [-2, 2, -2, -2]], sparsity=0.5)
    far = exact(normal(1831, 9, 20) + 0.3)
    far[2] = exact([3e38] * 20)
    add("one row of 3e38", far, [15, 5])
    add("scale 1e-25", exact(1e-25 * (normal(1832, 9, 20) + 0.3)), [15, 5])
    for case in CASES:
        print(case["name"], case["expected"]["report"], case["expected"]["rejected"][:9])
    write(
        "DefensesTests/Fixtures/lasa.json",
        {"script": "Tests/Reference/rules_lasa.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
