"""Products of an L-BFGS approximation in float64 -> Tests/StatisticsTests/Fixtures/lbfgs.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/lbfgs.py`.

Paper: Byrd, Nocedal, Schnabel, Mathematical Programming 63, 1994. Computed here by the recursion that the
compact form stands for: B = sigma I with sigma = <y, s> / <s, s> of the newest pair, then for each pair,
oldest first, B <- B - B s s^T B / (s^T B s) + y y^T / (y^T s).
- pairs of a quadratic have y = H s with H symmetric positive definite; "noisy" ones differ from that.
- on a quadratic the secant equation B s = y holds for the newest pair, which is checked here.
"""

import numpy as np

from fixture import exact, normal, write


def dense(steps, changes):
    sigma = changes[-1] @ steps[-1] / (steps[-1] @ steps[-1])
    b = sigma * np.eye(len(steps[0]))
    for s, y in zip(steps, changes):
        bs = b @ s
        b = b - np.outer(bs, bs) / (s @ bs) + np.outer(y, y) / (y @ s)
    return b


def case(name, seed, m, d, noise=0.0):
    root = normal(seed, d, d)
    hessian = root @ root.T / d + 0.5 * np.eye(d)
    steps = normal(seed + 1, m, d)
    changes = exact(steps @ hessian + noise * normal(seed + 2, m, d))
    assert all(s @ y > 0 for s, y in zip(steps, changes))
    b = dense(steps, changes)
    assert np.allclose(b @ steps[-1], changes[-1])
    vector = normal(seed + 3, 1, d)[0]
    return {"name": name, "steps": steps, "changes": changes, "vector": vector, "product": b @ vector}


write(
    "StatisticsTests/Fixtures/lbfgs.json",
    {
        "cases": [
            case("one pair", 700, 1, 4),
            case("two pairs", 710, 2, 5),
            case("noisy", 720, 4, 12, 0.05),
            case("ten pairs", 730, 10, 40),
        ]
    },
)
