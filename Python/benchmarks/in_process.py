"""Times rules in process beside ByzFL and PyTorch: in_process.py [options].

Every call of ours has a call of the peer right beside it, on the same values, so that a busy machine
slows both; the ratio is the median over such pairs. Seconds of all threads together stand beside
those by the clock. Needs byzfl (0.0.11) and torch; what is not installed is left out, loudly.

    python in_process.py --rows 50 --columns 1000000 --pairs 5
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

# NumPy's own choice of a kernel for this processor, whatever a shell was told.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np  # noqa: E402

import gauntlet_fl as gauntlet  # noqa: E402


class Timing(NamedTuple):
    """Of one call."""

    wall: float
    processor: float


def timed(call: Callable[[], Any]) -> Tuple[Timing, Any]:
    """The time of a call and its result."""
    wall, processor = time.perf_counter(), time.process_time()
    result = call()
    return Timing(time.perf_counter() - wall, time.process_time() - processor), result


def peers(rows: np.ndarray, f: int) -> Dict[Tuple[str, str], Callable[[], Any]]:
    """What each peer offers for each method, on memory that it has already."""
    found: Dict[Tuple[str, str], Callable[[], Any]] = {}
    found["mean", "NumPy"] = lambda: rows.mean(axis=0)
    found["median", "NumPy"] = lambda: np.median(rows, axis=0)
    try:
        import torch
    except ImportError:
        torch = None
        print("SKIPPED: torch is not installed", file=sys.stderr)
    tensor: Optional[Any] = None if torch is None else torch.from_numpy(rows)
    if torch is not None:
        found["mean", "torch"] = lambda: tensor.mean(dim=0)
        found["median", "torch"] = lambda: tensor.median(dim=0)
    try:
        import byzfl
    except ImportError:
        print("SKIPPED: byzfl is not installed", file=sys.stderr)
        return found
    for name, values in (("NumPy", rows), ("torch", tensor)):
        if values is None:
            continue
        for method, rule in (
            ("median", byzfl.Median()), ("trimmed-mean", byzfl.TrMean(f=f)),
            ("nnm", byzfl.NNM(f=f)), ("multi-krum", byzfl.MultiKrum(f=f)),
        ):
            found[method, f"ByzFL, {name}"] = lambda rule=rule, values=values: rule(values)
    return found


def ours(rows: np.ndarray, f: int, threads: int) -> Dict[str, Callable[[], Any]]:
    """Our methods on the same array."""

    def rule(name: str, **parameters: Any) -> Callable[[], Any]:
        return lambda: gauntlet.aggregate(rows, name, threads=threads, **parameters).update

    return {
        "mean": rule("mean"),
        "median": rule("median"),
        "trimmed-mean": rule("trimmed-mean", f=f),
        "nnm": lambda: gauntlet.transform(rows, f"nnm:f={f}", threads=threads),
        "multi-krum": rule("multi-krum", f=f),
    }


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--columns", type=int, default=1_000_000)
    parser.add_argument("-f", type=int, default=10, help="malicious rows")
    parser.add_argument("--pairs", type=int, default=5, help="calls of each")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--only", help="methods, separated by commas")
    options = parser.parse_args()
    draws = np.random.default_rng(1)
    rows = draws.standard_normal((options.rows, options.columns), dtype=np.float32)
    mine = ours(rows, options.f, options.threads)
    if options.only:
        mine = {name: mine[name] for name in options.only.split(",")}
    others = peers(rows, options.f)
    try:
        import torch

        torch.set_num_threads(options.threads)
    except ImportError:
        pass
    print(f"{options.rows} x {options.columns:,}, f = {options.f}, {options.threads} threads, "
          f"median of {options.pairs} pairs\n")
    print("| method | peer | ours, s | peer, s | times | ours, CPU s | peer, CPU s | times, CPU |")
    print("|---|---|---|---|---|---|---|---|")
    for (method, peer), call in others.items():
        if method not in mine:
            continue
        a: List[Timing] = []
        b: List[Timing] = []
        # Both have run once before anything is timed.
        result, reference = mine[method](), call()
        near(method, peer, result, reference)
        for pair in range(options.pairs):
            turns = [(a, mine[method]), (b, call)]
            for kept, work in turns if pair % 2 == 0 else turns[::-1]:
                kept.append(timed(work)[0])
        wall = statistics.median(y.wall / x.wall for x, y in zip(a, b))
        processor = statistics.median(y.processor / x.processor for x, y in zip(a, b))
        middle = [
            statistics.median(getattr(t, kind) for t in kept)
            for kind in ("wall", "processor") for kept in (a, b)
        ]
        print(f"| {method} | {peer} | {middle[0]:.3f} | {middle[1]:.3f} | {wall:.1f} "
              f"| {middle[2]:.3f} | {middle[3]:.3f} | {processor:.1f} |", flush=True)


def near(method: str, peer: str, result: Any, reference: Any) -> None:
    """Says where two do not compute the same."""
    if peer == "torch" and method == "median":
        return  # It takes the lower of two middle values.
    wanted = np.asarray(reference)
    gap = float(np.abs(np.asarray(result, dtype=np.float64) - wanted).max())
    if not gap <= 1e-3:
        print(f"{method} differs from {peer} by {gap:.3g}", file=sys.stderr)


if __name__ == "__main__":
    main()
