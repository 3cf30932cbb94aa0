"""Divide and conquer in float64 -> Tests/DefensesTests/Fixtures/dnc.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_dnc.py`.

Paper: Shejwalkar, Houmansadr, "Manipulating the Byzantine", NDSS 2021, algorithm 2. Rows are
client updates (local - global).

Conventions
- Per iteration: b different coordinates (all where d <= b, and then one iteration), m = the average
  of the rows there, v = the first right singular vector of x - m, s_i = <x_i - m, v>^2; the
  floor(n - c f) rows of least s stay, at least one, ties to the lowest row.
- The rows that stay every time are averaged; where there are none, those that stay most often.
- `suspicion` is the mean of s over the iterations.
- Draws come from the stream of the round, `seeds.py`: root seed 3, round 0.

Everywhere the first two singular values differ by 1e-3 relative or all are 0, and the scores at the
cut by 1e-9 of the largest one, or they are equal.
"""

import math
from fractions import Fraction

import numpy as np

from fixture import exact, formula, normal, write
from seeds import stream

CASES = []


def scores(x):
    centered = x - x[0]
    size = np.max(np.abs(centered)) if centered.size else 0
    if size == 0:
        return np.zeros(len(x))
    centered = centered / size
    centered = centered - centered.mean(axis=0)
    _, s, vt = np.linalg.svd(centered, full_matrices=False)
    assert len(s) < 2 or s[1] < s[0] * (1 - 1e-3), s
    return (centered @ vt[0] * size) ** 2


def dnc(x, f, iterations, coordinates, c):
    n, d = x.shape
    count = max(n - math.ceil(Fraction(str(c)) * f), 1)
    votes, total = np.zeros(n, dtype=int), np.zeros(n)
    draws = stream(3, [0])
    everything = coordinates == "all" or coordinates >= d
    repeats = 1 if everything else iterations
    for _ in range(repeats):
        part = x if everything else x[:, sorted(draws.sample(coordinates, d))]
        s = scores(part)
        order = sorted(range(n), key=lambda i: (s[i], i))
        if count < n:
            low, high = s[order[count - 1]], s[order[count]]
            assert high == low or high - low > 1e-9 * max(s), (low, high)
        votes[order[:count]] += 1
        total += s
    kept = [i for i in range(n) if votes[i] == max(votes)]
    return {
        "update": x[kept].mean(axis=0),
        "weights": [1 / len(kept) if i in kept else 0 for i in range(n)],
        "suspicion": total / repeats,
        "selected": kept,
    }, max(votes) < repeats


def add(name, x, f, matrix=None, announced=None, **given):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    arguments = {"iterations": 5, "coordinates": 10000, "c": 1, **given}
    expected, is_empty = dnc(x, f, **arguments)
    CASES.append(
        {
            "name": f"{name} dnc:f={f},{given}",
            "rule": "dnc",
            "arguments": {"f": f, **given},
            "matrix": x if matrix is None else matrix,
            "announced": len(x) if announced is None else announced,
            "expected": expected,
        }
    )
    return expected, is_empty


def main():
    add("known answer", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], 1)
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (23, 30, 5), (12, 7, 0)]):
        x = normal(900 + seed, n, d)
        add(f"normal {n}x{d}", x, f)
        add(f"normal {n}x{d}", x, f, c=1.5, coordinates="all")
        add(f"normal {n}x{d}", x, f, iterations=3, coordinates=d // 2)
        y = x.copy()
        y[[(5 * k + 1) % n for k in range(f)]] += 4
        y = exact(y)
        add(f"a far group {n}x{d}", y, f, coordinates=d - 1)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, [[i, 1, 1.5] for i in range(2, 13)])
    add("formula 50x1000", x, 11, matrix=json)
    add("formula 50x1000", x, 11, matrix=json, coordinates=200, iterations=4)
    # 0.1 * 30 is a little more than 3 in binary.
    add("tenths 61x4", normal(910, 61, 4), 30, c=0.1)
    _, is_empty = add("kept most often", normal(914, 7, 12), 3, c=2, iterations=12, coordinates=2)
    assert is_empty
    add("one column", normal(920, 9, 1), 3)
    add("identical 6x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (6, 1)), 2)
    add("zero 5x3", np.zeros((5, 3)), 2)
    add("no columns 5x0", np.zeros((5, 0)), 2)
    add("one row", [[1, -2, 3]], 0)
    add("one row of five", [[1, -2, 3]], 2, announced=5)
    add("two rows of seven", normal(923, 2, 4), 1, announced=7)
    far = normal(924, 9, 5)
    far[2] = exact([3e38] * 5)
    add("one row of 3e38", far, 1)
    add("scale 1e-15", normal(925, 9, 5, scale=1e-15), 2)
    add("offset 1000", exact(1000.0 + normal(926, 9, 5, scale=1e-2)), 2)
    write(
        "DefensesTests/Fixtures/dnc.json",
        {"script": "Tests/Reference/rules_dnc.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
