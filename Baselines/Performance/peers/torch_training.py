"""Times PyTorch's training of the models that `training-bench` trains, on the same shapes.

    python Baselines/Performance/peers/torch_training.py [--batch 32] [--threads 1]

Plain gradient steps on drawn examples, cross-entropy, learning rate 0.01; examples per second, the
middle of several runs. PyTorch is asked for one thread and for two; the better one counts. Run it and
`training-bench` in turn on a machine that does nothing else.
"""

import argparse
import json
import statistics
import time

import torch
from torch import nn


def norm(channels):
    """Group normalization with groups of eight channels."""
    return nn.GroupNorm(max(1, min(32, channels // 8)), channels)


class Block(nn.Module):
    """Two convolutions and a shortcut, each with a normalization."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norms = nn.ModuleList([norm(outputs), norm(outputs)])
        self.shortcut = None
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), norm(outputs))

    def forward(self, x):
        y = torch.relu(self.norms[0](self.first(x)))
        return torch.relu(self.norms[1](self.second(y)) + (x if self.shortcut is None else self.shortcut(x)))


class Characters(nn.Module):
    """An embedding, a GRU and a dense layer on its last state."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(80, 8)
        self.gru = nn.GRU(8, 128, batch_first=True)
        self.dense = nn.Linear(128, 80)

    def forward(self, x):
        return self.dense(self.gru(self.embedding(x))[1][0])


MODELS = {
    "mlp": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
    "lenet-5": lambda: nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    "cnn-mnist": lambda: nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10)),
    "resnet-8": lambda: nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False), norm(16), nn.ReLU(), Block(16, 16, 1), Block(16, 32, 2),
        Block(32, 64, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)),
    "char-gru": Characters,
}


def examples(name, count):
    """Inputs and labels as the model takes them."""
    if name == "char-gru":
        return torch.randint(80, (count, 80)), torch.arange(count) % 80
    shape = (3, 32, 32) if name.startswith("resnet") else (1, 28, 28)
    return torch.rand(count, *shape), torch.arange(count) % 10


def speed(name, batch, seconds, runs):
    model = MODELS[name]()
    inputs, labels = examples(name, batch * 8)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def epoch():
        order = torch.randperm(batch * 8)
        for step in range(8):
            rows = order[step * batch : (step + 1) * batch]
            optimizer.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(model(inputs[rows]), labels[rows]).backward()
            optimizer.step()

    epoch()
    began = time.perf_counter()
    epoch()
    epochs = max(1, int(seconds / (time.perf_counter() - began)))
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        for _ in range(epochs):
            epoch()
        times.append(time.perf_counter() - began)
    return epochs * batch * 8 / statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for name in options.models.split(","):
        figures = {}
        for threads in (1, 2):
            torch.set_num_threads(threads)
            torch.manual_seed(1)
            figures[threads] = round(speed(name, options.batch, options.seconds, options.runs))
        print(json.dumps({"model": name, "torch": torch.__version__, "examples_per_second": max(figures.values()),
                          "one_thread": figures[1], "two_threads": figures[2]}), flush=True)


if __name__ == "__main__":
    main()
