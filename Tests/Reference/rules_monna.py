"""MoNNA's nearest neighbor averaging in float64 -> Tests/DefensesTests/Fixtures/monna.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_monna.py`.

Paper: Farhadkhani, Guerraoui, Gupta, Hoang, Pinot, Stephan, "Robust collaborative learning with
linear gradient overhead", ICML 2023. Rows are client updates (local - global).

Conventions
- t is the trusted row, `first` being row 0. The n - f rows nearest to row t are averaged, row t
  itself first; ties to the lowest row.
- `suspicion` is the distance to row t. At the cut the distances differ by 1e-6 relative or are
  exactly equal on whole numbers.
- `announced` rows less than that may arrive: then at least row t is kept.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def monna(x, f, t):
    n = len(x)
    squares = np.sum((x - x[t]) ** 2, axis=1)
    order = [t] + sorted((i for i in range(n) if i != t), key=lambda i: (squares[i], i))
    kept, rest = order[: max(n - f, 1)], order[max(n - f, 1) :]
    if rest and squares[rest[0]] != squares[kept[-1]]:
        assert squares[rest[0]] > squares[kept[-1]] * (1 + 1e-6)
    kept.sort()
    return {
        "update": x[kept].mean(axis=0),
        "weights": [1 / len(kept) if i in kept else 0 for i in range(n)],
        "suspicion": np.sqrt(squares),
        "selected": kept,
    }


def add(name, x, f, trusted="first", matrix=None, announced=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    expected = monna(x, f, 0 if trusted == "first" else trusted)
    CASES.append(
        {
            "name": f"{name} monna:f={f},trusted={trusted}",
            "rule": "monna",
            "arguments": {"f": f, "trusted": trusted},
            "matrix": x if matrix is None else matrix,
            "announced": len(x) if announced is None else announced,
            "expected": expected,
        }
    )
    return expected


def main():
    small = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert np.array_equal(add("known answer", small, 1)["update"], [2.5, 3.5, 4.5])
    # Rows 0 and 2 lie as far from row 1: the lower one stays.
    assert np.array_equal(add("tie", small, 1, 1)["update"], [2.5, 3.5, 4.5])
    assert np.array_equal(add("known answer", small, 1, 2)["update"], [5.5, 6.5, 7.5])
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (23, 30, 5), (12, 17, 0)]):
        x = normal(600 + seed, n, d)
        for trusted in ["first", 3, n - 1]:
            add(f"normal {n}x{d}", x, f, trusted)
        x[1 : 1 + f] = exact(5 + x[1 : 1 + f])
        add(f"a far group {n}x{d}", x, f, n - 1)
        add(f"a far group is trusted {n}x{d}", x, f, 1)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, [[i, 1, 1.5] for i in range(2, 13)])
    add("formula 50x1000", x, 11, 20, matrix=json)
    add("formula 50x1000", x, 11, 5, matrix=json)
    add("one row of three", [[1, -2, 3]], 1, announced=3)
    add("one row", [[1, -2, 3]], 0)
    add("two rows of five", [[1, 2], [3, 4]], 2, 1, announced=5)
    add("identical 5x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1)), 2, 4)
    add("zero 4x3", np.zeros((4, 3)), 1, 2)
    add("no columns", np.zeros((4, 0)), 1, 2)
    far = normal(620, 9, 5)
    far[[2, 6]] = exact([[3e38] * 5, [-3e38] * 5])
    add("opposite 3e38", far, 2, 4)
    add("scale 1e-25", normal(621, 9, 5, scale=1e-25), 2, 4)
    write(
        "DefensesTests/Fixtures/monna.json",
        {"script": "Tests/Reference/rules_monna.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
