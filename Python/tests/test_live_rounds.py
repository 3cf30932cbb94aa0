"""Rules of ByzFL beside Gauntlet's own, on the same rounds: the other one is the oracle.

Needs ByzFL and the program: the package's, or the one that ``GAUNTLET`` names.
"""

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from test_adapters import needs

SOURCES = Path(__file__).parents[1] / "src"

# Gauntlet's rule, ByzFL's, and how far apart their sums may be. ByzFL's Krum counts one neighbour more
# than the paper's.
PAIRS = [
    ("mean", "--rule Average", 1e-6),
    ("median", "--rule Median", 0),
    ("trimmed-mean:f=2", "--rule TrMean:f=2", 1e-6),
    ("krum:f=2,neighbours=n-f-1", "--rule Krum:f=2", 0),
    ("meamed:f=2", "--rule Meamed:f=2", 1e-6),
    ("mda:f=2", "--rule MDA:f=2", 1e-6),
    ("multi-krum:f=2,neighbours=n-f-1", "--rule MultiKrum:f=2", 1e-6),
]


def program():
    needs("byzfl")
    named = os.environ.get("GAUNTLET")
    if named:
        return named
    try:
        import gauntlet_fl
        return str(gauntlet_fl.program())
    except Exception:
        pytest.skip("SKIPPED: there is no program here; GAUNTLET may name one")


def environment():
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), *sys.path, str(SOURCES)]))
    return {**os.environ, "PYTHONPATH": path}


def gauntlet(folder, *words):
    return subprocess.run(
        [program(), *words], cwd=folder, env=environment(), check=True, capture_output=True)


@pytest.mark.parametrize("ours, theirs, tolerance", PAIRS)
def test_a_matrix_gives_the_same_by_both(tmp_path, ours, theirs, tolerance):
    program()
    rows = np.random.default_rng(8).normal(size=(11, 500)).astype(np.float32)
    rows[:2] += 3
    np.save(tmp_path / "u.npy", rows)
    worker = f"exec:memory=none '{sys.executable}' -m gauntlet_fl.adapters.byzfl {theirs}"
    gauntlet(tmp_path, "aggregate", "--defense", ours, "u.npy", "-o", "ours.npy")
    gauntlet(tmp_path, "aggregate", "--defense", worker, "u.npy", "-o", "theirs.npy")
    np.testing.assert_allclose(
        np.load(tmp_path / "ours.npy"), np.load(tmp_path / "theirs.npy"), rtol=0, atol=tolerance)


def test_live_rounds_end_alike(tmp_path):
    program()
    adapter = f"use: external, memory: none, exec: ['{sys.executable}', -m, "
    adapter += "gauntlet_fl.adapters.byzfl, "
    (tmp_path / "both.yaml").write_text(f"""\
schema: gauntlet/scenario/1
name: both
seeds: [1]
rounds: 12
task:
  dataset: digits
  model: {{kind: mlp, hidden: [16]}}
  local: {{epochs: 1, batch: 16, lr: 0.1}}
clients: {{count: 11, partition: {{kind: dirichlet, alpha: 0.5}}}}
threat: {{malicious: {{count: 2}}, window: {{start: 2, stop: 10}}}}
defense-knows: {{malicious: exact}}
attacks: [none, {{use: sign-flip, scale: 4}}]
defenses:
  - {{id: ours-median, use: median}}
  - {{id: theirs-median, {adapter}--rule, Median]}}
  - {{id: ours-trimmed, use: trimmed-mean}}
  - {{id: theirs-trimmed, {adapter}--rule, TrMean]}}
  - {{id: ours-krum, use: krum, neighbours: n-f-1}}
  - {{id: theirs-krum, {adapter}--rule, Krum]}}
""")
    gauntlet(tmp_path, "run", "both.yaml", "-o", "results", "-q", "-j", "1")
    found = {}
    with open(tmp_path / "results" / "trials.csv", newline="") as file:
        for trial in csv.DictReader(file):
            assert trial["status"] == "ok", trial
            found[trial["attack"], trial["defense"]] = float(trial["accuracy.final"])
    assert sum(defense != "mean" for _, defense in found) == 12
    for (attack, defense), accuracy in found.items():
        whose, _, rule = defense.partition("-")
        if whose == "ours":
            # Sums in another order move a decision here and there.
            slack = 0 if rule in ("median", "krum") else 0.01
            assert abs(accuracy - found[attack, f"theirs-{rule}"]) <= slack, (attack, rule, found)
