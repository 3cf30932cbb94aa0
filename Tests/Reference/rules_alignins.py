"""AlignIns in float64 -> Tests/DefensesTests/Fixtures/align-ins.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_alignins.py`.

Paper: Xu, Zhang, Hu, "Detecting backdoor attacks in federated learning via direction alignment
inspection", CVPR 2025. Rows are client updates (local - global).

Conventions
- w_i = cosine of row and global model, 0 with a zero vector or without a model.
- p = sign of the sum of the signs. r_i = the share of the k = max(1, floor(sparsity d)) largest |x|
  of the row, of equal ones those of lower index, whose sign is that of p, where 0 equals 0.
- `median_scores.py` for both; a row passes with both scores at most lambda-c and lambda-s.
- c = the median norm of those that pass, the mean of both middle ones; the update is the average of
  x min(1, c / norm) over them, zero where there is none.
- `weights` min(1, c / norm) / count; `suspicion` the larger score.
"""

import math
from fractions import Fraction

import numpy as np

from fixture import exact, formula, normal, write
from median_scores import apart, scores

CASES = []


def align_ins(x, model, lambda_c, lambda_s, sparsity, deviation):
    n, d = x.shape
    norms = np.sqrt(np.sum(x * x, axis=1))
    length = math.sqrt(float(np.sum(model * model)))
    cosines = [
        float(row @ model) / norm / length if len(model) and norm > 0 and length > 0 else 0.0
        for row, norm in zip(x, norms)
    ]
    shares = [1.0] * n
    if d > 0:
        k = max(1, math.floor(Fraction(str(sparsity)) * d))
        principal = np.sign(np.sum(np.sign(x), axis=0))
        shares = []
        for row in x:
            order = sorted(range(d), key=lambda j: (-abs(row[j]), j))[:k]
            shares.append(sum(np.sign(row[j]) == principal[j] for j in order) / k)
    first, second = scores(cosines, deviation), scores(shares, deviation)
    # The cosines of equal rows differ by rounding here.
    assert apart(first, lambda_c) and apart(second, lambda_s)
    slack = 1 + 1e-9
    kept = [i for i in range(n) if first[i] <= lambda_c * slack and second[i] <= lambda_s * slack]
    bound = float(np.median(norms[kept])) if kept else 0.0
    factors = [min(1.0, bound / v) if v > 0 else 1.0 for v in norms]
    update = np.zeros(d)
    for i in kept:
        update += x[i] * factors[i] / len(kept)
    return {
        "update": update,
        "weights": [factors[i] / len(kept) if i in kept else 0.0 for i in range(n)],
        "suspicion": np.maximum(first, second),
        "rejected": [i for i in range(n) if i not in kept],
        "report": {"accepted": len(kept), "bound": bound},
    }


def add(name, x, model=(), matrix=None, model_matrix=None, **given):
    x = np.array(x, dtype=np.float64)
    model = np.array(model, dtype=np.float64)
    assert np.array_equal(x, exact(x)) and np.array_equal(model, exact(model)), name
    defaults = {"lambda-c": 1, "lambda-s": 1, "sparsity": 0.3, "deviation": "population"}
    arguments = {**defaults, **given}
    expected = align_ins(x, model, *arguments.values())
    CASES.append(
        {
            "name": f"{name} {given}",
            "arguments": given,
            "matrix": x if matrix is None else matrix,
            "global": model if model_matrix is None else model_matrix,
            "expected": expected,
        }
    )
    return expected


def main():
    for seed, (n, d) in enumerate([(7, 5), (8, 6), (12, 50)]):
        x = exact(normal(1700 + seed, n, d) + 0.3)
        model = normal(1720 + seed, 1, d)[0]
        add(f"normal {n}x{d}", x, model)
        add(f"normal {n}x{d}", x, model, **{"lambda-c": 2, "sparsity": 0.7})
        add(f"normal {n}x{d}", x, model, deviation="median")
        add(f"no model {n}x{d}", x)
        y = x.copy()
        y[1] = -4 * x[1]
        y[3] = -x[3]
        y[4] = 8 * x[4]
        add(f"flipped and scaled {n}x{d}", exact(y), model, **{"lambda-c": 1.5, "lambda-s": 2})
        add(f"flipped and scaled {n}x{d}", exact(y), model, **{"lambda-s": 3, "lambda-c": 3})
    flipped = [[i, -2, 0] for i in range(2, 13)]
    x, json = formula(50, 1000, 7919, 104729, 2039, 619, 512, flipped)
    model, model_json = formula(1, 1000, 31, 7907, 1009, 300, 256)
    for given in [{}, {"deviation": "median", "sparsity": 1}]:
        add("formula, eleven flipped 50x1000", x, model[0], json, model_json, **given)
    got = add("nobody passes", [[1, -2, 3], [4, 1, 0]], [1, 1, 1], **{"lambda-c": 0.5})
    assert got["rejected"] == [0, 1] and not np.any(got["update"])
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1))
    add("identical 5x4", same, [1, 2, 0, 0.5])
    add("zero 4x3", np.zeros((4, 3)), [1, 2, 3])
    add("no columns 4x0", np.zeros((4, 0)))
    add("one row", [[1, -2, 3]], [1, 1, 1])
    add("two rows", [[1, -2, 3], [4, 1, 0]], [1, 1, 1], sparsity=1)
    add("most rows zero", [[0, 0], [0, 0], [0, 0], [1, 2], [2, 1]], [1, 0], sparsity=1)
    add("ties of magnitude", [[2, -2, 2, 2], [2, 2, 2, 2], [-2, 2, 2, 2]], [1, 2, 3, 5], sparsity=0.5)
    far = exact(normal(1740, 9, 20) + 0.3)
    far[2] = exact([3e38] * 20)
    add("one row of 3e38", far, normal(1741, 1, 20)[0], **{"lambda-c": 3, "lambda-s": 3})
    add("scale 1e-25", exact(1e-25 * (normal(1742, 9, 20) + 0.3)), normal(1741, 1, 20)[0])
    for case in CASES:
        print(case["name"], case["expected"]["report"], case["expected"]["rejected"][:9])
    write(
        "DefensesTests/Fixtures/align-ins.json",
        {"script": "Tests/Reference/rules_alignins.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
