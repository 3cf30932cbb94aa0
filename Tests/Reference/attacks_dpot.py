"""Known answers for the attack dpot (Zhang, Gong, Reiter, arXiv 2405.06206, 2024).

    python3 Tests/Reference/attacks_dpot.py

Version 1. Inputs are exact in float32, the rest is float64. The trigger training data are the
examples of all attackers that are not of the target class, labelled as the target. The pixels are
those with the largest gradient of the mean loss by the same feature of all of them (channels summed
in magnitude, ties to the earlier pixel); values start at the mean of the data and take `steps` steps
of gradient descent, clipped to [low, high] after each.
"""

import numpy as np

from fixture import exact, normal, write
from networks import check, count, gradients


def loss_of(sizes, flat, x, places, values, target):
    marked = x.copy()
    marked[:, places] = values
    return gradients(sizes, flat, marked, np.full(len(x), target))


def optimise(sizes, flat, x, target, pixels, channels, steps, rate, low, high):
    _, _, clean = loss_of(sizes, flat, x, [], [], target)
    sensitivity = clean.sum(axis=0)
    scores = np.abs(sensitivity).reshape(-1, channels).sum(axis=1)
    chosen = sorted(np.argsort(-scores, kind="stable")[:pixels])
    places = [int(p) * channels + c for p in chosen for c in range(channels)]
    check(
        lambda shift: loss_of(sizes, flat, x + shift, [], [], target)[0],
        np.zeros(x.shape[1]), sensitivity)
    values = np.clip(x[:, places].mean(axis=0), low, high)
    losses = []
    for step in range(steps):
        loss, _, inputs = loss_of(sizes, flat, x, places, values, target)
        slope = inputs.sum(axis=0)[places]
        if step == 0:
            check(
                lambda v: loss_of(sizes, flat, x, places, v, target)[0], values, slope)
        losses.append(loss)
        values = np.clip(values - rate * slope, low, high)
    losses.append(loss_of(sizes, flat, x, places, values, target)[0])
    return sensitivity, places, values, losses


CASES = [
    ("vector", [6, 4, 3], 1, 2, 0, 5, 0.5, -1.0, 1.0),
    ("logistic", [6, 3], 1, 3, 1, 4, 1.0, 0.0, 1.0),
    ("channels", [12, 5, 4, 3], 2, 2, 2, 6, 0.25, -0.5, 2.0),
    ("no steps", [6, 4, 3], 1, 1, 2, 0, 0.5, -1.0, 1.0),
]


def main():
    cases = []
    for seed, (name, sizes, channels, pixels, target, steps, rate, low, high) in enumerate(CASES):
        flat = normal(700 + seed, 1, count(sizes), scale=0.7)[0]
        x = normal(720 + seed, 14, sizes[0])
        labels = np.arange(14) % 3
        useful = x[labels != target]
        sensitivity, places, values, losses = optimise(
            sizes, flat, useful, target, pixels, channels, steps, rate, low, high)
        assert all(b <= a + 1e-12 for a, b in zip(losses, losses[1:])), (name, losses)
        cases.append({
            "name": name, "sizes": sizes, "channels": channels, "pixels": pixels, "target": target,
            "steps": steps, "rate": rate, "low": low, "high": high, "parameters": flat, "inputs": x,
            "labels": labels,
            "expected": {
                "sensitivity": sensitivity, "positions": places, "values": values,
                "losses": losses,
            },
        })
    write("AttacksTests/Fixtures/dpot.json", {"cases": cases})


if __name__ == "__main__":
    main()
