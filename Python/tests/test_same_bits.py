"""In process as by the command, bit for bit."""

import json
import subprocess

import numpy as np
import pytest

import gauntlet_fl as gauntlet


def _command(*arguments) -> str:
    done = subprocess.run([gauntlet.program(), *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "rule, stages",
    [
        ("multi-krum:f=2", []), ("random-rule:f=2,rules=[median,krum]", []), ("mean", ["nnm:f=2"]),
        ("trimmed-mean:f=1", ["bucketing:size=2", "clipping:bound=1"]), ("geometric-median", []),
    ],
)
def test_aggregate(updates, tmp_path, rule, stages):
    updates[3, 2] = np.nan
    np.save(tmp_path / "u.npy", updates)
    options = [word for stage in stages for word in ("--stage", stage)]
    try:
        found = gauntlet.aggregate(updates, rule, stages=stages, seed=7)
    except gauntlet.GauntletError as error:
        pytest.fail(str(error))
    said = _command("aggregate", *options, "--defense", rule, "--seed", 7, "--json", "-o",
                    tmp_path / "r.npy", tmp_path / "u.npy")
    assert np.array_equal(np.load(tmp_path / "r.npy"), found.update)
    told = json.loads(said)
    assert told["left-out"] == found.left_out == [3]
    assert told["report"] == found.report and tuple(told["flags"]) == found.flags
    for verdict in told["verdicts"]:
        row = verdict["row"]
        assert found.dispositions[row] == verdict["disposition"]
        assert found.weights[row] == verdict["weight"]


@pytest.mark.parametrize("attack", ["alie", "gaussian-noise", "min-max", "mimic"])
def test_craft(updates, tmp_path, attack):
    np.save(tmp_path / "h.npy", updates)
    _command("craft", "--attack", f"{attack}:f=3", "--seed", 5, "-o", tmp_path / "m.npy",
             tmp_path / "h.npy")
    crafted = gauntlet.craft(None, updates, attack, f=3, seed=5)
    assert np.array_equal(np.load(tmp_path / "m.npy"), crafted.rows)
