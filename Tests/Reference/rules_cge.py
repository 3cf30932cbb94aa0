"""Comparative gradient elimination in float64 -> Tests/DefensesTests/Fixtures/cge.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_cge.py`.

Paper: Gupta, Liu, Vaidya, arXiv 2008.04699, DSN workshops 2021. Rows are client updates.

Conventions
- The f rows of largest Euclidean norm are left out, the other n - f averaged (the paper adds them).
  Of equally long rows the lower ones are kept. n >= 2f + 1; otherwise `infeasible`.
- `selected`: the rows that are kept, ascending; `suspicion`: the norms.

At every cut norms differ by 1e-9 relative, or the rows are equal or permutations of small whole
numbers, whose norms are equal in any arithmetic.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def add(name, x, f, matrix=None):
    x = np.array(x, dtype=np.float64)
    n = len(x)
    assert np.array_equal(x, exact(x)) and n >= 2 * f + 1, name
    norms = np.sqrt(np.sum(x**2, axis=1))
    order = sorted(range(n), key=lambda i: (norms[i], i))
    kept, out = sorted(order[: n - f]), order[n - f :]
    if f > 0:
        inner, outer = norms[order[n - f - 1]], norms[out[0]]
        whole = np.array_equal(x, np.round(x)) and np.max(np.abs(x)) < 1000
        equal = np.array_equal(x[order[n - f - 1]], x[out[0]])
        assert (inner == outer and (whole or equal)) or outer - inner > 1e-9 * outer, name
    weights = np.where(np.isin(np.arange(n), kept), 1 / len(kept), 0)
    CASES.append(
        {
            "name": f"{name} cge:f={f}",
            "rule": "cge",
            "arguments": {"f": f},
            "matrix": x if matrix is None else matrix,
            "expected": {
                "update": x[kept].mean(axis=0),
                "weights": weights,
                "dispositions": ["accepted" if i in kept else "rejected" for i in range(n)],
                "suspicion": norms,
                "selected": kept,
            },
        }
    )
    return CASES[-1]["expected"]


def main():
    got = add("known answer", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], 1)
    assert got["update"].tolist() == [2.5, 3.5, 4.5]
    got = add("tie, the lower row stays 3x2", [[3, 4], [0, 1], [-4, 3]], 1)
    assert got["selected"] == [0, 1]
    for seed, (n, d) in enumerate([(1, 3), (7, 5), (10, 17), (12, 33), (20, 12)]):
        x = normal(800 + seed, n, d)
        for f in sorted({0, 1, 2, (n - 1) // 2}):
            if n >= 2 * f + 1:
                add(f"normal {n}x{d}", x, f)
    x = normal(810, 10, 17, scale=0.01)
    x[7:] = exact(x[7:] * -10.0)
    add("three flipped 10x17", x, 3)
    edits = [[i, 4, 0.5] for i in range(2, 13)]
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, edits)
    got = add("formula, eleven long rows 50x1000", x, 11, matrix=json)
    assert not set(got["selected"]) & set(range(2, 13))
    for f in [0, 1, 3]:
        add("identical 7x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (7, 1)), f)
        add("zero rows 7x4", np.zeros((7, 4)), f)
        add("mirror 8x2", [[3, 4], [4, 3], [-3, 4], [5, 0], [0, -5], [0, 5], [-4, -3], [-5, 0]], f)
    y = normal(820, 9, 5)
    y[4] = exact(np.array([1e30, -1e30, 1e30, 1e30, -1e30]))
    add("outlier 1e30 9x5", y, 1)
    y[1], y[6] = exact(np.full(5, 3e38)), exact(np.full(5, -3e38))
    add("three far 9x5", y, 3)
    add("scale 1e-25 9x5", normal(821, 9, 5, scale=1e-25), 2)
    add("offset 1000 9x5", exact(1000.0 + normal(822, 9, 5, scale=1e-2)), 2)
    infeasible = [
        {"rule": "cge", "arguments": {"f": f}, "rows": n, "reason": "n < 2f + 1"}
        for n, f in [(2, 1), (4, 2), (10, 5), (1, 1)]
    ]
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    write(
        "DefensesTests/Fixtures/cge.json",
        {"script": "Tests/Reference/rules_cge.py", "cases": CASES, "infeasible": infeasible},
    )
    print(len(CASES), "cases")


if __name__ == "__main__":
    main()
