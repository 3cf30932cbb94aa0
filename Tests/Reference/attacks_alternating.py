"""Alternating minimization in float64 -> Tests/AttacksTests/Fixtures/alternating.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_alternating.py`.

Paper: Bhagoji, Chakraborty, Mittal, Calo, ICML 2019, section 4.3. From w = w_t, so often: steps of
gradient descent on the loss of the chosen inputs with the target's label, whose whole increment is
multiplied by gamma; then steps on L(own data) + rho * ||w - w_t - delta||. `delta` estimates the mean
benign update of the round before, (w_t - w_{t-1}) / server rate; there is none without w_{t-1}.

The gradients of the distance and of its square are checked here against central differences; at the
center itself the norm's counts as 0. Batches are whole, the model is softmax regression.
"""

import numpy as np

from fixture import exact, normal, write
from softmax_training import difference_quotients, gradient

CLASSES, FEATURES, ROWS = 3, 6, 12
D = CLASSES * (FEATURES + 1)


def distance_gradient(parameters, center):
    difference = parameters - center
    norm = np.linalg.norm(difference)
    return difference / norm if norm > 0 else np.zeros_like(difference)


def term(seed, d, scale=1.0):
    parameters, center, own = normal(seed, 3, d, scale)
    norm = distance_gradient(parameters, center)
    square = 2 * (parameters - center)
    by_norm = difference_quotients(lambda x: np.linalg.norm(x - center), parameters)
    by_square = difference_quotients(lambda x: np.sum((x - center) ** 2), parameters)
    assert np.allclose(norm, by_norm, atol=1e-6 * max(1, scale))
    assert np.allclose(square, by_square, atol=1e-6 * max(1, scale), rtol=1e-6)
    return {
        "parameters": parameters,
        "center": center,
        "gradient": own,
        "norm": own + 0.25 * norm,
        "square": 0.75 * own + 0.25 * square,
    }


def case(seed, gamma, rho, alternations, malicious, stealthy, rate, server, samples, first=False):
    world = normal(seed, 1, D, 0.5)[0]
    previous = None if first else exact(world - normal(seed + 50, 1, D, 0.1)[0])
    inputs = normal(seed + 100, ROWS, FEATURES)
    labels = np.arange(ROWS) % CLASSES
    targets = normal(seed + 150, samples, FEATURES)
    wanted = np.zeros(samples, dtype=int)
    center = None if first else world + (world - previous) / server
    w = world.copy()
    for _ in range(alternations):
        start = w.copy()
        for _ in range(malicious):
            w = w - rate * gradient(w, targets, wanted, CLASSES)
        w = start + gamma * (w - start)
        for _ in range(stealthy):
            slope = gradient(w, inputs, labels, CLASSES)
            if center is not None:
                slope = slope + rho * distance_gradient(w, center)
            w = w - rate * slope
    return {
        "gamma": gamma,
        "rho": rho,
        "alternations": alternations,
        "maliciousSteps": malicious,
        "stealthSteps": stealthy,
        "rate": rate,
        "serverRate": server,
        "global": world,
        "previous": previous,
        "inputs": inputs,
        "labels": labels,
        "targets": targets,
        "expected": w,
    }


write(
    "AttacksTests/Fixtures/alternating.json",
    {
        "terms": [term(1300, 7), term(1301, 50, 8.0)],
        "cases": [
            case(1310, 10.0, 0.0, 1, 1, 0, 0.25, 1.0, 1),
            case(1311, 10.0, 0.5, 2, 1, 3, 0.125, 1.0, 1),
            case(1312, 4.0, 0.5, 3, 2, 2, 0.125, 0.5, 3),
            case(1313, 4.0, 0.5, 2, 1, 2, 0.125, 1.0, 1, first=True),
            case(1314, 1.0, 1.0, 1, 1, 8, 0.0625, 2.0, 2),
        ],
    },
)
