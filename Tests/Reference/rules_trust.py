"""FLTrust in float64 -> Tests/DefensesTests/Fixtures/fltrust.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_trust.py`.

Paper: Cao, Fang, Liu, Gong, "FLTrust", NDSS 2021. Rows are client updates (local - global) and
`root` is the server's own update g0, trained from the same model on its root data, in the same
sign; the result is the update that the server adds.

Conventions
- trust TS_i = max(0, cos(x_i, g0)), cos = <x_i, g0> / (||x_i|| ||g0||); cos = 0 where x_i or g0 is
  zero.
- update = sum_i TS_i (||g0|| / ||x_i||) x_i / sum_i TS_i, so its norm is at most ||g0||.
- Not in the paper: if all TS_i are 0 (a zero g0 among the reasons), the update is zero.
- `weights` TS_i / sum TS, all 0 where the sum is 0; `factors` ||g0|| / ||x_i||, 0 for a zero row;
  `suspicion` -cos_i. `cosines` may pass 1 by rounding for a parallel row; compare to 1e-12.

No cosine is nearer to 0 than 1e-6 unless it is exactly 0 on whole numbers.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def fltrust(x, root):
    size = np.sqrt(np.sum(root * root))
    norms = np.sqrt(np.sum(x * x, axis=1))
    cosines = np.zeros(len(x))
    for i, row in enumerate(x):
        if norms[i] > 0 and size > 0:
            cosines[i] = np.sum(row / norms[i] * (root / size))
            assert cosines[i] == 0 or abs(cosines[i]) > 1e-6, cosines[i]
    trust = np.maximum(0, cosines)
    total = trust.sum()
    factors = np.array([size / v if v > 0 else 0.0 for v in norms])
    update = np.zeros(x.shape[1])
    if total > 0:
        update = sum(t * (k * row) for t, k, row in zip(trust, factors, x, strict=True)) / total
    assert np.linalg.norm(update) <= size * (1 + 1e-12)
    return {
        "update": update,
        "cosines": cosines,
        "trust": trust,
        "weights": trust / total if total > 0 else trust,
        "factors": factors,
        "suspicion": -cosines,
    }


def add(name, x, root, matrix=None, root_matrix=None):
    x, root = np.array(x, dtype=np.float64), np.array(root, dtype=np.float64)
    assert np.array_equal(x, exact(x)) and np.array_equal(root, exact(root)), name
    CASES.append(
        {
            "name": name,
            "rule": "fltrust",
            "matrix": x if matrix is None else matrix,
            "root": root if root_matrix is None else root_matrix,
            "expected": fltrust(x, root),
        }
    )
    return CASES[-1]["expected"]


def known_answers():
    got = add("known answer 3x2", [[3, 4], [-3, -4], [0, 10]], [0, 2])
    # cosines 4/5, -4/5, 1: (0.8 * 0.4 * (3, 4) + 1 * 0.2 * (0, 10)) / 1.8
    assert np.allclose(got["update"], [0.96 / 1.8, 3.28 / 1.8], rtol=1e-15)
    got = add("one row, the root's direction 1x3", [[2, 4, 4]], [1, 2, 2])
    assert np.allclose(got["update"], [1, 2, 2], rtol=1e-15)
    long = [[1, 0, 1], [1, 1, 0], [4e6, 0, 0]]
    got = add("an attacker's length does not count 3x3", long, [1, 1, 1])
    assert np.linalg.norm(got["update"]) <= np.sqrt(3)


def without_trust():
    add("all opposite 4x3", [[-1, 0, 0], [-2, 1, 0], [-3, 0, 5], [-1, -1, -1]], [4, 0, 0])
    add("all orthogonal 3x3", [[0, 1, 0], [0, 0, 2], [0, -3, 4]], [5, 0, 0])
    add("root is zero 3x3", [[0, 1, 0], [1, 0, 2], [2, -3, 4]], [0, 0, 0])
    add("rows are zero 3x3", np.zeros((3, 3)), [1, 2, 3])
    add("a zero row 4x3", [[0, 0, 0], [1, 0, 2], [2, -3, 4], [0, 0, 0]], [1, 1, 1])
    add("one trusted of four 4x3", [[-1, 0, 0], [-2, 1, 0], [3, 0, 5], [-1, -1, -1]], [4, 0, 0])
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1))
    add("identical 5x4", same, exact([0.2, -2.0, 3.0, 1.0]))
    add("identical to the root 5x4", same, same[0])


def random_inputs():
    for seed, (n, d) in enumerate([(3, 3), (7, 5), (10, 20), (25, 100)]):
        root = normal(500 + seed, 1, d)[0]
        x = exact(0.7 * root + normal(510 + seed, n, d))
        add(f"normal {n}x{d}", x, root)
        y = x.copy()
        y[: n // 3] = exact(-10 * y[: n // 3])
        add(f"a third flipped 10 times {n}x{d}", y, root)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, [[i, 1, 0.75] for i in range(3, 31)])
    root, root_json = formula(1, 1000, 1, 15485863, 2029, 900, 1024)
    add("formula 50x1000", x, root[0], matrix=json, root_matrix=root_json)


def extremes():
    root = normal(520, 1, 5)[0]
    x = exact(0.7 * root + normal(521, 9, 5))
    x[4] = exact(1e30 * np.array([1, -1, 1, 1, -1]) * np.sign(root))
    add("a row of 1e30 9x5", x, root)
    y = x.copy()
    y[4] = exact(3e38 * np.sign(root))
    y[6] = exact(-3e38 * np.sign(root))
    add("rows of 3e38 9x5", y, root)
    small = exact(1e-25 * (0.7 * root + normal(522, 9, 5)))
    add("rows of 1e-25 9x5", small, root)
    add("all of 1e-25 9x5", small, exact(1e-25 * root))
    add("root of 1e30 9x5", exact(x * np.where(np.abs(x) > 1e20, 1e-30, 1)), exact(1e30 * root))


def main():
    known_answers()
    without_trust()
    random_inputs()
    extremes()
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    write(
        "DefensesTests/Fixtures/fltrust.json",
        {"script": "Tests/Reference/rules_trust.py", "cases": CASES},
    )
    print(len(CASES), "cases")


if __name__ == "__main__":
    main()
