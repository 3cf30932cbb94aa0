"""Known answers for the attack 3dfed (Li et al., 3DFed, IEEE S&P 2023).

    python3 Tests/Reference/attacks_3dfed.py

Version 1. Inputs are exact in float32, the rest is float64. Masks: with r the root mean square of the
output layers of the colluding updates, u = update / r, and w coordinates for each neuron (its weights and
its bias), each mask m takes `steps` steps of size rate * w down
alpha * sum over neurons of w / sum |u + m| + (1 - alpha) * |m| / sqrt(w * neurons), and after each the mean
of all masks is taken off all; sent is update + r * m. Decoys: half the gradient of the loss, and half that of
-push * |X_p - B_p| while the distance is at most reach. Readings: shares of the planted values.
"""

import numpy as np

from fixture import exact, normal, write
from networks import check


def output_layer(inputs, classes, front):
    """The coordinates of each neuron: weights are inputs x classes, then the biases."""
    bias = front + inputs * classes
    return [[front + i * classes + j for i in range(inputs)] + [bias + j] for j in range(classes)]


def loss(mask, update, width, alpha):
    blocks = (update + mask).reshape(-1, width)
    energy = np.abs(blocks).sum(axis=1)
    return alpha * (width / energy).sum() + (1 - alpha) * np.linalg.norm(mask) / np.sqrt(len(mask))


def slope(mask, update, width, alpha):
    blocks = (update + mask).reshape(-1, width)
    assert np.abs(blocks).min() > 1e-6, "a sign that rounding could decide"
    energy = np.abs(blocks).sum(axis=1, keepdims=True)
    pull = (-width / energy**2 * np.sign(blocks)).reshape(-1)
    return alpha * pull + (1 - alpha) * mask / (np.linalg.norm(mask) * np.sqrt(len(mask)))


def masked(rows, inputs, classes, front, neurons, start, alpha, steps, rate):
    layer = output_layer(inputs, classes, front)
    places = [c for j in neurons for c in layer[j]]
    whole = [c for neuron in layer for c in neuron]
    r = np.sqrt((rows[:, whole] ** 2).mean())
    updates = rows[:, places] / r
    masks = start - start.mean(axis=0)
    for step in range(steps):
        slopes = [slope(m, u, inputs + 1, alpha) for m, u in zip(masks, updates)]
        if step < 2:
            for m, u, s in zip(masks, updates, slopes):
                check(lambda p: loss(p, u, inputs + 1, alpha), m, s)
        masks = masks - rate * (inputs + 1) * np.array(slopes)
        masks = masks - masks.mean(axis=0)
    assert np.abs(masks.sum(axis=0)).max() < 1e-12
    sent = rows.copy()
    sent[:, places] += r * masks
    return sent


def mask_cases():
    cases = []
    for seed, (name, inputs, classes, front, members, neurons, alpha, steps, rate) in enumerate([
        ("two members", 4, 3, 0, 2, [0, 2], 0.5, 5, 0.1),
        ("three members behind a hidden layer", 3, 4, 7, 3, [1, 2, 3], 0.9, 30, 0.1),
        ("size alone", 5, 3, 0, 2, [0, 1], 0.0, 10, 0.05),
        ("changes alone", 5, 3, 2, 2, [1], 1.0, 10, 0.05),
        ("no step", 2, 2, 0, 2, [1], 0.5, 0, 0.1),
    ]):
        rows = normal(900 + seed, members, front + (inputs + 1) * classes, scale=0.02)
        start = normal(910 + seed, members, len(neurons) * (inputs + 1))
        sent = masked(rows, inputs, classes, front, neurons, start, alpha, steps, rate)
        cases.append({"name": name, "inputs": inputs, "classes": classes, "front": front,
                      "rows": rows, "neurons": neurons, "start": start, "alpha": alpha,
                      "steps": steps, "rate": rate, "expected": sent})
    return cases


def decoy_cases():
    cases = []
    for seed, (name, coordinate, benign, push, reach) in enumerate([
        ("above", 2, -0.5, 10.0, 10.0), ("below", 1, 4.0, 2.0, 10.0),
        ("out of reach", 0, -3.0, 10.0, 0.5),
    ]):
        local = normal(920 + seed, 1, 5)[0]
        before = normal(930 + seed, 1, 5)[0]
        distance = local[coordinate] - benign

        def value(p):
            far = abs(p[coordinate] - benign)
            return (before @ p - (push * far if far <= reach else 0)) / 2

        expected = before / 2
        if abs(distance) <= reach:
            expected[coordinate] -= push * np.sign(distance) / 2
        check(value, local, expected)
        cases.append({"name": name, "coordinate": coordinate, "benign": benign, "push": push,
                      "reach": reach, "local": local, "gradient": before, "expected": expected})
    at = exact([1, 2, 3])
    cases.append({"name": "at the benign value", "coordinate": 1, "benign": 2.0, "push": 4.0,
                  "reach": 1.0, "local": at, "gradient": at, "expected": at / 2 - [0, 2, 0]})
    return cases


def reading_cases():
    """Replies by the shares of the planted values in the global step."""
    return [
        {"shares": [0.1, 0.1, 0.0], "expected": ["accepted", "accepted", "rejected"]},
        {"shares": [0.1, 0.05, 0.09], "expected": ["accepted", "clipped", "accepted"]},
        {"shares": [0.0, 0.00005, -0.00005], "expected": ["rejected", "rejected", "rejected"]},
        {"shares": [1.0, 0.5], "expected": ["accepted", "clipped"]},
        {"shares": [0.1, 1.5], "expected": None},
        {"shares": [0.1, -0.001], "expected": None},
    ]


def main():
    write("AttacksTests/Fixtures/3dfed.json",
          {"masks": mask_cases(), "decoys": decoy_cases(), "readings": reading_cases()})


if __name__ == "__main__":
    main()
