"""Measures what `make bench` tells, prints it as tables and keeps it as JSON: bench.py [options].

    python3 Baselines/Performance/bench.py --tools .build/release
    … --peers PYTHON          PyTorch's training and rules beside ours, with that interpreter (torch)
    … --data FOLDER           whole rounds beside peers' on the MNIST files in FOLDER/mnist
    … --checkout FLPoison     with FLPoison's program, too
    … --only training,aggregators,rounds

Ours and a peer's run in turn, so that a machine that slows down slows both; what counts are the
ratios. Each section is a file beside this one, with the processor and the versions it is of. Run it on
a machine that does nothing else: it says how busy the machine was.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
from typing import Any, Dict, List

FOLDER = pathlib.Path(__file__).resolve().parent
MODELS = ["mlp", "lenet-5", "cnn-mnist", "resnet-8", "char-gru"]
RULES = ["mean", "median", "trimmed-mean", "krum", "multi-krum", "nnm"]
SIZES = [(n, d) for n in (20, 50, 100) for d in (10_000, 100_000, 1_000_000)] + [(20, 10_000_000)]
ROUNDS = ["byzfl", "flpoison-fedsgd", "flpoison-fedavg", "pfl-mlp", "pfl-lenet"]


def lines(words: List[str], **more: str) -> List[Dict[str, Any]]:
    """Runs a program that prints objects, one a line."""
    done = subprocess.run(
        words, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **more})
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def training(options: argparse.Namespace) -> List[Dict[str, Any]]:
    """Examples per second, and PyTorch's."""
    rows = []
    for model in MODELS:
        ours, theirs = [], []
        for _ in range(options.pairs):
            ours += lines([f"{options.tools}/training-bench", "--json", "--models", model])
            if options.peers:
                theirs += lines([options.peers, f"{FOLDER}/peers/torch_training.py", "--models", model])
        row = {
            "model": model,
            "examples_per_second": middle(ours, "examples_per_second"),
            "multiply_adds_per_processor_second": middle(ours, "products_per_processor_second"),
        }
        if theirs:
            ratios = [a["examples_per_second"] / b["examples_per_second"] for a, b in zip(ours, theirs)]
            row |= {"torch_examples_per_second": middle(theirs, "examples_per_second"),
                    "torch": theirs[0]["torch"], "times": round(statistics.median(ratios), 2)}
        rows.append(row)
    return rows


def aggregators(options: argparse.Namespace) -> List[Dict[str, Any]]:
    """Seconds of a call by the numbers of rows and columns, with a fifth of the rows Byzantine, and PyTorch's."""
    rows = []
    for n, d in SIZES:
        theirs = {}
        if options.peers:
            theirs = {row["rule"]: row["seconds"] for row in lines(
                [options.peers, f"{FOLDER}/peers/torch_aggregators.py", "--rows", str(n), "--columns", str(d),
                 "--byzantine", str(n // 5)])}
        for call in lines(
            [f"{options.tools}/defense-bench", "--json", "--rows", str(n), "--columns", str(d),
             "--byzantine", str(n // 5), "--only", ",".join(RULES)]
        ):
            if "seconds" not in call:
                continue
            row = {
                "rule": call["component"], "n": n, "d": d, "f": call["f"],
                "seconds": round(call["seconds"], 6), "processor_seconds": round(call["processor"], 6),
                "ns_per_value": round(call["seconds"] * 1e9 / (n * d), 3)}
            if call["component"] in theirs:
                row["torch_seconds"] = round(theirs[call["component"]], 6)
                row["times"] = round(theirs[call["component"]] / call["seconds"], 2)
            # How near to reading the matrix once, as a plain sum does.
            if call["component"] == "mean" and "sum" in theirs:
                row["of_plain_sum"] = round(theirs["sum"] / call["seconds"], 2)
            rows.append(row)
    return rows


def rounds(options: argparse.Namespace) -> List[Dict[str, Any]]:
    """Seconds of a whole round, and of peers' own programs."""
    rows = []
    for name in ROUNDS:
        words = [options.peers, f"{FOLDER}/peers/rounds.py", name, "--program",
                 f"{options.tools}/gauntlet", "--data", options.data, "--pairs", str(options.pairs)]
        if name.startswith("flpoison"):
            if not options.checkout:
                print("SKIPPED: FLPoison's rounds, for there is no --checkout", file=sys.stderr)
                continue
            words += ["--checkout", options.checkout]
        rows += lines(words)
    return rows


def middle(rows: List[Dict[str, Any]], key: str) -> float:
    """The median of one figure."""
    return statistics.median(row[key] for row in rows)


def machine() -> Dict[str, Any]:
    """What the figures are of."""
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    return {"processor": model, "cores": os.cpu_count(), "swift": swift.splitlines()[0] if swift else None,
            "load": round(os.getloadavg()[0], 1)}


def table(rows: List[Dict[str, Any]]) -> str:
    """The rows in Markdown."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[f"{row.get(key, ''):,}" if isinstance(row.get(key), (int, float)) else str(row.get(key) or "")
              for key in keys] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in [keys, ["---"] * len(keys), *cells])


def main() -> None:
    """Measures one section after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tools", required=True, help="where the release programs are")
    parser.add_argument("--peers", help="a Python that has torch, byzfl and pfl")
    parser.add_argument("--data", help="the folder that has the folder mnist")
    parser.add_argument("--checkout", help="FLPoison's repository")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--only", default="training,aggregators,rounds")
    options = parser.parse_args()
    sections = {"training": training, "aggregators": aggregators, "rounds": rounds}
    for name in options.only.split(","):
        if name == "rounds" and not (options.peers and options.data):
            print("SKIPPED: whole rounds, which need --peers and --data", file=sys.stderr)
            continue
        before = machine()
        rows = sections[name](options)
        print(f"\n## {name}\n\n{table(rows)}", flush=True)
        path = FOLDER / f"{name}.json"
        path.with_suffix(".new").write_text(json.dumps({"machine": before, "rows": rows}, indent=1) + "\n")
        path.with_suffix(".new").replace(path)


if __name__ == "__main__":
    main()
