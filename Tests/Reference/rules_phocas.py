"""Phocas in float64 -> Tests/DefensesTests/Fixtures/phocas.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_phocas.py`.

Paper: Xie, Koyejo, Gupta, "Phocas: dimensional Byzantine-resilient stochastic gradient descent",
arXiv 1805.09682, 2018; its b is f. Rows are client updates (local - global).

Conventions
- n >= 2f + 1; otherwise the pair is listed under `infeasible`.
- Per coordinate: t = the mean of the sorted values without f at each end; the n - f values nearest to
  t are averaged. With f = 0 it is the mean.
- The paper leaves ties open. Of two values equally far from t the lower one comes first.
- `weights`: how much of the aggregate comes from each row, 1/((n - f) d) per kept value. Equal values at
  the cut share what is left of them equally.

At every cut the distances from t differ by 1e-9 relative, or the values are equal, or they are equally
far in exact arithmetic, which is asked of fractions; then all numbers are small whole ones and so is t.
"""

from fractions import Fraction

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def phocas(x, f):
    n, d = x.shape
    update, weights, ties = np.zeros(d), np.zeros(n), 0
    for j in range(d):
        column = x[:, j]
        middle = np.sort(column)[f : n - f]
        t = middle.mean()
        distance = np.abs(column - t)
        order = np.lexsort((column, distance))  # by distance, then by value
        kept, left_out = order[: n - f], order[n - f :]
        update[j] = column[kept].mean()
        last = column[kept[-1]]
        if f > 0 and column[left_out[0]] != last:
            inner, outer = distance[kept[-1]], distance[left_out[0]]
            if inner == outer:
                center = sum(map(Fraction, middle.tolist())) / (n - 2 * f)
                first = Fraction(column[left_out[0]])
                assert center == Fraction(t) and center - Fraction(last) == first - center, (j, t)
                assert abs(t) < 2**20 and t == round(t)
                ties += 1
            else:
                assert outer - inner > 1e-9 * outer, (j, inner, outer)
        equal = column == last
        inside = np.array([i for i in kept if not equal[i]], dtype=int)
        weights[inside] += 1
        weights[equal] += (n - f - len(inside)) / np.sum(equal)
    return update, weights / ((n - f) * d), ties


def add(name, x, f, matrix=None, by_hand=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)) and len(x) >= 2 * f + 1, name
    update, weights, ties = phocas(x, f)
    if f == 0:
        assert np.allclose(update, x.mean(axis=0), rtol=1e-13, atol=1e-15 * np.max(np.abs(x)))
    if by_hand is not None:
        assert update.tolist() == by_hand, (name, update)
    CASES.append(
        {
            "name": f"{name} phocas:f={f}",
            "rule": "phocas",
            "arguments": {"f": f},
            "matrix": x if matrix is None else matrix,
            "expected": {"update": update, "weights": weights},
        }
    )
    return ties


def random_inputs():
    for seed, (n, d) in enumerate([(1, 3), (2, 3), (3, 5), (5, 17), (10, 17), (12, 33), (20, 8)]):
        x = normal(700 + seed, n, d)
        for f in sorted({0, 1, 2, (n - 1) // 2}):
            if n >= 2 * f + 1:
                add(f"normal {n}x{d}", x, f)
    x = normal(710, 10, 17, scale=0.01)
    x[7:] = exact(x[7:] * -10.0)
    add("three flipped 10x17", x, 3)
    y = normal(711, 11, 6)
    y[[1, 4, 8]] = exact(6 + 0.5 * y[[1, 4, 8]])
    add("one far group 11x6", y, 3)
    x, json = formula(50, 200, 7919, 104729, 2039, 1019, 512, [[i, 1, 1.5] for i in range(2, 13)])
    add("formula, eleven shifted 50x200", x, 11, matrix=json)


def ties():
    # t = 3; 0 and 6 are equally far, so 0 stays with 2, 3 and 4.
    count = add("equally far 5x1", [[6], [3], [0], [2], [4]], 1, by_hand=[9 / 4])
    # t = 17 / 3, from which 0 is the farthest; from the median, 4, it were 10.
    add("not the median 5x1", [[0], [4], [4], [9], [10]], 1, by_hand=[27 / 4])
    for f in [0, 1, 2, 4]:
        count += add("line 9x1", np.arange(9.0)[:, None], f)
        count += add("line, reversed 9x1", np.arange(9.0)[::-1, None], f)
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (7, 1))
    repeated = [[1, 5], [1, 4], [1, 4], [2, 3], [2, 3], [3, 3]]
    for f in [0, 1, 2]:
        add("identical 7x4", same, f)
        add("zero rows 7x4", np.zeros((7, 4)), f)
        add("repeated values 6x2", repeated, f)
    print(count, "coordinates with values equally far")


def extremes():
    x = normal(730, 9, 5)
    x[4] = exact(np.array([1e30, -1e30, 1e30, 1e30, -1e30]))
    for f in [1, 2, 4]:
        add("outlier 1e30 9x5", x, f)
    y = normal(731, 9, 5)
    y[2] = exact(np.full(5, 3e38))
    y[6] = exact(np.full(5, -3e38))
    add("opposite 3e38 9x5", y, 2)
    add("scale 1e-25 9x5", normal(732, 9, 5, scale=1e-25), 2)
    add("offset 1000 9x5", exact(1000.0 + normal(733, 9, 5, scale=1e-2)), 2)


def main():
    random_inputs()
    ties()
    extremes()
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    infeasible = [
        {"rule": "phocas", "arguments": {"f": f}, "rows": n, "reason": "n < 2f + 1"}
        for n, f in [(2, 1), (4, 2), (10, 5), (1, 1)]
    ]
    write(
        "DefensesTests/Fixtures/phocas.json",
        {"script": "Tests/Reference/rules_phocas.py", "cases": CASES, "infeasible": infeasible},
    )
    print(len(CASES), "cases")


if __name__ == "__main__":
    main()
