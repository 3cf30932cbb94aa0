"""The covariance bound agnostic filter in float64 -> Tests/DefensesTests/Fixtures/caf.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_caf.py`.

Paper: Allouah, Guerraoui, Stephan, "Towards trustworthy federated learning with untrusted
participants", ICML 2025. Rows are client updates (local - global).

Conventions
- c_i = 1. While sum c > n - 2f: m = the weighted mean, (lambda, v) = the largest eigenpair of the
  weighted covariance sum c_i (x_i - m)(x_i - m)^T / sum c; m is kept if lambda is below all before
  (the first pass keeps its m in any case, f = 0 too); tau_i = <x_i - m, v>^2; c_i *= 1 - tau_i / max
  tau. Where all tau are 0 it ends.
- max tau runs over all rows, as the authors write it, in passes 1 to n. From pass n + 1 on it runs
  over rows with c_i > 0 alone (`guarded`); otherwise the input "hang" never ends.
- `passes` counts the reductions of c. `weights` are c / sum c at the kept m, `suspicion` is 1 - c at
  the end; a row of weight 0 is `rejected`.

The eigenpair comes from the singular values of the rows. In every pass the largest two eigenvalues
are 1e-3 apart, relative, and the kept lambda differs from all others by 1e-6.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def caf(x, f):
    n = len(x)
    c = np.ones(n)
    least, kept, lambdas, passes, guarded = np.inf, None, [], 0, False
    scale = max(np.max(np.abs(x - x[0])), 0.0) if x.shape[1] else 0.0
    scale = scale if scale > 0 else 1.0
    y = (x - x[0]) / scale
    while True:
        total = c.sum()
        mean = (c / total) @ y
        centered = y - mean
        weighted = np.sqrt(c / total)[:, None] * centered
        value, tau = 0.0, np.zeros(n)
        if weighted.size:
            _, s, vt = np.linalg.svd(weighted, full_matrices=False)
            value = s[0] ** 2
            held = y[c > 0] - y[np.argmax(c)]
            if value > 1e-28 * np.max(held**2):
                assert len(s) < 2 or s[1] ** 2 < value * (1 - 1e-3), s
                tau = (centered @ vt[0]) ** 2
            else:
                value = 0.0
        lambdas.append(value)
        if value < least:
            least, kept = value, c / total
        if f == 0:
            break
        passes += 1
        late = passes > n
        largest = np.max(np.where(c > 0, tau, 0)) if late else np.max(tau)
        if largest == 0:
            break
        guarded = guarded or late
        c = np.where(c > 0, c * np.maximum(0, 1 - tau / largest), 0)
        if c.sum() <= n - 2 * f:
            break
        assert abs(c.sum() - (n - 2 * f)) > 1e-6
    others = [v for v in lambdas if v != least]
    assert not others or min(others) > least * (1 + 1e-6)
    return {
        "update": kept @ x,
        "weights": kept,
        "suspicion": 1 - c,
        "rejected": [i for i in range(n) if kept[i] == 0],
        "report": {
            "eigenvalue": least * scale**2,
            "passes": passes,
            "guarded": int(guarded),
        },
    }


def add(name, x, f, matrix=None, announced=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    expected = caf(x, min(f, (len(x) - 1) // 2))
    CASES.append(
        {
            "name": f"{name} caf:f={f}",
            "rule": "caf",
            "arguments": {"f": f},
            "matrix": x if matrix is None else matrix,
            "announced": len(x) if announced is None else announced,
            "expected": expected,
        }
    )
    return expected


def stretched(seed, n, d):
    """Normal rows that spread most along the first coordinates, by steps."""
    return exact(normal(seed, n, d) * np.linspace(3, 1, d) ** 2)


HANG = [2.6457, -0.3763, -0.3761, -0.3763, -0.3758, -0.3813, -0.3782, -0.3817, 1.7319, 1.7343]


def main():
    small = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert np.allclose(add("known answer", small, 1)["update"], [4, 5, 6], rtol=1e-14)
    hang = add("hang", exact(np.array(HANG)[:, None]), 2)
    assert hang["report"]["guarded"] == 1
    for seed, (n, d, f) in enumerate([(7, 5, 1), (7, 5, 3), (11, 8, 2), (23, 30, 5), (12, 7, 0)]):
        x = stretched(800 + seed, n, d)
        add(f"normal {n}x{d}", x, f)
        y = x.copy()
        y[[(5 * k + 1) % n for k in range(f)]] += 8
        add(f"a far group {n}x{d}", exact(y), f)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, [[i, 1, 1.5] for i in range(2, 9)])
    # Along one direction each, so that the eigenvalues stay apart.
    add("formula 50x1000", x, 3, matrix=json)
    x, json = formula(50, 1000, 37, 53, 101, 50, 64, [[i, 1, 2.5] for i in range(2, 13)])
    add("formula, a group of eleven 50x1000", x, 11, matrix=json)
    add("one column", normal(820, 9, 1), 3)
    add("identical 6x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (6, 1)), 2)
    add("identical, f = 0", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (6, 1)), 0)
    add("zero 5x3", np.zeros((5, 3)), 2)
    add("no columns 5x0", np.zeros((5, 0)), 2)
    add("one row", [[1, -2, 3]], 0)
    add("one row of five", [[1, -2, 3]], 2, announced=5)
    add("two rows of five", [[1, -2, 3], [5, 0, 1]], 2, announced=5)
    add("three rows of seven", stretched(823, 3, 4), 3, announced=7)
    far = stretched(824, 9, 5)
    far[2] = exact([3e38] * 5)
    # How often the far row, of weight 0 by then, stops the filter is a matter of rounding.
    add("one row of 3e38", far, 2).pop("report")
    far[2] = exact([300] * 5)
    add("one row of 300", far, 2)
    add("scale 1e-15", exact(1e-15 * stretched(825, 9, 5)), 2)
    add("offset 1000", exact(1000.0 + 1e-2 * stretched(826, 9, 5)), 2)
    for case in CASES:
        print(case["name"], case["expected"].get("report"))
    write(
        "DefensesTests/Fixtures/caf.json",
        {"script": "Tests/Reference/rules_caf.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
