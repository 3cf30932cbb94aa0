"""The program, runs and their results."""

import csv
import math
import subprocess
import sys
from pathlib import Path

import pytest

import gauntlet_fl as gauntlet
from gauntlet_fl import GauntletError, Results

SCENARIO = {
    "schema": "gauntlet/scenario/1",
    "name": "tiny “é”",
    "seeds": [1, 2],
    "rounds": 3,
    "task": {
        "dataset": "digits",
        "model": {"kind": "mlp", "hidden": [4]},
        "local": {"epochs": 1, "batch": 32, "lr": 0.1, "weight-decay": 1e-05},
    },
    "clients": {"count": 10, "participation": 1.0, "partition": {"kind": "iid"}},
    "threat": {"malicious": {"count": 2}},
    "attacks": ["none", "sign-flip"],
    "defenses": ["mean", "median"],
}


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    return gauntlet.run(SCENARIO, tmp_path_factory.mktemp("runs") / "out", progress=False)


def test_the_command_is_the_program():
    command = Path(sys.executable).parent / "gauntlet"
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    assert said.strip() == gauntlet.__version__, "pyproject.toml, __init__.py and the program agree"
    module = [sys.executable, "-m", "gauntlet_fl", "run"]
    assert subprocess.run(module, capture_output=True).returncode == 64


def test_the_version_is_that_of_the_package():
    from importlib.metadata import version

    assert version("gauntlet-fl") == gauntlet.__version__


def test_tables(results):
    assert results.manifest["counts"] == {"ok": 8}
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    trials = results.trials
    assert isinstance(trials, pandas.DataFrame) and len(trials) == 8
    assert set(trials["attack"]) == {"none", "sign-flip"}
    assert trials["accuracy.stop"].between(0, 1).all()
    rounds = results.rounds
    assert len(rounds) == 24 and rounds["key"].map(type).eq(str).all()
    cells = results.cells
    accuracy = cells[cells["metric"] == "accuracy.stop"].set_index(["attack", "defense"])["mean"]
    wanted = trials.groupby(["attack", "defense"])["accuracy.stop"].mean()
    assert accuracy.sort_index().tolist() == pytest.approx(wanted.sort_index().tolist())


def test_tables_without_pandas(results, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    afresh = Results(results.path)
    trials = afresh.trials
    assert isinstance(trials, list) and len(trials) == 8
    assert {trial["defense"] for trial in trials} == {"mean", "median"}
    assert all(0 <= trial["accuracy.stop"] <= 1 and trial["seed"] in (1, 2) for trial in trials)
    assert len(afresh.rounds) == 24 and isinstance(afresh.rounds[0]["key"], str)
    assert any(math.isnan(row["sd"]) or row["sd"] >= 0 for row in afresh.cells)


def test_a_run_goes_on_and_a_file_does_as_well(results, tmp_path):
    import json

    path = tmp_path / "scenario.yaml"
    path.write_text(json.dumps(SCENARIO, ensure_ascii=False), encoding="utf-8")
    lines = []
    again = gauntlet.run(path, tmp_path / "out", seeds=[1], jobs=1, progress=lines.append)
    assert again.manifest["counts"] == {"ok": 4} and lines
    seeds = again.trials["seed"] if hasattr(again.trials, "columns") else [t["seed"] for t in again.trials]
    assert set(seeds) == {1}
    more = gauntlet.run(path, tmp_path / "out", progress=False)
    assert more.manifest["counts"] == {"ok": 8}


def test_options(tmp_path):
    import numpy as np

    one = gauntlet.run(
        SCENARIO, tmp_path / "a", seeds=np.array([3]), only="defense=median", skip="attack=none",
        set={"rounds": np.int64(2), "task.local.lr": 0.2}, fresh=True, fail_fast=True, progress=False,
    )
    with open(one.path / "trials.csv", encoding="utf-8", newline="") as file:
        trials = [trial for trial in csv.DictReader(file) if trial["implied"] == "false"]
    assert [(t["attack"], t["defense"], t["seed"]) for t in trials] == [("sign-flip", "median", "3")]


def test_progress_is_said_on_stderr(tmp_path, capsys):
    gauntlet.run(SCENARIO, tmp_path / "out", seeds=1)
    captured = capsys.readouterr()
    assert captured.err and not captured.out


def test_without_a_folder_it_is_among_temporary_files():
    import shutil

    made = gauntlet.run(SCENARIO, seeds=1, only="attack=none defense=mean", progress=False)
    assert made.path.is_dir()
    shutil.rmtree(made.path)


@pytest.mark.parametrize("progress", [True, False])
def test_mistakes_are_told(tmp_path, progress, capsys):
    wrong = {**SCENARIO, "defenses": ["krumm"], "attacks": ["sign-flipp"]}
    with pytest.raises(GauntletError) as caught:
        gauntlet.run(wrong, tmp_path / "out", progress=progress)
    text = str(caught.value)
    assert "did you mean 'krum'" in text and "did you mean 'sign-flip'" in text
    assert caught.value.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda p: gauntlet.run(p / "no.yaml", p / "o"), "no.yaml"),
        (lambda p: gauntlet.run({"a": {1, 2}}, p / "o"), "cannot be written as YAML"),
        (lambda p: gauntlet.run({"a": math.nan}, p / "o"), "cannot be written as YAML"),
        (lambda p: gauntlet.run(SCENARIO, p / "o", jobs=0), "jobs is 0"),
        (lambda p: gauntlet.run(SCENARIO, p / "o", seeds=[-1]), "a seed is -1"),
        (lambda p: gauntlet.run(SCENARIO, p / "o", only="defense=nothing"), "nothing"),
        (lambda p: Results(p), "has no run.json"),
        (lambda p: Results(p / "absent"), "has no run.json"),
    ],
)
def test_wrong_calls(tmp_path, make, text):
    with pytest.raises(GauntletError, match=text):
        make(tmp_path)


def test_a_deadline_is_an_error_with_results(tmp_path):
    long = {**SCENARIO, "rounds": 2000}
    with pytest.raises(GauntletError) as caught:
        gauntlet.run(long, tmp_path / "out", deadline="1s", progress=False)
    assert caught.value.exit_code == 75
    assert Results(tmp_path / "out").manifest
