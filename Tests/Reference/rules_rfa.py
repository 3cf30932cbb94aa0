"""Smoothed Weiszfeld steps in float64 -> Tests/DefensesTests/Fixtures/rfa.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_rfa.py`.

Paper: Pillutla, Kakade, Harchaoui, "Robust aggregation for federated learning", IEEE TSP 2022,
algorithm 2. Rows are client updates (local - global), so zero is the current global model.

Conventions
- v starts at 0 or, with start "mean", at sum_i p_i x_i; p_i = samples_i / sum samples, or 1/n where
  `samples` is null. Each of `steps` steps: beta_i = p_i / max(nu, ||v - x_i||),
  v <- sum_i beta_i x_i / sum_i beta_i. Defaults: nu 1e-6, 3 steps, start at zero.
- `weights` are the last beta_i / sum beta; `last-step` is ||v_new - v|| of the last step.

Agreement is 1e-6 of the largest value, as for rules without iterations: the number of steps is fixed.
Distances are summed from differences in float64, so only the last digits depend on the order.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def weiszfeld(x, p, nu, steps, start):
    v = np.zeros(x.shape[1]) if start == "zero" else (p[:, None] * x).sum(axis=0)
    for _ in range(steps):
        beta = p / np.maximum(nu, np.sqrt(np.sum((x - v) ** 2, axis=1)))
        weights = beta / beta.sum()
        new = (weights[:, None] * x).sum(axis=0)
        moved, v = np.linalg.norm(new - v), new
    return v, weights, moved


def add(name, x, samples=None, nu=1e-6, steps=3, start="zero", matrix=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    counts = np.ones(len(x)) if samples is None else np.array(samples, dtype=np.float64)
    update, weights, moved = weiszfeld(x, counts / counts.sum(), nu, steps, start)
    arguments = {"nu": nu, "steps": steps, "start": start}
    CASES.append(
        {
            "name": f"{name} rfa:" + ",".join(f"{k}={v}" for k, v in arguments.items()),
            "rule": "rfa",
            "arguments": arguments,
            "samples": samples,
            "matrix": x if matrix is None else matrix,
            "expected": {
                "update": update,
                "weights": weights,
                "dispositions": ["not-judged"] * len(x),
                "suspicion": None,
                "report": {"last-step": float(moved)},
            },
        }
    )
    return CASES[-1]["expected"]


def main():
    three = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    # ByzFL's three steps from 0 with nu = 0.1, which no distance here is below: not yet (4, 5, 6).
    got = add("known answer", three, nu=0.1)
    assert np.allclose(got["update"], [3.788, 4.788, 5.788], rtol=0, atol=5e-4)
    got = add("known answer", three, start="mean")
    assert np.allclose(got["update"], [4, 5, 6], rtol=0, atol=1e-5)
    for seed, (n, d) in enumerate([(7, 5), (10, 20), (25, 12)]):
        x = normal(700 + seed, n, d, shift=0.25)
        samples = np.random.default_rng(710 + seed).integers(1, 60, n).tolist()
        for start in ["zero", "mean"]:
            for steps in [1, 2, 3, 10]:
                add(f"normal {n}x{d}", x, steps=steps, start=start)
            add(f"normal, samples {n}x{d}", x, samples=samples, start=start)
        add(f"normal, wide smoothing {n}x{d}", x, nu=2.0 * np.sqrt(d))
    x = normal(720, 10, 17, scale=0.01)
    x[7:] = exact(x[7:] * -10.0)
    add("three flipped 10x17", x)
    add("three flipped 10x17", x, start="mean", steps=5)
    edits = [[i, -8, 0.5] for i in range(2, 13)]
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, edits)
    samples = [1 + (7 * i) % 23 for i in range(50)]
    add("formula, eleven far rows 50x1000", x, matrix=json)
    add("formula, eleven far rows, samples 50x1000", x, samples=samples, matrix=json)
    add("formula, eleven far rows 50x1000", x, start="mean", matrix=json)
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0, 1e-3]]), (7, 1))
    add("all rows equal 7x5", same)
    add("all rows equal 7x5", same, start="mean")
    add("zero rows 7x5", np.zeros((7, 5)))
    add("one row 1x5", normal(730, 1, 5))
    held = normal(731, 7, 5)
    held[3] = 0
    got = add("one zero row holds the start 7x5", held)
    assert got["weights"][3] > 1 - 1e-4
    add("one zero row, start at the mean 7x5", held, start="mean")
    y = normal(740, 9, 5)
    y[4] = exact(np.array([1e30, -1e30, 1e30, 1e30, -1e30]))
    add("outlier 1e30 9x5", y)
    add("outlier 1e30 9x5", y, start="mean")
    z = normal(741, 9, 5)
    z[2], z[6] = exact(np.full(5, 3e38)), exact(np.full(5, -3e38))
    add("opposite 3e38 9x5", z)
    add("scale 1e-25 9x5", normal(742, 9, 5, scale=1e-25))
    add("offset 1000 9x5", exact(1000.0 + normal(743, 9, 5, scale=1e-2)))
    add("offset 1000 9x5", exact(1000.0 + normal(743, 9, 5, scale=1e-2)), start="mean")
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    write(
        "DefensesTests/Fixtures/rfa.json",
        {"script": "Tests/Reference/rules_rfa.py", "cases": CASES},
    )
    print(len(CASES), "cases")


if __name__ == "__main__":
    main()
