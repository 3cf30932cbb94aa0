"""The shared library and its functions, as ``gauntlet.h`` declares them."""

from __future__ import annotations

import ctypes
import functools
import json
import os
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from ._errors import GauntletError

_INTERFACE = 1

_Text = ctypes.c_char_p
_Slot = ctypes.POINTER(ctypes.c_void_p)
_Int = ctypes.c_int64
_Memory = ctypes.c_void_p

_FUNCTIONS: Dict[str, Sequence[Any]] = {
    "gauntlet_list": (_Text, _Slot, _Slot),
    "gauntlet_defense_open": (
        _Text, ctypes.POINTER(_Text), _Int, _Int, _Int, _Int, ctypes.POINTER(_Int), _Slot,
    ),
    "gauntlet_defense_close": (_Int,),
    "gauntlet_defense_aggregate": (
        _Int, _Memory, _Int, _Int, _Memory, _Memory, _Memory, _Memory, _Int, ctypes.c_uint64,
        ctypes.c_int32, _Memory, _Int, ctypes.POINTER(_Int), _Slot, _Slot,
    ),
    "gauntlet_attack_open": (
        _Text, _Int, _Int, _Int, _Int, _Text, ctypes.POINTER(_Text), _Int, ctypes.c_uint64,
        ctypes.POINTER(_Int), _Slot,
    ),
    "gauntlet_attack_close": (_Int,),
    "gauntlet_attack_craft": (
        _Int, _Memory, _Memory, _Int, _Int, _Memory, _Memory, _Int, ctypes.c_int32, _Memory,
        _Slot, _Slot,
    ),
    "gauntlet_craft": (
        _Text, _Int, _Text, ctypes.POINTER(_Text), _Int, _Memory, _Memory, _Int, _Int, _Memory,
        _Memory, ctypes.c_uint64, ctypes.c_int32, _Memory, _Slot, _Slot,
    ),
}


@functools.lru_cache(maxsize=None)
def library() -> ctypes.CDLL:
    """The library, loaded at the first call; ``GAUNTLET_LIBRARY`` names another one."""
    _require_processor()
    path = os.environ.get("GAUNTLET_LIBRARY") or str(
        Path(__file__).parent / "_lib" / "libgauntlet.so"
    )
    try:
        loaded = ctypes.CDLL(path)
    except OSError as error:
        raise GauntletError(f"the library of Gauntlet cannot be loaded: {error}") from error
    loaded.gauntlet_interface.restype = ctypes.c_int32
    loaded.gauntlet_interface.argtypes = ()
    number = loaded.gauntlet_interface()
    if number != _INTERFACE:
        raise GauntletError(f"{path}: has interface {number}, and {_INTERFACE} is needed")
    loaded.gauntlet_free.restype = None
    loaded.gauntlet_free.argtypes = (ctypes.c_void_p,)
    for name, arguments in _FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype = ctypes.c_int32
        function.argtypes = arguments
    return loaded


def _require_processor(path: str = "/proc/cpuinfo") -> None:
    """Refuses a processor that has not the instructions of the library, which would end the process."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            flags = next((line for line in file if line.startswith("flags")), "")
    except OSError:
        return
    missing = {"avx2", "fma"} - set(flags.split())
    if flags and missing:
        raise GauntletError(
            "Gauntlet needs a processor with AVX2 and FMA, as x86-64-v3 has them; this one lacks "
            + " and ".join(word.upper() for word in sorted(missing))
        )


def _take(slot: ctypes.c_void_p) -> Optional[str]:
    """The text of a slot, given back to the library."""
    if not slot.value:
        return None
    try:
        return ctypes.string_at(slot.value).decode("utf-8", "replace")
    finally:
        library().gauntlet_free(slot)


def call(name: str, *arguments: Any) -> None:
    """Calls a function whose last argument is the slot of the error.

    Raises
    ------
    GauntletError
        With the text of the library.
    """
    error = ctypes.c_void_p()
    status = getattr(library(), name)(*arguments, ctypes.byref(error))
    text = _take(error)
    if status != 0:
        raise GauntletError(text or f"{name} failed")


def call_reporting(name: str, *arguments: Any) -> Any:
    """Calls a function with a slot for JSON before that of the error, and returns what it says."""
    report = ctypes.c_void_p()
    try:
        call(name, *arguments, ctypes.byref(report))
    finally:
        text = _take(report)
    return json.loads(text or "null")


def texts(values: Sequence[str]) -> Any:
    """An array of texts for C."""
    return (ctypes.c_char_p * max(len(values), 1))(*[encoded(value) for value in values])


def encoded(value: str) -> bytes:
    """A text for C, which ends at a null character."""
    if "\0" in value:
        raise GauntletError(f"{value!r} has a null character in it")
    return value.encode("utf-8", "surrogatepass")


def methods(kind: str = "defense") -> Dict[str, str]:
    """The methods that can be named, with a sentence on each.

    Parameters
    ----------
    kind : {"defense", "stage", "attack"}
        A defense is a rule, which may have stages before it.

    Returns
    -------
    dict
        From id to summary, in order.

    Examples
    --------
    >>> "krum" in methods()
    True
    """
    listed = call_reporting("gauntlet_list", encoded(kind))
    return {method["id"]: method["summary"] for method in listed}
