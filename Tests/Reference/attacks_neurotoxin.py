"""Known answers for the attack neurotoxin with the gradient on clean data as its reference.

    python3 Tests/Reference/attacks_neurotoxin.py

Paper: Zhang et al., Neurotoxin, ICML 2022, Algorithm 1. Version 1, numpy 2.4.6.

`reference` is the gradient of the mean cross-entropy over all clean examples of one client at the
global parameters G. The floor(keep * d) coordinates of smallest |reference| are trained (the product in
decimal, at least one; of equal magnitudes the lower index first): `mask` is 1 there. One step on other
examples, those that the client was given to train on, gives X = G - rate * mask * gradient on them.
Inputs are exact in float32, the rest is float64; no case hangs on how float32 rounds.
"""

import fractions

import numpy as np

from fixture import normal, write
from networks import check, count, cross_entropy, forward, gradients

RATE = 0.25


def is_clear(sizes, flat, x):
    """Whether no hidden unit is near its kink."""
    entering, _ = forward(sizes, flat, x)
    return all(np.abs(e)[e != 0].min() > 1e-3 for e in entering[1:]) if len(sizes) > 2 else True


def case(seed, name, sizes, keep, examples, dark=(), is_zero=False):
    d = count(sizes)
    flat = np.zeros(d) if is_zero else normal(seed, 1, d, scale=0.7)[0]
    clients = []
    for client, size in enumerate(examples):
        x = np.abs(normal(seed + 1 + client, size, sizes[0]))
        x[:, list(dark)] = 0
        labels = (np.arange(size) + client) % sizes[-1]
        given = np.abs(normal(seed + 11 + client, size, sizes[0]))
        given_labels = np.zeros(size, dtype=int)
        assert is_clear(sizes, flat, x) and is_clear(sizes, flat, given)

        _, reference, _ = gradients(sizes, flat, x, labels)
        check(lambda p: cross_entropy(forward(sizes, p, x)[1], labels)[0], flat, reference)
        kept = max(1, int(fractions.Fraction(keep) * d))
        order = sorted(range(d), key=lambda j: (abs(reference[j]), j))
        if kept < d:
            last, first = (abs(reference[order[k]]) for k in (kept - 1, kept))
            assert first == last == 0 or is_zero or first - last > 1e-4 * np.abs(reference).max()
        mask = np.zeros(d, dtype=int)
        mask[order[:kept]] = 1
        _, step, _ = gradients(sizes, flat, given, given_labels)
        clients.append({
            "clean": x, "labels": labels, "given": given, "givenLabels": given_labels,
            "expected": {
                "reference": reference, "mask": mask, "parameters": flat - RATE * mask * step,
            },
        })
    return {
        "name": name, "sizes": sizes, "keep": float(keep), "rate": RATE, "global": flat,
        "clients": clients,
    }


def zero_weights():
    """Two classes with equal scores: the gradients of the two differ in sign alone, and tie."""
    result = case(740, "ties of two classes", [3, 2], "0.4", [4], is_zero=True)
    client = result["clients"][0]
    x, labels = np.array(client["clean"]), client["labels"]
    by_class = [(x * np.where(labels == c, -0.5, 0.5)[:, None]).mean(axis=0) for c in range(2)]
    assert np.array_equal(by_class[0], -by_class[1])
    assert np.allclose(client["expected"]["reference"][:6], np.stack(by_class, axis=1).ravel())
    assert np.array_equal(client["expected"]["reference"][6:], [0, 0])
    # Both biases, and of the smallest pair the class 0.
    smallest = int(np.argmin(np.abs(by_class[0])))
    assert np.flatnonzero(client["expected"]["mask"]).tolist() == [2 * smallest, 6, 7]
    return result


def main():
    write(
        "AttacksTests/Fixtures/neurotoxin.json",
        {
            "script": "Tests/Reference/attacks_neurotoxin.py",
            "cases": [
                case(700, "logistic", [6, 3], "0.5", [10, 7]),
                case(710, "a hidden layer", [6, 5, 3], "0.7", [10, 7, 9]),
                case(720, "dark features are trained first", [6, 5, 3], "0.2", [10], dark=[1, 4]),
                case(730, "fewer than the gradients that are zero", [6, 3], "0.1", [9, 10], dark=[0, 2, 5]),
                zero_weights(),
                case(750, "nothing is masked", [6, 3], "1", [10]),
                case(760, "one coordinate", [6, 5, 3], "0", [10, 8]),
            ],
        },
    )


if __name__ == "__main__":
    main()
