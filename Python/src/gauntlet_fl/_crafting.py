"""Attacks on updates, in process."""

from __future__ import annotations

import ctypes
import dataclasses
import weakref
from typing import Any, Dict, Optional, Sequence, Tuple

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


class Attack:
    """An attack that remembers rounds, as in a run.

    It is made for as many honest rows, attackers and columns as its first round has. Client ``i``
    sends row ``i`` in every round, and the attackers come behind the honest clients.

    Parameters
    ----------
    attack : str
        The attack, such as ``"mimic"`` or ``"mimic:warm-up=5"``; ``methods("attack")`` has all. Those
        that poison data or train cannot be made from a matrix.
    f : int, optional
        The number of attackers, where ``own`` of the first round does not say it.
    defense : str, optional
        The rule that an attack which knows it rehearses, such as ``"krum:f=2"``. One that remembers
        rounds is shown, after each, the honest rows and those that were made.
    stages : sequence
        Stages before that rule.
    rounds : int
        How many rounds there will be, for methods that ask.
    seed : int
        The seed of what is drawn.
    threads : int, optional
        By default as many as this process may use; the result does not depend on it.
    **parameters
        Parameters of the attack. An underscore stands for a hyphen: ``warm_up=5``.

    Raises
    ------
    GauntletError
        For what belongs to no attack, at once; for names and parameters with the first round.

    Examples
    --------
    >>> attack = Attack("mimic", f=2)
    >>> for honest in rounds:  # doctest: +SKIP
    ...     everything = np.vstack([honest, attack.craft(None, honest, model=model)])
    """

    def __init__(
        self,
        attack: str,
        /,
        *,
        f: Optional[int] = None,
        defense: Optional[str] = None,
        stages: Sequence[Stage] = (),
        rounds: int = 1,
        seed: int = 1,
        threads: Optional[int] = None,
        **parameters: Any,
    ) -> None:
        self._attack = expression(attack, parameters)
        self._count = None if f is None else _arrays.integer(f, "f", 1, 1_000_000)
        self._stages = stage_expressions(stages)
        self._defense = None if defense is None else expression(defense, {})
        if defense is None and self._stages:
            raise GauntletError("stages belong to a defense")
        self._rounds = _arrays.integer(rounds, "rounds", 1, 2**40)
        self._seed = _arrays.seed(seed)
        self._threads = _arrays.threads(threads)
        self._open: Optional[_Open] = None
        self._closed = False
        #: The number of the next round, from 0 on.
        self.round = 0

    def craft(self, own: Any, honest: Any, /, *, model: Any = None, root: Any = None) -> Crafted:
        """Makes the rows of the attackers in the next round.

        Parameters
        ----------
        own : array_like or None
            What the attackers trained, one row each, f x d; ``None``: attacker ``i`` trained what
            honest client ``i``, modulo their number, did.
        honest : array_like
            The honest updates, one row per client. C-contiguous float32 is read where it is.
        model : array_like, optional
            The global parameters that the round started from, d values. Attacks that follow the model
            from round to round need it in each.
        root : array_like, optional
            What the server's own data gives, d values, for a rule that needs it.

        Returns
        -------
        Crafted

        Raises
        ------
        GauntletError
            The round does not count then.
        """
        if self._closed:
            raise GauntletError("this attack is closed")
        others, trained, count = _rows(own, honest, self._count, self._attack)
        if self._defense is None and root is not None:
            raise GauntletError("root belongs to a defense")
        n, d = others.shape
        start = None if model is None else _arrays.vector(model, "model", d)
        server = None if root is None else _arrays.vector(root, "root", d)
        if self._open is None:
            self._open = _Open(
                self._attack, count, n, d, self._rounds, self._defense, self._stages, self._seed
            )
            self._count = count
        rows = np.empty((count, d), dtype=np.float32)
        figures = _native.call_reporting(
            "gauntlet_attack_craft",
            self._open.number,
            None if trained is None else trained.ctypes.data,
            others.ctypes.data,
            n,
            d,
            None if start is None else start.ctypes.data,
            None if server is None else server.ctypes.data,
            self.round,
            self._threads,
            rows.ctypes.data,
        )
        self.round += 1
        return Crafted(rows, figures)

    def close(self) -> None:
        """Frees what it remembers; a closed attack makes no more rows."""
        self._closed = True
        if self._open is not None:
            self._open.close()

    def __enter__(self) -> "Attack":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class _Open:
    """An attack that the library has open."""

    def __init__(
        self,
        attack: str,
        attackers: int,
        honest: int,
        columns: int,
        rounds: int,
        defense: Optional[str],
        stages: Sequence[str],
        seed: int,
    ) -> None:
        number = ctypes.c_int64()
        _native.call(
            "gauntlet_attack_open",
            _native.encoded(attack),
            attackers,
            honest,
            columns,
            rounds,
            None if defense is None else _native.encoded(defense),
            _native.texts(stages),
            len(stages),
            seed,
            ctypes.byref(number),
        )
        self.number = number.value
        self.close = weakref.finalize(self, _native.library().gauntlet_attack_close, self.number)


def _rows(
    own: Any, honest: Any, f: Optional[int], attack: str
) -> Tuple[np.ndarray, Optional[np.ndarray], int]:
    """The honest rows, those of the attackers, and their number."""
    others = _arrays.matrix(honest, "honest")
    trained: Optional[np.ndarray] = None
    if own is not None:
        trained = _arrays.matrix(own, "own")
        if trained.shape[1] != others.shape[1]:
            raise GauntletError(
                f"own: has {trained.shape[1]} columns, and honest {others.shape[1]}"
            )
        if f is not None and f != len(trained):
            raise GauntletError(f"own: has {len(trained)} rows, and f is {f}")
        f = len(trained)
    if f is None:
        raise GauntletError(f"{attack}: give the number of attackers, such as f=2, or their own rows")
    return others, trained, _arrays.integer(f, "f", 1, 1_000_000)


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

    One round alone; an :class:`Attack` goes on from round to round.

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
    others, trained, count = _rows(own, honest, f, attack)
    n, d = others.shape
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
