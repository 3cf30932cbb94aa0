"""Tiny models in float64 NumPy -> Tests/TrainingTests/Fixtures/training.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/training.py [--check]`. With --check,
PyTorch (2.15.0) in float64 repeats every case.

Conventions
- A layer is z = a W + b with W of shape (inputs, outputs), row-major. Flat parameters and gradients
  list, layer by layer, W and then b. ReLU between layers, its derivative at 0 is 0.
- Loss: mean over the batch of the softmax cross-entropy in nats.
- SGD as in PyTorch, for every parameter, biases included: g += decay * p; v = momentum * v + g
  with v = 0 before the first step and no dampening; p -= rate * v. Plain SGD: momentum 0.
- `steps`: the parameters after each of three steps, and the loss before each, on the batches listed
  by sample index in `batches`.
- `worker`: worker momentum of FedSGD, m = beta m + (1 - beta) g from m = 0, with g the gradients
  listed (Karimireddy et al. ICML 2021).
Gradients are checked here against central differences.
"""

import sys

import numpy as np

from fixture import exact, normal, write
from networks import count, forward, layers

MODELS = {"logistic": [5, 3], "mlp": [5, 4, 3], "deep": [5, 4, 6, 3]}
OPTIMIZERS = [
    {"rate": 0.1, "momentum": 0.0, "decay": 0.0},
    {"rate": 0.1, "momentum": 0.9, "decay": 0.0},
    {"rate": 0.1, "momentum": 0.0, "decay": 0.01},
    {"rate": 0.05, "momentum": 0.9, "decay": 0.01},
]
BATCHES = {
    "same": [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]],
    "split": [[4, 0], [2, 5, 1], [3]],
}


def loss_and_gradient(sizes, flat, x, labels):
    entering, logits = forward(sizes, flat, x)
    shifted = logits - logits.max(axis=1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    loss = -logarithms[rows, labels].mean()
    delta = np.exp(logarithms)
    delta[rows, labels] -= 1
    delta /= len(x)
    gradient = np.zeros_like(flat)
    views = layers(sizes, gradient)
    weights = layers(sizes, flat)
    for index in reversed(range(len(views))):
        views[index][0][:] = entering[index].T @ delta
        views[index][1][:] = delta.sum(axis=0)
        if index > 0:
            delta = (delta @ weights[index][0].T) * (entering[index] > 0)
    return float(loss), gradient, logits


def check_gradient(sizes, flat, x, labels, gradient):
    step = 1e-6
    for j in range(len(flat)):
        up, down = flat.copy(), flat.copy()
        up[j] += step
        down[j] -= step
        above = loss_and_gradient(sizes, up, x, labels)[0]
        below = loss_and_gradient(sizes, down, x, labels)[0]
        assert abs((above - below) / (2 * step) - gradient[j]) < 1e-8, j


def train(sizes, flat, x, labels, optimizer, batches):
    p, v, losses, steps = flat.copy(), np.zeros_like(flat), [], []
    for batch in batches:
        loss, g, _ = loss_and_gradient(sizes, p, x[batch], labels[batch])
        g = g + optimizer["decay"] * p
        v = optimizer["momentum"] * v + g
        p = p - optimizer["rate"] * v
        losses.append(loss)
        steps.append(p.copy())
    return losses, steps


def check_with_torch(sizes, flat, x, labels, optimizer, batches, losses, steps):
    import torch

    parameters = []
    for w, b in layers(sizes, flat.copy()):
        parameters += [torch.tensor(w.copy()), torch.tensor(b.copy())]
    for p in parameters:
        p.requires_grad_(True)
    sgd = torch.optim.SGD(
        parameters,
        lr=optimizer["rate"],
        momentum=optimizer["momentum"],
        weight_decay=optimizer["decay"],
    )
    for index, batch in enumerate(batches):
        a = torch.tensor(x[batch])
        for layer in range(len(sizes) - 1):
            a = a @ parameters[2 * layer] + parameters[2 * layer + 1]
            if layer + 2 < len(sizes):
                a = torch.relu(a)
        loss = torch.nn.functional.cross_entropy(a, torch.tensor(labels[batch]))
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        assert abs(loss.item() - losses[index]) < 1e-13
        after = torch.cat([p.detach().reshape(-1) for p in parameters]).numpy()
        assert np.allclose(after, steps[index], rtol=1e-12, atol=1e-14)


def model_cases(check):
    cases = []
    labels = np.array([0, 2, 1, 1, 0, 2])
    for seed, (name, sizes) in enumerate(MODELS.items()):
        flat = normal(300 + seed, 1, count(sizes), scale=0.5)[0]
        x = normal(310 + seed, 6, 5)
        loss, gradient, logits = loss_and_gradient(sizes, flat, x, labels)
        check_gradient(sizes, flat, x, labels, gradient)
        training = []
        for optimizer in OPTIMIZERS:
            for kind, batches in BATCHES.items():
                losses, steps = train(sizes, flat, x, labels, optimizer, batches)
                if check:
                    check_with_torch(
                        sizes, flat, x, labels, optimizer, batches, losses, steps
                    )
                training.append(
                    {
                        **optimizer,
                        "kind": kind,
                        "batches": batches,
                        "losses": losses,
                        "steps": steps,
                    }
                )
        cases.append(
            {
                "name": name,
                "sizes": sizes,
                "parameters": flat,
                "inputs": x,
                "labels": labels,
                "logits": logits,
                "loss": loss,
                "gradient": gradient,
                "training": training,
            }
        )
    return cases


def extreme_logits():
    """Large logits: the loss stays finite and the gradient is a one-hot difference."""
    sizes, x = [2, 3], exact([[1, 0], [0, 1], [1, 1]])
    flat = exact([80, -80, 0, -90, 0, 90, 0.5, 0, -0.5])
    labels = np.array([1, 0, 2])
    loss, gradient, logits = loss_and_gradient(sizes, flat, x, labels)
    return {
        "name": "extreme logits",
        "sizes": sizes,
        "parameters": flat,
        "inputs": x,
        "labels": labels,
        "logits": logits,
        "loss": loss,
        "gradient": gradient,
        "training": [],
    }


def worker_momentum():
    gradients = normal(320, 4, 7)
    cases = []
    for beta in [0.0, 0.5, 0.9]:
        m, expected = np.zeros(7), []
        for g in gradients:
            m = beta * m + (1 - beta) * g
            expected.append(m)
        cases.append({"beta": beta, "gradients": gradients, "expected": expected})
    return cases


def main():
    models = model_cases("--check" in sys.argv[1:])
    write(
        "TrainingTests/Fixtures/training.json",
        {"models": models + [extreme_logits()], "worker": worker_momentum()},
    )


if __name__ == "__main__":
    main()
