"""Attacks on updates, in process."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Optional, Sequence

import numpy as np

from . import _arrays, _native
from ._errors import GauntletError
from ._expressions import Stage, expression, stage_expressions


@dataclasses.dataclass(frozen=True, eq=False)
class Crafted:
    """The rows that attackers send; ``numpy.asarray`` of it is the rows.

    Attributes
    ----------
    rows : numpy.ndarray
        One row per attacker, f x d, float32.
    figures : dict
        What the attack found, such as the strength of its rows.
    """

    rows: np.ndarray
    figures: Dict[str, float]

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> np.ndarray:
        if copy:
            return np.array(self.rows, dtype=dtype)
        return np.asarray(self.rows, dtype=dtype)


def craft(
    own: Any,
    honest: Any,
    attack: str,
    /,
    *,
    f: Optional[int] = None,
    defense: Optional[str] = None,
    stages: Sequence[Stage] = (),
    model: Any = None,
    root: Any = None,
    seed: int = 1,
    threads: Optional[int] = None,
    **parameters: Any,
) -> Crafted:
    """Makes the rows of attackers from honest updates, as ``gauntlet craft`` does.

    Parameters
    ----------
    own : array_like or None
        What the attackers trained, one row each, f x d; ``None``: attacker ``i`` trained what honest
        client ``i``, modulo their number, did.
    honest : array_like
        The honest updates, one row per client. C-contiguous float32 is read where it is.
    attack : str
        The attack, such as ``"alie"``; ``methods("attack")`` has all. Those that poison data or train
        cannot be made from a matrix.
    f : int, optional
        The number of attackers, where ``own`` does not say it.
    defense : str, optional
        The rule that an attack which knows it rehearses, such as ``"krum:f=2"``.
    stages : sequence
        Stages before that rule.
    model : array_like, optional
        The global parameters that the round started from, d values, for attacks that look at them.
    root : array_like, optional
        What the server's own data gives, for a rule that needs it.
    seed, threads
        As for :func:`aggregate`.
    **parameters
        Parameters of the attack. An underscore stands for a hyphen.

    Returns
    -------
    Crafted

    Raises
    ------
    GauntletError
        For names and parameters, for values that are not finite, and where the defense is needed.

    Examples
    --------
    >>> import numpy as np
    >>> honest = np.array([[1, 2], [3, 4]], dtype=np.float32)
    >>> craft(None, honest, "sign-flip", f=1, scale=1).rows
    array([[-1., -2.]], dtype=float32)
    """
    others = _arrays.matrix(honest, "honest")
    n, d = others.shape
    trained: Optional[np.ndarray] = None
    if own is not None:
        trained = _arrays.matrix(own, "own")
        if trained.shape[1] != d:
            raise GauntletError(f"own: has {trained.shape[1]} columns, and honest {d}")
        if f is not None and f != len(trained):
            raise GauntletError(f"own: has {len(trained)} rows, and f is {f}")
        f = len(trained)
    if f is None:
        raise GauntletError(f"{attack}: give the number of attackers, such as f=2, or their own rows")
    count = _arrays.integer(f, "f", 1, 1_000_000)
    names = stage_expressions(stages)
    if defense is None and (names or root is not None):
        raise GauntletError("stages and root belong to a defense")
    server = None if root is None else _arrays.vector(root, "root", d)
    start = None if model is None else _arrays.vector(model, "model", d)
    rows = np.empty((count, d), dtype=np.float32)
    figures = _native.call_reporting(
        "gauntlet_craft",
        _native.encoded(expression(attack, parameters)),
        count,
        None if defense is None else _native.encoded(expression(defense, {})),
        _native.texts(names),
        len(names),
        None if trained is None else trained.ctypes.data,
        others.ctypes.data,
        n,
        d,
        None if start is None else start.ctypes.data,
        None if server is None else server.ctypes.data,
        _arrays.seed(seed),
        _arrays.threads(threads),
        rows.ctypes.data,
    )
    return Crafted(rows, figures)
