"""Known answers for the attack chameleon (Dai and Li, ICML 2023; the loss is that of Khosla et al.,
Supervised contrastive learning, NeurIPS 2020).

    python3 Tests/Reference/attacks_chameleon.py

Version 1. Inputs are exact in float32, the rest is float64. Stage one: the layers up to the last hidden
one go down the supervised contrastive loss of normalized features, with anchors of the target label
weighed. Stage two: the output layer alone goes down the cross-entropy. Batches hold all examples, so that
the order in which they are drawn does not count.
"""

import numpy as np

from fixture import exact, normal, write
from networks import backward, check, count, forward, gradients


def contrast(features, labels, temperature, target, weight):
    """The loss as the paper writes it, term by term."""
    n = len(features)
    norms = np.linalg.norm(features, axis=1)
    z = np.array([f / m if m > 0 else f for f, m in zip(features, norms)])
    total = 0.0
    for i in range(n):
        positives = [j for j in range(n) if j != i and labels[j] == labels[i]]
        if not positives:
            continue
        products = {a: z[i] @ z[a] / temperature for a in range(n) if a != i}
        top = max(products.values())
        rest = top + np.log(sum(np.exp(v - top) for v in products.values()))
        scale = weight if labels[i] == target else 1.0
        total -= scale / len(positives) * sum(products[p] - rest for p in positives)
    return total / n


def contrast_gradient(features, labels, temperature, target, weight):
    """Its gradient by the features, with matrices."""
    n = len(features)
    norms = np.linalg.norm(features, axis=1, keepdims=True)
    z = np.divide(features, norms, out=np.zeros_like(features), where=norms > 0)
    s = z @ z.T / temperature
    np.fill_diagonal(s, -np.inf)
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    same = (labels[:, None] == labels[None, :]) & ~np.eye(n, dtype=bool)
    positives = same.sum(axis=1, keepdims=True)
    scale = np.where(labels == target, weight, 1.0)[:, None] / n
    slope = np.where(positives > 0, scale * (p - same / np.maximum(positives, 1)), 0)
    by_z = (slope + slope.T) @ z / temperature
    across = by_z - (by_z * z).sum(axis=1, keepdims=True) * z
    return np.divide(across, norms, out=np.zeros_like(across), where=norms > 0)


def stage_one(sizes, flat, x, labels, temperature, target, weight):
    def features(p):
        return forward(sizes, p, x)[0][-1]

    loss = contrast(features(flat), labels, temperature, target, weight)
    entering, _ = forward(sizes, flat, x)
    delta = contrast_gradient(entering[-1], labels, temperature, target, weight)
    delta = delta * (entering[-1] > 0)
    slope, _ = backward(sizes, flat, entering[:-1], delta, len(sizes) - 3)
    return loss, slope, features


def outputs(sizes):
    free = np.zeros(count(sizes), dtype=bool)
    free[count(sizes) - (sizes[-2] * sizes[-1] + sizes[-1]):] = True
    return free


def loss_cases():
    cases = []
    drawn = normal(830, 6, 4)
    for name, features, labels, temperature, target, weight in [
        ("three classes", drawn, [0, 1, 2, 0, 1, 0], 0.5, 0, 2.0),
        ("an example alone", drawn, [0, 1, 2, 2, 1, 2], 0.25, 2, 6.0),
        ("all alone", drawn[:3], [0, 1, 2], 0.07, 0, 2.0),
        ("one label", drawn[:4], [1, 1, 1, 1], 1.0, 0, 2.0),
        ("a zero", np.vstack([drawn[:3], np.zeros((1, 4))]), [0, 0, 1, 1], 0.5, 1, 3.0),
        ("cold", np.abs(drawn), [0, 1, 0, 1, 0, 1], 0.07, 1, 2.0),
    ]:
        labels = np.array(labels)
        slope = contrast_gradient(features, labels, temperature, target, weight)
        if name != "a zero":
            check(
                lambda f: contrast(f, labels, temperature, target, weight), features, slope,
                tolerance=1e-7)
        cases.append({
            "name": name, "features": features, "labels": labels, "temperature": temperature,
            "target": target, "weight": weight,
            "expected": {"loss": contrast(features, labels, temperature, target, weight),
                         "gradient": slope},
        })
    return cases


def training_cases():
    cases = []
    for seed, (name, sizes, temperature, weight, first, second, rates) in enumerate([
        ("one hidden layer", [6, 5, 3], 0.5, 2.0, 3, 2, (0.125, 0.25)),
        ("two hidden layers", [6, 5, 4, 3], 0.25, 1.0, 2, 4, (0.0625, 0.5)),
    ]):
        flat = normal(840 + seed, 1, count(sizes), scale=0.7)[0]
        x = normal(850 + seed, 12, 6)
        labels = np.arange(12) % 3
        target = seed
        p, losses = flat.copy(), []
        for step in range(first):
            loss, slope, features = stage_one(sizes, p, x, labels, temperature, target, weight)
            if step == 0:
                check(
                    lambda q: contrast(
                        forward(sizes, q, x)[0][-1], labels, temperature, target, weight),
                    p, slope, tolerance=1e-7)
                gradient = slope
            losses.append(loss)
            p = p - rates[0] * slope
        encoder, free = p.copy(), outputs(sizes)
        assert np.array_equal(encoder[free], flat[free])
        for _ in range(second):
            _, slope, _ = gradients(sizes, p, x, labels)
            p = np.where(free, p - rates[1] * slope, p)
        assert np.array_equal(p[~free], encoder[~free])
        cases.append({
            "name": name, "sizes": sizes, "temperature": temperature, "weight": weight,
            "target": target, "contrastEpochs": first, "epochs": second,
            "contrastRate": rates[0], "rate": rates[1], "parameters": flat, "inputs": x,
            "labels": labels,
            "expected": {"losses": losses, "gradient": gradient, "encoder": encoder,
                         "parameters": p},
        })
    return cases


def main():
    write("AttacksTests/Fixtures/chameleon.json",
          {"losses": loss_cases(), "trainings": training_cases()})


if __name__ == "__main__":
    main()
