"""FoundationFL in float64 -> Tests/DefensesTests/Fixtures/foundation.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_foundation.py`.

Paper: Fang, Nabavirazavi, Liu, Sun, Iyengar, Yang, "Do we really need to design new
Byzantine-robust aggregation rules?", NDSS 2025. Rows are client updates (local - global).

Conventions
- u, l = the largest and the smallest value of each coordinate over all n rows;
  s_i = min(||x_i - u||, ||x_i - l||); the row of the largest s_i, of equal ones the lowest, is
  copied m times, m = floor(n / 2) unless given.
- rule trimmed-mean: per coordinate the f smallest and the f largest of all n + m values are
  dropped, the others averaged; n >= 2f + 1. rule median: of all n + m values, the mean of the
  middle two where their number is even.
- `weights`: how much of the aggregate comes from each row, its copies included: 1 per kept value,
  over the number of kept values and coordinates. Equal values at a cut share what is kept of them
  equally, copies among them. No columns: every row and copy counts alike.
- `suspicion` the largest score less the own one.

The two largest scores are apart by 1e-9 relative, or tie on whole numbers.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def kept_shares(column, trim):
    """The part of each value that is kept; equal values share."""
    order = np.sort(column)
    kept = order[trim : len(order) - trim]
    parts = np.zeros(len(column))
    for value in np.unique(column):
        same = column == value
        parts[same] = np.sum(kept == value) / np.sum(same)
    return parts


def foundation(x, rule, copies, f):
    n, d = x.shape
    high, low = x.max(axis=0), x.min(axis=0)
    scores = [
        min(np.sqrt(np.sum((row - high) ** 2)), np.sqrt(np.sum((row - low) ** 2))) for row in x
    ]
    best = min(range(n), key=lambda i: (-scores[i], i))
    for i in range(n):
        gap = scores[best] - scores[i]
        whole = bool(np.all(x == np.round(x)))
        alike = np.array_equal(x[i], x[best])
        assert i == best or alike or whole or n == 2 or gap > 1e-9 * scores[best], (i, best)
    m = n // 2 if copies == "n/2" else copies
    rows = [*range(n), *[best] * m]
    y = x[rows]
    trim = f if rule == "trimmed-mean" else (len(rows) - 1) // 2
    update = np.sort(y, axis=0)[trim : len(rows) - trim].mean(axis=0)
    if rule == "median":
        assert np.allclose(update, np.median(y, axis=0), rtol=1e-14)
    weights = np.zeros(n)
    if d == 0:
        for row in rows:
            weights[row] += 1 / len(rows)
    for j in range(d):
        for row, part in zip(rows, kept_shares(y[:, j], trim)):
            weights[row] += part / (len(rows) - 2 * trim) / d
    assert abs(weights.sum() - 1) < 1e-12
    return {
        "update": update,
        "weights": weights,
        "suspicion": scores[best] - np.array(scores),
        "rejected": [],
        "report": {"copies": m, "trimmed": trim},
    }, best


def add(name, x, f, matrix=None, rule="trimmed-mean", copies="n/2"):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    assert len(x) >= 2 * f + 1
    expected, best = foundation(x, rule, copies, f)
    CASES.append(
        {
            "name": f"{name} foundation:rule={rule},copies={copies},f={f}",
            "rule": "foundation",
            "arguments": {"rule": rule, "copies": copies, "f": f},
            "matrix": x if matrix is None else matrix,
            "expected": expected,
        }
    )
    return best


def main():
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (12, 30, 3), (24, 17, 5)]):
        x = normal(1400 + seed, n, d)
        for rule in ["trimmed-mean", "median"]:
            add(f"normal {n}x{d}", x, f, rule=rule)
            add(f"normal {n}x{d}", x, f, rule=rule, copies=1)
        y = x.copy()
        y[:f] = exact(6 + 0.1 * y[:f])
        best = add(f"attackers above {n}x{d}", y, f)
        assert best >= f
    add("without copies 7x5", normal(1400, 7, 5), 2, copies=0)
    add("more copies than rows 7x5", normal(1400, 7, 5), 2, copies=9)
    add("f = 0 7x5", normal(1400, 7, 5), 0)
    form = (50, 1000, 7919, 104729, 2039, 1019, 512)
    x, json = formula(*form)
    add("formula 50x1000", x, 11, matrix=json)
    x, json = formula(*form, [[i, 1, 1.5] for i in range(2, 13)])
    for rule in ["trimmed-mean", "median"]:
        add("formula, eleven shifted 50x1000", x, 11, matrix=json, rule=rule)
    for rule in ["trimmed-mean", "median"]:
        add("identical 5x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1)), 1, rule=rule)
        add("zero rows 7x4", np.zeros((7, 4)), 3, rule=rule)
        add("one row", [[1.5, -2, 3]], 0, rule=rule)
        add("two rows", normal(1410, 2, 6), 0, rule=rule)
        add("no columns", np.zeros((4, 0)), 1, rule=rule)
        whole = np.random.default_rng(1411).integers(-2, 3, (13, 6)).astype(float)
        add("small whole numbers 13x6", whole, 3, rule=rule)
    far = normal(1412, 9, 20)
    far[3] = exact([3e38] * 20)
    add("one row of 3e38", far, 2)
    add("scale 1e-25 9x20", exact(1e-25 * normal(1413, 9, 20)), 2)
    for case in CASES:
        print(case["name"], case["expected"]["report"])
    infeasible = [
        {"rule": "foundation", "arguments": {"f": f}, "rows": n, "reason": "n < 2f + 1"}
        for n, f in [(2, 1), (4, 2), (10, 5), (22, 11)]
    ]
    write(
        "DefensesTests/Fixtures/foundation.json",
        {
            "script": "Tests/Reference/rules_foundation.py",
            "cases": CASES,
            "infeasible": infeasible,
        },
    )


if __name__ == "__main__":
    main()
