"""Scenarios, by the program."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from typing import Any, Callable, List, Mapping, Optional, Sequence, Union

from ._arrays import integer
from ._errors import GauntletError
from ._program import program
from ._results import Results

_Path = Union[str, "os.PathLike[str]"]

# A line such as ' 1185/16000 rounds    7 %  13 s left', which is no reason for anything.
_PROGRESS = re.compile(r"\s*\d+/\d+ rounds\b")


def run(
    scenario: Union[_Path, Mapping[str, Any]],
    out: Optional[_Path] = None,
    *,
    seeds: Union[None, int, str, Sequence[int]] = None,
    jobs: Optional[int] = None,
    only: Optional[str] = None,
    skip: Optional[str] = None,
    set: Optional[Mapping[str, Any]] = None,
    fresh: bool = False,
    fail_fast: bool = False,
    deadline: Optional[str] = None,
    progress: Union[bool, Callable[[str], None]] = True,
) -> Results:
    """Trains every cell of a scenario, as ``gauntlet run`` does.

    Parameters
    ----------
    scenario : path or mapping
        A YAML file, or what such a file says. Paths in a mapping are relative to the current folder.
    out : path, optional
        The folder for the results; the same call goes on where one ended. By default a new folder
        among temporary files.
    seeds : int, sequence of int or str, optional
        The seeds to run, such as ``[1, 2]`` or ``"1..5"``; by default those of the scenario.
    jobs : int, optional
        Threads; by default one per core. The results do not depend on it.
    only, skip : str, optional
        Cells to run or to leave out, such as ``"attack=backdoor* defense=krum"``.
    set : mapping, optional
        Values to replace, such as ``{"threat.malicious": 0.3}``.
    fresh : bool
        Replace results that are in the folder.
    fail_fast : bool
        Stop at the first trial that fails.
    deadline : str, optional
        Stop after this time, such as ``"3h50m"``.
    progress : bool or callable
        Whether to say how far it is on ``sys.stderr``, or what to call with each line of that.

    Returns
    -------
    Results

    Raises
    ------
    GauntletError
        With everything that is wrong with the scenario, and where a trial failed or the run stopped
        early. What had ended by then is in ``out``, which ``Results`` opens.

    Examples
    --------
    >>> results = run("scenario.yaml", "results", seeds=[1, 2])  # doctest: +SKIP
    >>> results.trials[["attack", "defense", "accuracy.stop"]]  # doctest: +SKIP
    """
    folder = os.fspath(out) if out is not None else tempfile.mkdtemp(prefix="gauntlet-")
    given: Optional[str] = None
    path = "-"
    if not isinstance(scenario, Mapping):
        path = os.fspath(scenario)
    else:
        # YAML takes JSON.
        try:
            given = json.dumps(
                scenario, ensure_ascii=False, allow_nan=False, default=_plain, indent=2
            )
        except (TypeError, ValueError) as error:
            raise GauntletError(f"the scenario cannot be written as YAML: {error}") from error
    command = [program(), "run", path, "-o", folder]
    command += ["--progress", "lines" if progress else "none", "--color", "never"]
    if seeds is not None:
        command += ["--seeds", _seeds(seeds)]
    if jobs is not None:
        command += ["--jobs", str(integer(jobs, "jobs", 1, 4096))]
    for option, value in (("--only", only), ("--skip", skip), ("--deadline", deadline)):
        if value is not None:
            command += [option, value]
    for key, value in (set or {}).items():
        command += ["--set", f"{key}={_assigned(value)}"]
    command += ["--fresh"] * fresh + ["--fail-fast"] * fail_fast
    _run(command, given, _sink(progress))
    return Results(folder)


def _run(command: List[str], given: Optional[str], sink: Callable[[str], None]) -> None:
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    said: List[str] = []
    try:
        if given is not None and process.stdin is not None:
            writer = threading.Thread(target=_write, args=(process.stdin, given), daemon=True)
            writer.start()
        if process.stderr is not None:
            for line in process.stderr:
                said.append(line)
                # All of a long run is too much to keep.
                del said[:-1000]
                sink(line)
        code = process.wait()
    except BaseException:
        # It writes what has ended, as after Ctrl-C in a terminal.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    finally:
        if process.stderr is not None:
            process.stderr.close()
    if code != 0:
        told = "".join(line for line in said if not _PROGRESS.match(line)).strip()
        raise GauntletError(
            told.removeprefix("gauntlet: ") or f"gauntlet run ended with {code}", code
        )


def _write(stream: Any, text: str) -> None:
    try:
        with stream:
            stream.write(text)
    except BrokenPipeError:
        pass


def _sink(progress: Union[bool, Callable[[str], None]]) -> Callable[[str], None]:
    if callable(progress):
        return lambda line: progress(line.rstrip("\n"))
    if progress:
        return lambda line: print(line, end="", file=sys.stderr, flush=True)
    return lambda line: None


def _seeds(seeds: Union[int, str, Sequence[int]]) -> str:
    if isinstance(seeds, str):
        return seeds
    # An array of NumPy is no Sequence.
    several = [seeds] if isinstance(seeds, int) or not hasattr(seeds, "__iter__") else list(seeds)
    return ",".join(str(integer(seed, "a seed", 0, 2**63 - 1)) for seed in several)


def _assigned(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as Python's."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{value!r} is neither a number, a text, a list nor a mapping")
