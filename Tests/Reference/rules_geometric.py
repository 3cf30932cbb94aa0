"""The geometric median in float64 -> Tests/DefensesTests/Fixtures/geometric-median.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_geometric.py`.

Papers: Pillutla, Kakade, Harchaoui, IEEE TSP 2022 (smoothed Weiszfeld); Chen, Su, Xu 2017.
Rows are client updates (local - global); the result is the update that the server adds.

Conventions
- v starts at the coordinate-wise median (of the rows without their weights; the mean of the two
  middle values when n is even).
- One iteration: beta_i = p_i / max(nu, ||v - x_i||), v <- sum_i beta_i x_i / sum_i beta_i, with
  nu = 1e-6 and p_i = samples_i / sum samples, or 1/n where `samples` is null.
- After each iteration: stop, converged, when ||v_new - v|| <= tolerance * max(||v_new||, tiny),
  tiny = 2^-1022, the least normal float64. Otherwise stop after max-iterations, not converged.
  `iterations` counts the updates of v. Defaults: tolerance 1e-9, max-iterations 100.
- `weights` are the last beta_i / sum beta, so `update` = sum weights_i x_i.

`minimiser` is the point where sum_i p_i ||v - x_i|| is smallest, without smoothing, to 1e-10: a row
where the unit vectors of the others balance (Kuhn's test), else by Newton steps until the gradient
is below 1e-13. Null where it is not unique: even rows on a line; `objective` is the smallest value
there as well. `away` is the largest coordinate's distance of `update` from `minimiser`.

The default tolerance is 1e-9, since a small step may be a slow start: a v that coincides with a row
moves by about nu in its first step. With 1e-6 the rule stops there, 4.5 ("start on a row, shifted")
and 3.0 ("known answer, weighted to a row") from the answer, and 1e-3 off in "offset 1000"; with
1e-9 every case here ends within 1.1e-6 of the minimiser.
In all cases the stopping quotient is at least 1e-4 of itself away from the tolerance, so that the
number of iterations does not depend on the order of summation.
"""

import numpy as np

from fixture import exact, formula, normal, write

NU = 1e-6
TINY = 2.0**-1022
CASES = []


def smoothed_weiszfeld(x, p, tolerance, limit):
    v = np.median(x, axis=0)
    for step in range(1, limit + 1):
        beta = p / np.maximum(NU, np.sqrt(np.sum((x - v) ** 2, axis=1)))
        weights = beta / beta.sum()
        new = (beta[:, None] * x).sum(axis=0) / beta.sum()
        moved = np.linalg.norm(new - v)
        allowed = tolerance * max(np.linalg.norm(new), TINY)
        assert abs(moved - allowed) > 1e-4 * allowed, (moved, allowed)
        v = new
        if moved <= allowed:
            return v, weights, step, True
    return v, weights, limit, False


def objective(x, p, v):
    return float(np.sum(p * np.sqrt(np.sum((x - v) ** 2, axis=1))))


def pull(x, p, v):
    """Length of the sum of the weighted unit vectors towards rows other than v, and v's weight."""
    away = np.sqrt(np.sum((x - v) ** 2, axis=1))
    far = away > 0
    return np.linalg.norm(((p / np.where(far, away, 1))[:, None] * (x - v))[far].sum(axis=0)), p[
        ~far
    ].sum()


def newton(x, p):
    v = np.average(x, axis=0, weights=p / (1 + np.linalg.norm(x - np.median(x, axis=0), axis=1)))
    best = None
    for step in range(3000):
        r = np.sqrt(np.sum((x - v) ** 2, axis=1))
        units = (v - x) / r[:, None]
        gradient = (p[:, None] * units).sum(axis=0)
        size = np.linalg.norm(gradient)
        if best is None or size < best[0]:
            best = (size, v)
        if size < 1e-15:
            break
        if step < 2000 and size > 1e-3:
            v = v - gradient / np.sum(p / r)  # Weiszfeld's step
            continue
        w = p / r
        hessian = w.sum() * np.eye(len(v)) - (w[:, None] * units).T @ units
        v = v - np.linalg.solve(hessian, gradient)
        if step > 2020:
            break
    assert best[0] < 1e-13, best[0]
    return best[1]


def on_a_line(x, p):
    """The weighted median of rows on a line, or None with any middle point when not unique."""
    base, direction = x[0], x[np.argmax(np.linalg.norm(x - x[0], axis=1))] - x[0]
    order = np.argsort((x - base) @ direction, kind="stable")
    total = np.cumsum(p[order])
    middle = int(np.argmax(total >= 0.5 - 1e-12))
    unique = abs(total[middle] - 0.5) > 1e-12
    return x[order[middle]], unique


def minimiser(x, p, line):
    if line:
        point, unique = on_a_line(x, p)
        return (point if unique else None), objective(x, p, point)
    for row in x:
        strength, own = pull(x, p, row)
        if strength <= own:
            assert strength < own - 1e-6, "an undecided case"
            return row, objective(x, p, row)
    origin = x[0] if np.array_equal((x - x[0]) + x[0], x) else 0 * x[0]
    point = newton(x - origin, p) + origin
    return point, objective(x, p, point)


def add(name, x, samples=None, tolerance=1e-9, limit=100, line=False, matrix=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    counts = np.ones(len(x)) if samples is None else np.array(samples, dtype=np.float64)
    p = counts / counts.sum()
    update, weights, iterations, converged = smoothed_weiszfeld(x, p, tolerance, limit)
    best, least = minimiser(x, p, line)
    expected = {
        "update": update,
        "iterations": iterations,
        "converged": converged,
        "weights": weights,
        "objective": least,
        "minimiser": best,
        "away": None if best is None else float(np.max(np.abs(update - best))),
    }
    CASES.append(
        {
            "name": name,
            "rule": "geometric-median",
            "arguments": {"tolerance": tolerance, "max-iterations": limit},
            "samples": samples,
            "matrix": x if matrix is None else matrix,
            "expected": expected,
        }
    )
    return CASES[-1]["expected"]


def known_answers():
    three = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    got = add("known answer", three, line=True)
    assert got["minimiser"].tolist() == [4, 5, 6]
    assert np.allclose(got["update"], [4, 5, 6], rtol=0, atol=1e-9)
    add("known answer, weighted to a row", three, samples=[5, 1, 1], line=True)
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0, 1e-3]]), (7, 1))
    assert add("all rows equal 7x5", same)["iterations"] == 1
    add("zero rows 7x5", np.zeros((7, 5)))
    add("one row 1x5", normal(300, 1, 5))
    square = [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    add("square 4x2", square)


def lines():
    step = np.array([1.0, -2.0, 0.5])
    for name, places, samples in [
        ("even line, symmetric 4x3", [0, 1, 3, 4], None),
        ("even line, lopsided 4x3", [0, 1, 2, 10], None),
        ("even line, weights decide 4x3", [0, 1, 2, 10], [1, 1, 2, 3]),
        ("even line, weights balance 4x3", [0, 1, 2, 10], [1, 3, 2, 2]),
        ("odd line 5x3", [-3, 0, 1, 2, 10], None),
    ]:
        add(name, np.array(places)[:, None] * step + 2, samples=samples, line=True)
    add("two rows 2x3", np.array([[0.0], [4.0]]) * step, line=True)


def repeated():
    x = normal(310, 9, 5)
    x[[0, 2, 5, 7, 8]] = x[2]
    got = add("more than half equal 9x5", x)
    assert np.array_equal(got["minimiser"], x[2]) and got["away"] < NU
    y = normal(311, 10, 5)
    y[[1, 3, 5, 7, 9]] = y[1]
    got = add("half equal 10x5", y, limit=1000)
    assert np.array_equal(got["minimiser"], y[1])
    z = normal(312, 7, 5)
    got = add("one row with most samples 7x5", z, samples=[1, 1, 1, 9, 1, 1, 1], limit=1000)
    assert np.array_equal(got["minimiser"], z[3])


def on_a_row():
    """The coordinate-wise median is a row, and not the answer."""
    x = np.array([[0, 0], [10, 1], [10, -1], [-1, 10], [-1, -10]], float)
    add("start on a row 5x2", x)
    add("start on a row, shifted 5x2", x + 8)
    add("start on a row, shifted, tolerance 1e-6 5x2", x + 8, tolerance=1e-6)
    y = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]], float)
    got = add("start on the answer 5x2", y + 0.5)
    assert got["away"] < 1e-12


def random_inputs():
    for seed, (n, d) in enumerate([(3, 3), (7, 5), (10, 20), (25, 100)]):
        x = normal(320 + seed, n, d, shift=0.25)
        add(f"normal {n}x{d}", x)
        samples = np.random.default_rng(330 + seed).integers(1, 60, n).tolist()
        add(f"normal, samples {n}x{d}", x, samples=samples)
    x = normal(321, 7, 5, shift=0.25)
    for tolerance, limit in [(1e-3, 100), (1e-6, 100), (1e-9, 1), (1e-9, 3), (1e-12, 500)]:
        add(f"tolerance {tolerance}, at most {limit} 7x5", x, tolerance=tolerance, limit=limit)
    y, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512)
    add("formula 50x1000", y, matrix=json)
    samples = [1 + (7 * i) % 23 for i in range(50)]
    add("formula, samples 50x1000", y, samples=samples, matrix=json)
    edits = [[i, 4, -2.5] for i in range(0, 50, 5)]
    y, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, edits)
    add("formula, ten far rows 50x1000", y, matrix=json)


def extremes():
    x = normal(340, 9, 5)
    x[4] = exact(np.array([1e30, -1e30, 1e30, 1e30, -1e30]))
    add("outlier 1e30 9x5", x)
    add("outlier 1e30, samples 9x5", x, samples=[3, 1, 4, 1, 2, 6, 5, 3, 5])
    y = normal(341, 9, 5)
    y[2] = exact(np.full(5, 3e38))
    y[6] = exact(np.full(5, -3e38))
    add("opposite 3e38 9x5", y)
    add("offset 1000 9x5", exact(1000 + normal(342, 9, 5, scale=1e-2)))
    # Distances below nu everywhere: the smoothed rule is the weighted mean, not the minimiser.
    small = normal(343, 9, 5, scale=1e-8)
    got = add("all distances below nu 9x5", small)
    assert np.allclose(got["update"], small.mean(axis=0), rtol=1e-12, atol=0)


def main():
    known_answers()
    lines()
    repeated()
    on_a_row()
    random_inputs()
    extremes()
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    for case in CASES:
        e = case["expected"]
        print(f"{case['name']:48s} {e['iterations']:4d} {e['converged']!s:5s} {e['away']}")
    write(
        "DefensesTests/Fixtures/geometric-median.json",
        {"script": "Tests/Reference/rules_geometric.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
