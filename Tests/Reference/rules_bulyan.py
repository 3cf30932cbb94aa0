"""Bulyan in float64 -> Tests/DefensesTests/Fixtures/bulyan.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_bulyan.py`.

Paper: El Mhamdi, Guerraoui, Rouault, "The hidden vulnerability of distributed learning in
Byzantium", ICML 2018. Rows are client updates (local - global).

Conventions
- n >= 4f + 3; otherwise the pair is listed under `infeasible`.
- Stage 1, theta = n - 2f times: among the n_r rows that remain, score(i) = sum of the squared
  distances to the max(1, n_r - f - 2) nearest other rows that remain; the row of smallest score is
  selected and leaves, ties to the lowest row. When one row remains (f = 0 only) it is selected as
  it is. `selected` has the rows in the order in which they were picked.
- Stage 2, per coordinate: m = the median of the theta selected values (theta even: the mean of the
  middle two); the beta = theta - 2f values nearest to m are averaged; of two equally near values
  the lower one comes first. With f = 0 all n rows are averaged: the mean.
- `shares`: how much of the aggregate comes from each row, 1/(beta d) per kept value. Equal values
  at the cut share what is left of them equally. A tie between a lower and a higher value is no such
  tie: the lower value is kept first. Rows that were not selected have 0.

At every pick the winner's score is below the next by 1e-9 relative, or both are exactly equal: two
mutual nearest rows with one neighbor each, equal rows, or whole numbers (scaled by a power of two),
exact in any order of summation. At every cut of stage 2 the same holds for the distances from the
median. `ties` counts, for each case, the picks and the coordinates that a tie decided.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def is_coarse(x):
    """Sums of squares of differences are exact in any order."""
    scaled = x * 512
    return bool(np.all(scaled == np.round(scaled)) and np.max(np.abs(scaled)) * x.shape[1] < 2**24)


def select(x, f):
    n = len(x)
    squared = np.array([[np.sum((a - b) ** 2) for b in x] for a in x])
    left, picked, ties = list(range(n)), [], 0
    while len(picked) < n - 2 * f:
        if len(left) == 1:
            picked.append(left.pop())
            continue
        k = max(1, len(left) - f - 2)
        scores = {}
        for i in left:
            scores[i] = sum(sorted(float(squared[i, j]) for j in left if j != i)[:k])
        order = sorted(left, key=lambda i: (scores[i], i))
        best, second = scores[order[0]], scores[order[1]]
        if best == second:
            ties += 1
            alike = np.array_equal(x[order[0]], x[order[1]])
            assert k == 1 or alike or is_coarse(x), "a tie needs exact arithmetic"
        else:
            assert second - best > 1e-9 * second, (best, second)
        picked.append(order[0])
        left.remove(order[0])
    return picked, ties


def average_near_median(x, picked, beta):
    n, d = x.shape
    update, shares, ties = np.zeros(d), np.zeros(n), 0
    for j in range(d):
        column = x[picked, j]
        middle = float(np.median(column))
        order = sorted(picked, key=lambda i: (abs(x[i, j] - middle), x[i, j], i))
        kept, rest = order[:beta], order[beta:]
        if rest:
            last, next_ = x[kept[-1], j], x[rest[0], j]
            inner, outer = abs(last - middle), abs(next_ - middle)
            if inner == outer and last != next_:
                ties += 1
                assert is_coarse(x), (picked, column)
            elif last != next_:
                scale = np.max(np.abs(x[kept, j]))
                assert outer - inner > 1e-9 * (outer - inner + scale), (j, inner, outer)
        update[j] = np.mean(sorted(x[kept, j]))
        edge = x[kept[-1], j]
        equal = [i for i in picked if x[i, j] == edge]
        inside = [i for i in kept if x[i, j] != edge]
        for i in inside:
            shares[i] += 1
        for i in equal:
            shares[i] += (beta - len(inside)) / len(equal)
    return update, shares / (beta * d), ties


def add(name, x, f, matrix=None):
    x = np.array(x, dtype=np.float64)
    n = len(x)
    assert np.array_equal(x, exact(x)), name
    assert n >= 4 * f + 3, name
    picked, picks_tied = select(x, f)
    update, shares, cuts_tied = average_near_median(x, picked, n - 4 * f)
    if f == 0:
        scale = np.max(np.abs(x))
        assert np.allclose(update, x.mean(axis=0), rtol=1e-13, atol=1e-15 * scale)
    CASES.append(
        {
            "name": f"{name} bulyan:f={f}",
            "rule": "bulyan",
            "arguments": {"f": f},
            "matrix": x if matrix is None else matrix,
            "expected": {
                "selected": picked,
                "update": update,
                "shares": shares,
                "ties": {"picks": picks_tied, "coordinates": cuts_tied},
            },
        }
    )


def random_inputs():
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (23, 30, 5), (12, 17, 2)]):
        x = normal(400 + seed, n, d)
        add(f"normal {n}x{d}", x, f)
        y = x.copy()
        for k in range(f):
            y[(5 * k + 1) % n] = exact(8 + 0.5 * y[(5 * k + 1) % n])
        add(f"one far group {n}x{d}", y, f)
        z = x.copy()
        for k in range(f):  # the paper's attack: one coordinate far off, the others honest
            z[(3 * k + 2) % n] = z[(3 * k + 2) % n] * 0
            z[(3 * k + 2) % n, 0] = 3.0
        add(f"one coordinate far {n}x{d}", z, f)
    add("normal 7x5", normal(400, 7, 5), 0)
    add("normal 3x5", normal(410, 3, 5), 0)
    add("normal 10x4", normal(411, 10, 4), 0)
    add("normal 10x4", normal(411, 10, 4), 1)
    add("normal 40x3", normal(412, 40, 3), 2)
    add("one column 15x1", normal(413, 15, 1), 3)


def large():
    form = (50, 1000, 7919, 104729, 2039, 1019, 512)
    x, json = formula(*form)
    add("formula 50x1000", x, 11, matrix=json)
    x, json = formula(*form, [[i, 1, 1.5] for i in range(2, 13)])
    add("formula, eleven shifted 50x1000", x, 11, matrix=json)
    x, json = formula(*form, [[i, 0, 0.5] for i in range(39, 50)])
    add("formula, eleven constant 50x1000", x, 11, matrix=json)


def repeated():
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (11, 1))
    for f in [0, 1, 2]:
        add("identical 11x4", same, f)
    add("zero rows 7x4", np.zeros((7, 4)), 1)
    add("line 11x1", np.arange(11.0)[:, None], 2)
    add("line, reversed 11x1", np.arange(11.0)[::-1, None], 2)
    add("line 7x1", np.arange(7.0)[:, None], 1)
    mirror = [[2, 0], [2, 0], [0, 0], [0, 0], [-2, 0], [-2, 0], [0, 9], [0, -9], [1, 1], [-1, -1]]
    add("mirror 10x2", mirror, 1)
    late = [[9, 9], [8, 1], [1, 0], [1, 0], [0, 1], [0, 1], [5, -7]]
    add("tie not in row 0 7x2", late, 1)
    whole = np.random.default_rng(420).integers(-2, 3, (15, 6)).astype(float)
    for f in [1, 2, 3]:
        add("small whole numbers 15x6", whole, f)
    pairs = normal(421, 11, 8)
    pairs[[4, 9]] = pairs[1]
    pairs[10] = pairs[3]
    add("repeated rows 11x8", pairs, 2)
    sybils = normal(422, 11, 8)
    sybils[9:] = exact(-2 * sybils[:9].mean(axis=0))
    add("two equal attackers 11x8", sybils, 2)


def extremes():
    x = normal(430, 9, 5)
    x[4] = exact(np.array([1e30, -1e30, 1e30, 1e30, -1e30]))
    add("outlier 1e30 9x5", x, 1)
    y = normal(431, 11, 5)
    y[2] = exact(np.full(5, 3e38))
    y[6] = exact(np.full(5, -3e38))
    add("opposite 3e38 11x5", y, 2)
    add("scale 1e-25 11x5", normal(432, 11, 5, scale=1e-25), 2)
    add("offset 1000 11x5", exact(1000.0 + normal(433, 11, 5, scale=1e-2)), 2)


def main():
    random_inputs()
    large()
    repeated()
    extremes()
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    infeasible = [
        {"rule": "bulyan", "arguments": {"f": f}, "rows": n, "reason": "n < 4f + 3"}
        for n, f in [(2, 0), (1, 0), (6, 1), (4, 1), (10, 2), (22, 5), (46, 11), (3, 1)]
    ]
    for case in CASES:
        print(case["name"], case["expected"]["ties"])
    write(
        "DefensesTests/Fixtures/bulyan.json",
        {
            "script": "Tests/Reference/rules_bulyan.py",
            "cases": CASES,
            "infeasible": infeasible,
        },
    )


if __name__ == "__main__":
    main()
