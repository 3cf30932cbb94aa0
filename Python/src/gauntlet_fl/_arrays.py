"""Arrays of callers as the library reads them."""

from __future__ import annotations

import operator
import os
from typing import Any, Optional

import numpy as np

from ._errors import GauntletError


def matrix(values: Any, name: str) -> np.ndarray:
    """Returns ``values`` as a C-contiguous float32 matrix, itself where it is one.

    Raises
    ------
    GauntletError
        Where it has another number of dimensions, no row or column, no numbers, or a value that
        does not fit single precision.
    """
    array = _numbers(values, name)
    if array.ndim != 2:
        raise GauntletError(
            f"{name}: has the shape {array.shape}; one row per client is needed, n x d"
        )
    if 0 in array.shape:
        rows, columns = array.shape
        raise GauntletError(
            f"{name}: is {rows} x {columns}; at least one row and one column are needed"
        )
    return _single(array, name)


def vector(values: Any, name: str, length: int) -> np.ndarray:
    """Returns ``values`` as a C-contiguous float32 vector of ``length`` values."""
    array = _numbers(values, name)
    if array.ndim == 2 and array.shape[0] == 1:
        array = array[0]
    if array.shape != (length,):
        raise GauntletError(f"{name}: has the shape {array.shape}; {length} values are needed")
    return _single(array, name)


def threads(number: Optional[int]) -> int:
    """The number of threads; ``None``: as many as this process may use."""
    if number is None:
        if hasattr(os, "sched_getaffinity"):
            return max(1, min(len(os.sched_getaffinity(0)), 4096))
        return os.cpu_count() or 1
    return integer(number, "threads", 1, 4096)


def seed(number: int) -> int:
    """A seed, checked."""
    return integer(number, "seed", 0, 2**64 - 1)


def integer(value: Any, name: str, least: int, most: int) -> int:
    """A whole number in a range, checked."""
    try:
        number = operator.index(value)
    except TypeError:
        raise GauntletError(f"{name} is {value!r}; it has to be a whole number") from None
    if isinstance(value, (bool, np.bool_)) or not least <= number <= most:
        raise GauntletError(f"{name} is {value}; it has to be from {least} to {most}")
    return number


def _numbers(values: Any, name: str) -> np.ndarray:
    # A tensor of PyTorch may need gradients, be on a device, or have a type that NumPy lacks.
    if hasattr(values, "detach") and hasattr(values, "cpu"):
        values = values.detach().cpu()
        if "bfloat16" in str(getattr(values, "dtype", "")):
            values = values.float()
    elif isinstance(values, (list, tuple)) and values and hasattr(values[0], "detach"):
        values = [_numbers(row, name) for row in values]
    try:
        array = np.asarray(values)
    except Exception as error:
        raise GauntletError(f"{name}: is no array of numbers ({error})") from error
    if isinstance(array, np.ma.MaskedArray) or np.ma.isMaskedArray(values):
        raise GauntletError(f"{name}: is a masked array; fill it or leave its rows out")
    if array.dtype.kind not in "fiub":
        raise GauntletError(f"{name}: has values of type {array.dtype}; real numbers are needed")
    return array


def _single(array: np.ndarray, name: str) -> np.ndarray:
    with np.errstate(over="ignore"):
        single = np.ascontiguousarray(array, dtype=np.float32)
    if array.dtype.kind != "b" and array.dtype.itemsize > 4:
        lost = np.isinf(single)
        if lost.any():
            lost &= np.isfinite(array)
            if lost.any():
                place = np.argwhere(lost)[0]
                where = ", ".join(
                    f"{word} {index}"
                    for word, index in zip(("row", "column")[-len(place) :], place)
                )
                raise GauntletError(
                    f"{name}: {where} is {array[tuple(place)]}, which single precision does not hold"
                )
    # Some foreign arrays are not where their type wants them.
    return single if single.flags.aligned else single.copy()
