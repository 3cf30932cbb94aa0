"""Mean around median in float64 -> Tests/DefensesTests/Fixtures/meamed.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_around_median.py`.

Paper: Xie, Koyejo, Gupta, "Generalized Byzantine-tolerant SGD", arXiv 1802.10116, 2018, where it
is called "mean around median" (MeaMed). Rows are client updates (local - global).

Conventions
- n >= 2f + 1; otherwise the pair is listed under `infeasible`.
- Per coordinate: m = the median of the n values (n even: the mean of the middle two); the n - f
  values nearest to m are averaged. With f = 0 it is the mean.
- The paper leaves ties open. Of two values equally far from m the lower one comes first.
- `shares`: how much of the aggregate comes from each row, 1/((n - f) d) per kept value. Equal
  values at the cut share what is left of them equally.

At every cut the distances from the median differ by 1e-9 relative, or the values are equal, or they
are small multiples of 1/512, exact in any arithmetic. `ties` counts the coordinates where a lower value
was kept before an equally near higher one.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def mean_around_median(x, f):
    n, d = x.shape
    update, shares, ties = np.zeros(d), np.zeros(n), 0
    for j in range(d):
        column = x[:, j]
        distance = np.abs(column - np.median(column))
        order = np.lexsort((column, distance))  # by distance, then by value
        kept, left_out = order[: n - f], order[n - f :]
        update[j] = column[kept].mean()
        last = column[kept[-1]]
        if f > 0 and column[left_out[0]] != last:
            inner, outer = distance[kept[-1]], distance[left_out[0]]
            if inner == outer:
                ties += 1
                assert last < column[left_out[0]]
                scaled = column * 512
                assert np.all(scaled == np.round(scaled)) and np.max(np.abs(scaled)) < 2**20
            else:
                assert outer - inner > 1e-9 * outer, (j, inner, outer)
        equal = column == last
        inside = np.array([i for i in kept if not equal[i]], dtype=int)
        shares[inside] += 1
        shares[equal] += (n - f - len(inside)) / np.sum(equal)
    return update, shares / ((n - f) * d), ties


def add(name, x, f, matrix=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)) and len(x) >= 2 * f + 1, name
    update, shares, ties = mean_around_median(x, f)
    if f == 0:
        assert np.allclose(update, x.mean(axis=0), rtol=1e-13, atol=1e-15 * np.max(np.abs(x)))
    CASES.append(
        {
            "name": f"{name} meamed:f={f}",
            "arguments": {"f": f},
            "matrix": x if matrix is None else matrix,
            "expected": {"update": update, "shares": shares, "ties": ties},
        }
    )


def random_inputs():
    for seed, (n, d) in enumerate([(1, 3), (2, 3), (3, 5), (5, 17), (10, 17), (12, 33), (20, 8)]):
        x = normal(500 + seed, n, d)
        for f in sorted({0, 1, 2, (n - 1) // 2}):
            if n >= 2 * f + 1:
                add(f"normal {n}x{d}", x, f)
    x = normal(510, 10, 17, scale=0.01)
    x[7:] = exact(x[7:] * -10.0)
    add("three flipped 10x17", x, 3)
    # Not a trimmed mean: all that lies far is on one side, and honest low values stay.
    y = normal(511, 11, 6)
    y[[1, 4, 8]] = exact(6 + 0.5 * y[[1, 4, 8]])
    add("one far group 11x6", y, 3)
    x, json = formula(50, 200, 7919, 104729, 2039, 1019, 512, [[i, 1, 1.5] for i in range(2, 13)])
    add("formula, eleven shifted 50x200", x, 11, matrix=json)


def ties():
    add("known answer 3x1", [[3], [1], [2]], 1)
    assert CASES[-1]["expected"]["update"].tolist() == [1.5]  # by hand: 1 and 2
    add("even, median between 4x1", [[0], [1], [3], [4]], 1)
    assert CASES[-1]["expected"]["update"].tolist() == [4 / 3]  # median 2: 1, 3, then 0 before 4
    for f in [0, 1, 2, 4]:
        add("line 9x1", np.arange(9.0)[:, None], f)
        add("line, reversed 9x1", np.arange(9.0)[::-1, None], f)
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (7, 1))
    repeated = [[1, 5], [1, 4], [2, 4], [2, 3], [2, 3], [3, 3]]
    whole = np.random.default_rng(520).integers(-2, 3, (15, 6)).astype(float)
    for f in [0, 1, 2]:
        add("identical 7x4", same, f)
        add("zero rows 7x4", np.zeros((7, 4)), f)
        add("repeated values 6x2", repeated, f)
    for f in [1, 4, 7]:
        add("small whole numbers 15x6", whole, f)


def extremes():
    x = normal(530, 9, 5)
    x[4] = exact(np.array([1e30, -1e30, 1e30, 1e30, -1e30]))
    for f in [1, 2, 4]:
        add("outlier 1e30 9x5", x, f)
    y = normal(531, 9, 5)
    y[2] = exact(np.full(5, 3e38))
    y[6] = exact(np.full(5, -3e38))
    add("opposite 3e38 9x5", y, 2)
    add("scale 1e-25 9x5", normal(532, 9, 5, scale=1e-25), 2)
    add("offset 1000 9x5", exact(1000.0 + normal(533, 9, 5, scale=1e-2)), 2)


def main():
    random_inputs()
    ties()
    extremes()
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    infeasible = [
        {"rule": "meamed", "arguments": {"f": f}, "rows": n, "reason": "n < 2f + 1"}
        for n, f in [(2, 1), (4, 2), (10, 5), (1, 1)]
    ]
    write(
        "DefensesTests/Fixtures/meamed.json",
        {
            "script": "Tests/Reference/rules_around_median.py",
            "cases": CASES,
            "infeasible": infeasible,
        },
    )
    print(len(CASES), "cases,", sum(c["expected"]["ties"] > 0 for c in CASES), "with ties")


if __name__ == "__main__":
    main()
