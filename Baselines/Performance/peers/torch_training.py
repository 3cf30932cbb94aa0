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

MODELS = {
    "mlp": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
    "lenet-5": lambda: nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    "cnn-mnist": lambda: nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10)),
}


def speed(model, batch, seconds, runs):
    inputs = torch.rand(batch * 8, 1, 28, 28)
    labels = torch.arange(batch * 8) % 10
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
            figures[threads] = round(speed(MODELS[name](), options.batch, options.seconds, options.runs))
        print(json.dumps({"model": name, "torch": torch.__version__, "examples_per_second": max(figures.values()),
                          "one_thread": figures[1], "two_threads": figures[2]}), flush=True)


if __name__ == "__main__":
    main()
