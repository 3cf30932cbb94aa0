"""Centered clipping in float64 -> Tests/DefensesTests/Fixtures/centered-clipping.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_centered_clipping.py`.

Paper: Karimireddy, He, Jaggi, "Learning from history for Byzantine robust optimization", ICML 2021,
algorithm 2. Rows are client updates (local - global); in the paper they are the workers' momenta.

Conventions
- v = the aggregate of the last round, 0 in the first. Each of `steps` steps:
  v <- v + (1/n) sum_i (x_i - v) min(1, tau / ||x_i - v||), factor 1 where x_i = v. Samples are
  ignored. The result is v, and it is kept unrounded for the next round. Computed as
  v (1 - sum_i f_i / n) + sum_i f_i x_i / n, which cancels nothing where v is far away.
- tau "auto" is the median over all rows of ||x_i - v|| at the step (the mean of the two middle ones
  when n is even); it is Gauntlet's own.
- `weights`: the share of each row in v, written as a combination of the rows and the last center.
  `bound` and `clipped` (rows beyond it) are of the last step, `suspicion` its distances.

A case has several rounds, `matrices`, and expects one result for each. Agreement is 1e-6 of the largest
value, since the number of steps is fixed. No distance is within 1e-9 relative of a bound, unless it is
the median itself or distances are equal because rows are.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def round_of(x, v, tau, steps):
    n = len(x)
    shares = np.zeros(n)
    for _ in range(steps):
        distances = np.sqrt(np.sum((x - v) ** 2, axis=1))
        bound = float(np.median(distances)) if tau == "auto" else tau
        away = np.abs(distances - bound)
        assert np.all((away == 0) | (away > 1e-9 * bound)), (distances, bound)
        beyond = distances > bound
        factors = np.where(beyond, bound / np.where(beyond, distances, 1), 1)
        moved = v * (np.sum(1 - factors) / n) + (x * factors[:, None]).sum(axis=0) / n
        direct = v + ((x - v) * factors[:, None]).sum(axis=0) / n
        assert np.allclose(moved, direct, rtol=1e-11, atol=1e-14 * max(np.abs(v).max(), 1e-30))
        v = moved
        shares = shares * np.sum(1 - factors) / n + factors / n
    expected = {
        "update": v,
        "weights": shares,
        "dispositions": ["downweighted" if b else "accepted" for b in beyond],
        "suspicion": distances,
        "report": {"bound": bound, "clipped": int(beyond.sum())},
    }
    return v, expected


def add(name, matrices, tau="auto", steps=1, json=None):
    matrices = [np.array(x, dtype=np.float64) for x in matrices]
    v, expected = np.zeros(matrices[0].shape[1]), []
    for x in matrices:
        assert np.array_equal(x, exact(x)), name
        v, result = round_of(x, v, tau, steps)
        expected.append(result)
    CASES.append(
        {
            "name": f"{name} centered-clipping:tau={tau},steps={steps}",
            "rule": "centered-clipping",
            "arguments": {"tau": tau, "steps": steps},
            "matrices": matrices if json is None else json,
            "expected": expected,
        }
    )
    return expected


def main():
    # By hand: (3, 4) has length 5 and is cut to 2.5, (0, 1) counts in full.
    got = add("by hand 2x2", [[[3, 4], [0, 1]], [[0.75, 1.5], [0.75, 1.5]]], tau=2.5)
    assert got[0]["update"].tolist() == [0.75, 1.5] and got[1]["report"]["clipped"] == 0
    assert got[1]["update"].tolist() == [0.75, 1.5]
    for seed, (n, d) in enumerate([(1, 3), (7, 5), (10, 17), (20, 12)]):
        rounds = [normal(900 + 10 * seed + t, n, d, shift=0.25) for t in range(3)]
        for steps in [1, 3]:
            add(f"normal {n}x{d}", rounds, steps=steps)
            add(f"normal {n}x{d}", rounds, tau=0.75 * np.sqrt(d), steps=steps)
        add(f"far below {n}x{d}", rounds, tau=0.01, steps=2)
        got = add(f"no distance reaches it {n}x{d}", rounds, tau=100.0)
        for x, result in zip(rounds, got):
            assert np.allclose(result["update"], x.mean(axis=0), rtol=1e-12, atol=1e-14)
    rounds = []
    for t in range(4):
        x = normal(950 + t, 10, 17, scale=0.01, shift=0.003)
        x[7:] = exact(x[7:] * -10.0)
        rounds.append(x)
    for steps in [1, 5]:
        add("three flipped 10x17", rounds, steps=steps)
        add("three flipped 10x17", rounds, tau=0.05, steps=steps)
    edits = [[i, -8, 0.5] for i in range(2, 13)]
    made = [
        formula(50, 1000, 7919 + 12 * t, 104729, 2039, 1019, 512, edits if t > 0 else [])
        for t in range(3)
    ]
    add("formula, eleven far rows later 50x1000", [m[0] for m in made], json=[m[1] for m in made])
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (7, 1))
    add("all rows equal 7x4", [same, same])
    add("all rows equal 7x4", [same, same, same], tau=2.0)
    add("zero rows 7x4", [np.zeros((7, 4)), same[:, :4], np.zeros((7, 4))])
    half = normal(970, 9, 4)
    half[[0, 2, 4, 6, 8]] = 0
    got = add("most at the center 9x4", [half])
    assert got[0]["report"] == {"bound": 0.0, "clipped": 4} and not np.any(got[0]["update"])
    fewer = [normal(971, 7, 4), normal(972, 5, 4), normal(973, 1, 4)]
    add("fewer rows in each round", fewer)
    y = normal(980, 9, 5)
    y[4] = exact(np.array([1e30, -1e30, 1e30, 1e30, -1e30]))
    calm = normal(981, 9, 5)
    add("outlier 1e30 9x5", [y, y, calm])
    add("outlier 1e30 9x5", [y, y, calm], tau=3.0)
    add("outlier 1e30, unclipped once 9x5", [y, calm], tau=1e32)
    z = normal(982, 9, 5)
    z[2], z[6] = exact(np.full(5, 3e38)), exact(np.full(5, -3e38))
    add("opposite 3e38 9x5", [z, calm])
    add("scale 1e-25 9x5", [normal(983, 9, 5, scale=1e-25), normal(984, 9, 5, scale=1e-25)])
    add("offset 1000 9x5", [exact(1000.0 + normal(985 + t, 9, 5, scale=1e-2)) for t in range(3)])
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    write(
        "DefensesTests/Fixtures/centered-clipping.json",
        {"script": "Tests/Reference/rules_centered_clipping.py", "cases": CASES},
    )
    print(len(CASES), "cases")


if __name__ == "__main__":
    main()
