"""Folders of results as tables."""

from __future__ import annotations

import csv
import functools
import io
import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any, Dict, List, Union

from ._errors import GauntletError
from ._program import program

# Keys may look like numbers, 1e10 among them.
_TEXTS = ("scenario", "cell", "key", "attack", "defense", "status", "flags", "metric", "outcome")


class Results:
    """A folder that ``run`` or ``gauntlet merge`` wrote.

    ``trials``, ``rounds`` and ``cells`` are pandas frames where pandas is installed, otherwise lists
    of dicts. They are read when they are first asked for.

    Parameters
    ----------
    path : str or os.PathLike
        The folder.

    Raises
    ------
    GauntletError
        Where it is no such folder.

    Examples
    --------
    >>> trials = Results("results/core").trials  # doctest: +SKIP
    >>> trials.pivot_table(index="attack", columns="defense", values="asr.stop")  # doctest: +SKIP
    """

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        #: The folder.
        self.path = Path(path)
        if not (self.path / "run.json").is_file():
            raise GauntletError(f"{self.path}: is no folder of results; it has no run.json")

    def __repr__(self) -> str:
        return f"Results({str(self.path)!r})"

    @functools.cached_property
    def manifest(self) -> Dict[str, Any]:
        """What was run: scenario, engine, machine, counts of trials."""
        text = (self.path / "run.json").read_text(encoding="utf-8")
        try:
            return dict(json.loads(text))
        except ValueError as error:
            raise GauntletError(f"{self.path / 'run.json'}: {error}") from error

    @functools.cached_property
    def trials(self) -> Any:
        """One row per trial, with its metrics."""
        return _table(self._read("trials.csv"))

    @functools.cached_property
    def rounds(self) -> Any:
        """One row per trial and round, with its series."""
        return _table(self._read("rounds.csv"))

    @functools.cached_property
    def cells(self) -> Any:
        """One row per cell and metric: mean, spread and worst over seeds, as ``gauntlet show``."""
        command = [program(), "show", str(self.path), "--format", "csv", "--metric", "*"]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if done.returncode != 0:
            raise GauntletError(done.stderr.strip(), done.returncode)
        return _table(done.stdout)

    def _read(self, name: str) -> str:
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise GauntletError(f"{self.path}: has no {name}") from None


def _table(text: str) -> Any:
    try:
        import pandas  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return _rows(text)
    # 'none' is an attack, and so might 'NA' be.
    return pandas.read_csv(
        io.StringIO(text),
        low_memory=False,
        keep_default_na=False,
        na_values=[""],
        dtype={name: str for name in _TEXTS},
    )


def _rows(text: str) -> List[Dict[str, Any]]:
    return [
        {name: value if name in _TEXTS else _value(value) for name, value in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]


def _value(text: str) -> Any:
    if text == "":
        return math.nan
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
