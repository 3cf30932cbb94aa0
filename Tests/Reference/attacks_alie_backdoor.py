"""ALIE's backdoor in float64 -> Tests/AttacksTests/Fixtures/alie-backdoor.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_alie_backdoor.py`.

Paper: Baruch, Baruch, Goldberg, NeurIPS 2019, section 3.4 (backdooring), with the client's own honest
model M as the center: M is trained on clean data from w_t; then X from M on alpha * L(poisoned data)
+ (1 - alpha) * ||X - M||^2; then each coordinate of X - w_t is clamped into mu +- z sigma, mean and
population standard deviation over the honest rows.

Every example is poisoned here: the first two features become 1 and the label 0. Batches are whole,
the model is softmax regression. The gradient is checked against central differences.
"""

import numpy as np

from fixture import exact, normal, write
from softmax_training import difference_quotients, gradient, loss

CLASSES, FEATURES, ROWS = 3, 6, 12
D = CLASSES * (FEATURES + 1)


def case(seed, alpha, z, epochs, rate, honest_rows, spread):
    world = normal(seed, 1, D, 0.5)[0]
    inputs = normal(seed + 50, ROWS, FEATURES)
    labels = np.arange(ROWS) % CLASSES
    model = world.copy()
    for _ in range(epochs):
        model = model - rate * gradient(model, inputs, labels, CLASSES)
    dirty = inputs.copy()
    dirty[:, :2] = 1
    wrong = np.zeros(ROWS, dtype=int)

    def objective(x):
        return alpha * loss(x, dirty, wrong, CLASSES) + (1 - alpha) * np.sum((x - model) ** 2)

    x = model.copy()
    for _ in range(epochs):
        slope = alpha * gradient(x, dirty, wrong, CLASSES) + (1 - alpha) * 2 * (x - model)
        assert np.allclose(slope, difference_quotients(objective, x), atol=1e-7)
        x = x - rate * slope
    honest = exact(model - world + normal(seed + 100, honest_rows, D, spread))
    mean, deviation = honest.mean(axis=0), honest.std(axis=0)
    sent = np.clip(x - world, mean - z * deviation, mean + z * deviation)
    return {
        "alpha": alpha,
        "z": z,
        "epochs": epochs,
        "rate": rate,
        "global": world,
        "inputs": inputs,
        "labels": labels,
        "honest": honest,
        "model": model,
        "trained": x,
        "sent": sent,
        "low": mean - z * deviation,
        "high": mean + z * deviation,
    }


write(
    "AttacksTests/Fixtures/alie-backdoor.json",
    [
        case(1400, 0.2, 1.5, 1, 0.25, 5, 0.01),
        case(1401, 0.2, 1.5, 4, 0.25, 8, 0.05),
        case(1402, 1.0, 0.5, 3, 0.25, 5, 0.05),
        case(1403, 0.0, 1.5, 3, 0.25, 5, 0.05),
        case(1404, 0.5, 0.0, 2, 0.125, 1, 0.05),
    ],
)
