"""Times rules as PyTorch's own operations put them together: torch_aggregators.py --rows 50 --columns 1000000 --byzantine 10.

Prints a JSON object per rule, with the better of one and of as many threads as there are cores. Krum and
nearest-neighbor mixing take distances by the Gram matrix in single precision, as implementations do. `sum` is
the plain sum of all values, which says how quickly memory is read.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from typing import Callable, Dict

import torch


def squared_distances(x: torch.Tensor) -> torch.Tensor:
    """|x|^2 + |y|^2 - 2 x.y, never negative."""
    norms = (x * x).sum(1)
    return (norms[:, None] + norms[None, :] - 2 * (x @ x.T)).clamp_(min=0)


def scores(x: torch.Tensor, f: int) -> torch.Tensor:
    """Krum's: the sum of the n - f - 2 smallest distances to others."""
    distances = squared_distances(x)
    distances.fill_diagonal_(float("inf"))
    return distances.topk(len(x) - f - 2, largest=False).values.sum(1)


def mixed(x: torch.Tensor, f: int) -> torch.Tensor:
    """Nearest-neighbor mixing."""
    nearest = squared_distances(x).topk(len(x) - f, largest=False).indices
    weights = torch.zeros(len(x), len(x)).scatter_(1, nearest, 1 / (len(x) - f))
    return weights @ x


def main() -> None:
    """One line per rule."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--columns", type=int, required=True)
    parser.add_argument("--byzantine", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long to repeat a call")
    options = parser.parse_args()
    n, f = options.rows, options.byzantine
    torch.manual_seed(1)
    x = torch.randn(n, options.columns)
    rules: Dict[str, Callable[[], torch.Tensor]] = {
        "sum": lambda: x.sum(),
        "mean": lambda: x.mean(0),
        "median": lambda: x.median(0).values,
        "trimmed-mean": lambda: x.sort(0).values[f:n - f].mean(0),
        "krum": lambda: x[scores(x, f).argmin()].clone(),
        "multi-krum": lambda: x[scores(x, f).topk(n - f, largest=False).indices].mean(0),
        "nnm": lambda: mixed(x, f),
    }
    for rule, call in rules.items():
        best = float("inf")
        for threads in sorted({1, os.cpu_count() or 1}):
            torch.set_num_threads(threads)
            call()
            spent = 0.0
            while spent < options.seconds:
                began = time.perf_counter()
                call()
                took = time.perf_counter() - began
                best, spent = min(best, took), spent + took
        print(json.dumps({"rule": rule, "n": n, "d": options.columns, "f": f, "seconds": best,
                          "torch": torch.__version__}), flush=True)


if __name__ == "__main__":
    main()
