"""The C interface with what only C can give it."""

import ctypes
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gauntlet_fl
from gauntlet_fl import GauntletError, _native

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)


def _open(rule=b"mean", stages=None, count=0, participants=4, clients=4, rounds=1, slot=True):
    number = ctypes.c_int64()
    _native.call(
        "gauntlet_defense_open", rule, stages, count, participants, clients, rounds,
        ctypes.byref(number) if slot else None,
    )
    return number.value


def _aggregate(number, **changes):
    result = np.full(3, np.nan, dtype=np.float32)
    arguments = dict(
        updates=ROWS.ctypes.data, rows=4, columns=3, clients=None, weights=None, model=None, root=None, round=0,
        seed=1, threads=1, result=result.ctypes.data, capacity=3, result_rows=None, report=None,
    )
    arguments.update(changes)
    _native.call("gauntlet_defense_aggregate", number, *arguments.values())
    return result


def test_optional_slots_may_be_null():
    assert _aggregate(_open()).tolist() == [4.5, 5.5, 6.5]
    # Not even the error is wanted.
    library = _native.library()
    assert library.gauntlet_defense_open(b"krumm", None, 0, 4, 4, 1, ctypes.byref(ctypes.c_int64()), None) == 1


@pytest.mark.parametrize(
    "changes, text",
    [
        ({"updates": None}, "the updates are null"),
        ({"updates": ROWS.ctypes.data + 1}, "not aligned"),
        ({"result": None}, "the result is null"),
        ({"result": ROWS.ctypes.data + 2}, "not aligned"),
        ({"rows": 0}, "is 0 x 3"),
        ({"rows": -1}, "is -1 x 3"),
        ({"columns": -(2**63)}, "at least one row"),
        ({"rows": 2**62, "columns": 2**62}, "too large"),
        ({"rows": 2**41, "columns": 1}, "too large"),
        ({"capacity": 2}, "1 x 3 values, and there is room for 2"),
        ({"capacity": -1}, "room for -1"),
        ({"threads": 0}, "threads is 0"),
        ({"threads": 2**31 - 1}, "threads is"),
        ({"round": -1}, "the round is -1"),
        ({"clients": np.array([0, 0, 1, 2]).ctypes}, "different numbers"),
    ],
)
def test_hostile_calls(changes, text):
    kept = dict(changes)
    if "clients" in changes:
        ids = np.array([0, 0, 1, 2], dtype=np.int64)
        kept["clients"] = ids.ctypes.data
    with pytest.raises(GauntletError, match=text):
        _aggregate(_open(), **kept)


@pytest.mark.parametrize(
    "arguments, text",
    [
        ({"rule": None}, "a rule, a stage or both are needed"),
        ({"rule": b"\xff\xfe"}, "unknown defense"),
        ({"rule": b"x" * 10_000_000}, "unknown defense"),
        ({"stages": None, "count": 3}, "stages are null"),
        ({"stages": (ctypes.c_char_p * 1)(None), "count": 1}, "number 0 of the stages is null"),
        ({"count": -1}, "the number of stages is -1"),
        ({"count": 2**40}, "the number of stages is"),
        ({"participants": 0}, "the number of participants is 0"),
        ({"participants": 2**63 - 1, "clients": 2**63 - 1}, "the number of participants is"),
        ({"clients": 3}, "the number of clients is 3"),
        ({"rounds": 0}, "the number of rounds is 0"),
        ({"slot": False}, "slot is null"),
    ],
)
def test_hostile_openings(arguments, text):
    with pytest.raises(GauntletError, match=text):
        _open(**arguments)


def test_unknown_handles():
    library = _native.library()
    for number in (0, -1, 2**62):
        assert library.gauntlet_defense_close(number) == 1
        with pytest.raises(GauntletError, match="no open defense"):
            _aggregate(number)


def _symbols(*options: str) -> str:
    library = _native.library()._name
    try:
        return subprocess.run(
            ["nm", "-D", *options, library], capture_output=True, text=True, check=True
        ).stdout
    except FileNotFoundError:
        pytest.skip("SKIPPED: there is no nm")


def test_only_our_symbols_are_exported():
    names = {line.split()[-1] for line in _symbols("--defined-only").splitlines()}
    assert names and all(name.startswith("gauntlet_") for name in names), sorted(names)[:10]


def test_the_library_needs_the_system_alone():
    found = subprocess.run(["ldd", _native.library()._name], capture_output=True, text=True).stdout
    names = {line.split()[0].rsplit("/", 1)[-1] for line in found.splitlines() if line.strip()}
    allowed = {"linux-vdso.so.1", "libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6",
               "ld-linux-x86-64.so.2", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libz.so.1"}
    assert names <= allowed, names - allowed


def test_the_header_says_what_is_exported():
    header = (Path(gauntlet_fl.__file__).parent / "_lib" / "gauntlet.h").read_text()
    names = {line.split()[-1] for line in _symbols("--defined-only").splitlines()}
    assert all(f"{name}(" in header for name in names)
    assert names == {"gauntlet_interface", "gauntlet_free", *_native._FUNCTIONS}


def test_importing_is_quick_and_loads_nothing():
    code = "import gauntlet_fl, sys; print('pandas' in sys.modules, 'gauntlet_fl.worker' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_an_old_processor_gets_a_sentence(tmp_path):
    path = tmp_path / "cpuinfo"
    path.write_text("processor : 0\nflags\t\t: fpu sse2 avx\n")
    with pytest.raises(GauntletError, match="lacks AVX2 and FMA"):
        _native._require_processor(str(path))
    path.write_text("processor : 0\nflags\t\t: fpu avx2 fma\n")
    _native._require_processor(str(path))
    _native._require_processor(str(tmp_path / "absent"))
