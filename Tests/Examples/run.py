#!/usr/bin/env python3
"""Runs Examples/ on a folder of results, and holds their numbers against trials.jsonl and rounds.csv, read here without
pandas: run.py RESULTS (those of Scenarios/core.yaml). Ends with 1 at the first thing that is wrong."""

import contextlib
import csv
import io
import json
import math
import os
import runpy
import statistics
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "Examples"


def require(condition, text):
    if not condition:
        sys.exit(f"examples: {text}")


def close(a, b, tolerance=1e-9):
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)


def values_by_cell(folder, metric):
    """{(attack, defense): {seed: value}} of the trials that have the metric."""
    cells = {}
    with open(folder / "trials.jsonl", encoding="utf-8") as lines:
        for trial in map(json.loads, lines):
            if trial["status"] == "ok" and metric in trial["metrics"]:
                cell = cells.setdefault((trial["attack"], trial["defense"]), {})
                cell[trial["seed"]] = trial["metrics"][metric]
    return cells


def curve(folder, attack, defense):
    """The mean over seeds of the attack's success, by round."""
    by_round = {}
    with open(folder / "rounds.csv", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if (row["attack"], row["defense"]) == (attack, defense):
                by_round.setdefault(int(row["round"]), []).append(float(row["asr"]))
    return {index: statistics.fmean(values) for index, values in by_round.items()}


def check_curves(folder, success):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with tempfile.TemporaryDirectory() as scratch:
        figure = Path(scratch) / "curves.svg"
        printed = io.StringIO()
        arguments, sys.argv = sys.argv, ["curves.py", str(folder), str(figure)]
        with contextlib.redirect_stdout(printed):
            runpy.run_path(str(EXAMPLES / "curves.py"), run_name="__main__")
        sys.argv = arguments
        require(ElementTree.parse(figure).getroot().tag.endswith("svg"), "curves.py wrote no SVG")

    lines = printed.getvalue().splitlines()
    defenses = lines[0].split()[1:]
    seen = 0
    for line in lines[2:]:
        attack, *numbers = line.split()
        for defense, number in zip(defenses, numbers, strict=True):
            mean = statistics.fmean(success[attack, defense].values())
            require(abs(float(number) - mean) <= 0.0005 + 1e-12, f"curves.py prints {number} for {attack}/{defense}, not {mean}")
            seen += 1
    require(seen == len(success), f"curves.py prints {seen} of {len(success)} cells")

    drawn = {line.get_label(): line for line in plt.gca().get_lines()}
    require(len(drawn) == 3, f"curves.py draws {len(drawn)} curves, not 3")
    for defense, line in drawn.items():
        means = curve(folder, "backdoor", defense)
        require(list(line.get_xdata()) == sorted(means), f"curves.py leaves out rounds of {defense}")
        for index, value in zip(line.get_xdata(), line.get_ydata()):
            require(close(value, means[index]), f"curves.py draws {value} for {defense} in round {index}, not {means[index]}")
    return seen


def executed_notebook(folder):
    """What the notebook's variables hold after all its cells ran."""
    import nbclient
    import nbformat

    notebook = nbformat.read(EXAMPLES / "results.ipynb", as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        clean = cell.cell_type != "code" or (not cell.outputs and cell.execution_count is None)
        require(clean, "results.ipynb is stored with outputs; clear them")
    dump = "\n".join([
        "import json as _json",
        "_frames = {'success': success, 'accuracy': accuracy, 'differences': differences, 'retained': retained}",
        "print(_json.dumps({name: [[str(i), str(c), float(frame.loc[i, c])] for i in frame.index for c in frame.columns]"
        " for name, frame in _frames.items()}))",
    ])
    notebook.cells.append(nbformat.v4.new_code_cell(dump))
    os.environ["RESULTS"] = str(folder)
    os.environ.pop("MPLBACKEND", None)  # the kernel draws inline
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    require(not [output for output in shown if output.get("name") == "stderr"], "results.ipynb prints warnings")
    require(any("image/png" in output.get("data", {}) for output in shown), "results.ipynb draws no figure")
    frames = json.loads(notebook.cells[-1].outputs[0]["text"])
    return {name: {(row, column): value for row, column, value in rows} for name, rows in frames.items()}


def check_notebook(folder, success):
    frames = executed_notebook(folder)
    for name, cells in [("success", success), ("accuracy", values_by_cell(folder, "accuracy.stop"))]:
        require(frames[name].keys() == cells.keys(), f"the notebook's {name} has other cells")
        for cell, values in cells.items():
            require(close(frames[name][cell], statistics.fmean(values.values())), f"the notebook's {name} is off in {cell}")

    for attack in {attack for attack, _ in success}:
        first, second = success[attack, "norm-clipping"], success[attack, "mean"]
        difference = [first[seed] - second[seed] for seed in first.keys() & second.keys()]
        require(len(difference) == 5, f"{attack} has {len(difference)} pairs of seeds; this needs the five of core")
        mean, half = statistics.fmean(difference), 2.776445 * statistics.stdev(difference) / math.sqrt(5)
        for column, value in [("mean", mean), ("low", mean - half), ("high", mean + half)]:
            require(close(frames["differences"][attack, column], value, 1e-3), f"the notebook's {column} is off for {attack}")

    means = curve(folder, "backdoor", "mean")
    for index in range(39, 60):
        require(close(frames["retained"][str(index), "mean"], means[index] / means[39]), f"what is retained is off in round {index}")


folder = Path(sys.argv[1]).resolve()
success = values_by_cell(folder, "asr.stop")
seen = check_curves(folder, success)
check_notebook(folder, success)
print(f"examples: curves.py and results.ipynb ran; {seen} cells and the curves agree with trials.jsonl and rounds.csv")
