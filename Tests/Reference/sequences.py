"""Known answers of networks on sequences: scores, loss, and gradients by central differences.

    python3 Tests/Reference/sequences.py > Tests/TrainingTests/Fixtures/sequences.json

A plain forward pass in double precision from the equations of PyTorch's GRU (gates r, z, n); weights are
inputs x gates, so PyTorch's transposed. Tokens get a fraction, of which nothing may depend. With PyTorch
2, `torch.nn.GRU(batch_first=True)` in double precision gives the same scores and gradients:

    python3 Tests/Reference/sequences.py --torch
"""

import json
import sys

import numpy as np

from images import Network, case


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gru(rows, input_weight, state_weight, input_bias, state_bias):
    state = np.zeros(state_weight.shape[0])
    for row in rows:
        a = np.split(row @ input_weight + input_bias, 3)
        c = np.split(state @ state_weight + state_bias, 3)
        r, z = sigmoid(a[0] + c[0]), sigmoid(a[1] + c[1])
        n = np.tanh(a[2] + r * c[2])
        state = (1 - z) * n + z * state
    return state


class Sequence(Network):
    """An embedding (vocabulary, size) or the rows of an image, a GRU (units), and the output layer."""

    def __init__(self, shape, embedding, units, classes):
        self.shape, self.embedding, self.units, self.classes = shape, embedding, units, classes
        width = embedding[1] if embedding else shape[1] * shape[2]
        self.sizes = [embedding] if embedding else []
        self.sizes += [(width, 3 * units), (units, 3 * units), (3 * units,), (3 * units,)]
        self.sizes += [(units, classes), (classes,)]

    def text(self):
        table = ["embedding:vocabulary={},size={}".format(*self.embedding)] if self.embedding else []
        return table + [f"gru:units={self.units}"]

    def sample(self, batch, random):
        if not self.embedding:
            return super().sample(batch, random)
        return random.integers(0, self.embedding[0], (batch, int(np.prod(self.shape)))) + 0.25

    def arrays(self, parameters):
        ends = np.cumsum([int(np.prod(size)) for size in self.sizes])
        return [part.reshape(size) for part, size in zip(np.split(parameters, ends[:-1]), self.sizes)]

    def scores(self, parameters, example):
        arrays = self.arrays(parameters)
        if self.embedding:
            rows = arrays.pop(0)[np.floor(example).astype(int)]
        else:
            rows = example.reshape(self.shape[0], -1)
        state = gru(rows, *arrays[:4])
        return state @ arrays[4] + arrays[5]


def compare_with_torch(network, answer):
    import torch

    arrays = [torch.tensor(x.copy(), requires_grad=True) for x in network.arrays(np.array(answer["parameters"]))]
    inputs = torch.tensor(np.array(answer["inputs"]), requires_grad=True)
    rest = list(arrays)
    rows = rest.pop(0)[inputs.floor().long()] if network.embedding else inputs.reshape(len(inputs), network.shape[0], -1)
    unit = torch.nn.GRU(rows.shape[-1], network.units, batch_first=True, dtype=torch.float64)
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    state = torch.func.functional_call(unit, {name: x.T if x.ndim == 2 else x for name, x in zip(names, rest)}, (rows,))[1][0]
    scores = state @ rest[4] + rest[5]
    torch.nn.functional.cross_entropy(scores, torch.tensor(answer["labels"])).backward()
    gradient = torch.cat([x.grad.reshape(-1) for x in arrays]).numpy()
    byInputs = np.zeros(inputs.shape) if inputs.grad is None else inputs.grad.numpy()
    return [
        float(np.abs(scores.detach().numpy() - answer["logits"]).max()),
        float(np.abs(gradient - answer["gradient"]).max()),
        float(np.abs(byInputs.reshape(-1) - answer["inputGradient"]).max()),
    ]


def main():
    random = np.random.default_rng(19)
    networks = {
        "characters": Sequence((5, 1, 1), (7, 3), 4, 3),
        "nine units over rows of an image": Sequence((4, 2, 3), None, 9, 2),
        "one step": Sequence((1, 1, 5), None, 8, 4),
    }
    cases = [case(name, network, batch, random) for (name, network), batch in zip(networks.items(), (4, 3, 2))]
    if "--torch" in sys.argv:
        for answer, network in zip(cases, networks.values()):
            print(answer["name"], *compare_with_torch(network, answer))
        return
    json.dump({"cases": cases}, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
