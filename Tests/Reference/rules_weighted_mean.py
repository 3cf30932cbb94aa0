"""The capped weighted mean in float64 -> Tests/DefensesTests/Fixtures/weighted-mean.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_weighted_mean.py`.

Paper: McMahan, Moore, Ramage, Hampson, Agueera y Arcas, AISTATS 2017, for sum_i p_i x_i with
p_i = samples_i / sum samples. Rows are client updates (local - global). The cap is Gauntlet's own.

Conventions
- Without a cap q = p. With one q_i = min(cap, lambda p_i), lambda such that sum q = 1, found here by
  bisection. A cap below 1/n counts as 1/n. Where the rows below the cap have no weight at all, what
  is left goes to them in equal parts.
- `weights` are q. A row with q_i < p_i is downweighted, the others accepted; without a cap nobody is
  judged. `suspicion` is max(0, p_i - cap).
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def capped(p, cap):
    n = len(p)
    cap = max(cap, 1 / n)
    if p.max() <= cap:
        return p, cap
    positive = p > 0
    if positive.sum() * cap <= 1:
        q = np.where(positive, cap, 0.0)
        free = ~positive
        if free.any():
            q[free] = (1 - q.sum()) / free.sum()
        return q, cap
    low, high = 1.0, 1e18
    for _ in range(200):
        middle = (low + high) / 2 if high < 4 * low else np.sqrt(low * high)
        if np.minimum(cap, middle * p).sum() < 1:
            low = middle
        else:
            high = middle
    return np.minimum(cap, high * p), cap


def add(name, x, samples=None, cap="none", matrix=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    counts = np.ones(len(x)) if samples is None else np.array(samples, dtype=np.float64)
    p = counts / counts.sum()
    q, suspicion, dispositions = p, None, ["not-judged"] * len(x)
    if cap != "none":
        q, least = capped(p, cap)
        assert abs(q.sum() - 1) < 1e-12 and q.max() <= least + 1e-15, name
        suspicion = np.maximum(0, p - least)
        dispositions = ["downweighted" if s > 0 else "accepted" for s in suspicion]
    CASES.append(
        {
            "name": f"{name} weighted-mean:cap={cap}",
            "rule": "weighted-mean",
            "arguments": {"cap": cap},
            "samples": samples,
            "matrix": x if matrix is None else matrix,
            "expected": {
                "update": (q[:, None] * x).sum(axis=0),
                "weights": q,
                "dispositions": dispositions,
                "suspicion": suspicion,
            },
        }
    )
    return CASES[-1]["expected"]


def main():
    got = add("known answer", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], samples=[1, 1, 2])
    assert got["update"].tolist() == [4.75, 5.75, 6.75]
    # By hand: 0.6, 0.3, 0.1 capped at 0.5 leaves 0.5 for 3 : 1.
    got = add("by hand 3x1", [[1], [2], [4]], samples=[6, 3, 1], cap=0.5)
    assert np.allclose(got["weights"], [0.5, 0.375, 0.125], rtol=0, atol=1e-15)
    # One cap leads to the next: 0.8, 0.15, 0.05 at 0.4 would give the second 0.45.
    got = add("second pass 3x1", [[1], [2], [4]], samples=[16, 3, 1], cap=0.4)
    assert np.allclose(got["weights"], [0.4, 0.4, 0.2], rtol=0, atol=1e-15)
    for seed, (n, d) in enumerate([(7, 5), (12, 33), (20, 8)]):
        x = normal(600 + seed, n, d)
        samples = np.random.default_rng(610 + seed).integers(1, 60, n).tolist()
        add(f"normal, no samples {n}x{d}", x)
        add(f"normal, no samples {n}x{d}", x, cap=0.3)
        for cap in ["none", 0.01, 1 / n, 0.1, 0.15, 0.5, 1.0]:
            add(f"normal {n}x{d}", x, samples=samples, cap=cap)
        bought = samples[:2] + [100_000] + samples[3:]
        add(f"bought weight {n}x{d}", x, samples=bought, cap=2 / n)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512)
    samples = [1 + (7 * i) % 23 * (40 if i < 11 else 1) for i in range(50)]
    add("formula 50x1000", x, samples=samples, matrix=json)
    add("formula 50x1000", x, samples=samples, cap=0.04, matrix=json)
    add("one row 1x5", normal(620, 1, 5), cap=0.25)
    add("others without weight 4x1", [[1], [2], [4], [8]], samples=[1, 0, 0, 0], cap=0.4)
    add("two with all weight 5x1", [[1], [2], [4], [8], [16]], samples=[3, 0, 1, 0, 0], cap=0.25)
    add("zero rows 7x5", np.zeros((7, 5)), samples=[9, 1, 1, 1, 1, 1, 1], cap=0.2)
    y = normal(630, 9, 5)
    y[4] = exact(np.full(5, 3e38))
    add("two of 3e38 9x5", y, samples=[1, 1, 1, 1, 50, 1, 1, 1, 1], cap=0.2)
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    write(
        "DefensesTests/Fixtures/weighted-mean.json",
        {"script": "Tests/Reference/rules_weighted_mean.py", "cases": CASES},
    )
    print(len(CASES), "cases")


if __name__ == "__main__":
    main()
