"""Rules and stages on arrays, in process."""

from __future__ import annotations

import ctypes
import dataclasses
import weakref
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np

from . import _arrays, _native
from ._errors import GauntletError
from ._expressions import Stage, expression, stage_expressions


@dataclasses.dataclass(frozen=True, eq=False)
class Aggregation:
    """What a defense made of the updates of a round; ``numpy.asarray`` of it is the update.

    Attributes
    ----------
    update : numpy.ndarray
        The aggregate, float32, d values.
    kept : numpy.ndarray
        For each row whether it takes part; false where the rule rejected it, or where it has a
        value that is not finite.
    weights : numpy.ndarray
        The share of each row in the aggregate, float64; their sum is at most 1.
    suspicion : numpy.ndarray
        The rule's own score of each row, higher is more suspicious, float64; NaN where it has none.
    dispositions : tuple of str
        For each row ``"accepted"``, ``"downweighted"``, ``"rejected"``, ``"not-judged"`` where the
        rule has no opinion on rows, or ``"left-out"`` where a value is not finite.
    report : dict
        What the rule says about itself, such as the rows that it selected.
    flags : tuple of str
        ``"outside-proof"`` where the rule has fewer rows than its proof needs.
    """

    update: np.ndarray
    kept: np.ndarray
    weights: np.ndarray
    suspicion: np.ndarray
    dispositions: Tuple[str, ...]
    report: Dict[str, Any]
    flags: Tuple[str, ...]

    @property
    def left_out(self) -> List[int]:
        """The rows with a value that is not finite."""
        return [row for row, word in enumerate(self.dispositions) if word == "left-out"]

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> np.ndarray:
        if copy:
            return np.array(self.update, dtype=dtype)
        return np.asarray(self.update, dtype=dtype)


class Defense:
    """Stages and a rule that remember rounds, as in a run.

    Parameters
    ----------
    rule : str
        The rule, such as ``"foolsgold"`` or ``"krum:f=2"``.
    stages : sequence
        Stages before it, such as ``["nnm:f=2"]`` or ``[("nnm", {"f": 2})]``.
    participants : int, optional
        The most rows of a round; by default those of the first.
    clients : int, optional
        How many clients may take part in some round; by default as many as participants.
    rounds : int
        How many rounds there will be, for methods that ask.
    seed : int
        The seed of what is drawn.
    threads : int, optional
        By default as many as this process may use; the result does not depend on it.
    **parameters
        Parameters of the rule. An underscore stands for a hyphen: ``min_size=3``.

    Raises
    ------
    GauntletError
        For names and parameters, and where so few rows do not do. It comes with the first round if
        ``participants`` is not given.

    Examples
    --------
    >>> defense = Defense("centered-clipping", participants=10)
    >>> for updates in rounds:  # doctest: +SKIP
    ...     model += defense.aggregate(updates).update
    """

    def __init__(
        self,
        rule: str,
        /,
        *,
        stages: Sequence[Stage] = (),
        participants: Optional[int] = None,
        clients: Optional[int] = None,
        rounds: int = 1,
        seed: int = 1,
        threads: Optional[int] = None,
        **parameters: Any,
    ) -> None:
        self._rule = expression(rule, parameters)
        self._stages = stage_expressions(stages)
        self._clients = None if clients is None else _arrays.integer(clients, "clients", 1, 2**40)
        self._rounds = _arrays.integer(rounds, "rounds", 1, 2**40)
        self._seed = _arrays.seed(seed)
        self._threads = _arrays.threads(threads)
        self._open: Optional[_Open] = None
        self._closed = False
        #: The number of the next round, from 0 on.
        self.round = 0
        if participants is not None:
            self._make(_arrays.integer(participants, "participants", 1, 2**40))

    def _make(self, participants: int) -> "_Open":
        clients = participants if self._clients is None else self._clients
        self._open = _Open(self._rule, self._stages, participants, clients, self._rounds)
        return self._open

    def aggregate(
        self,
        updates: Any,
        /,
        *,
        weights: Any = None,
        clients: Optional[Sequence[int]] = None,
        model: Any = None,
        root: Any = None,
    ) -> Aggregation:
        """Aggregates the updates of the next round.

        Parameters
        ----------
        updates : array_like
            One row per client, n x d. A C-contiguous float32 array (or CPU tensor) is read where it
            is; anything else is converted first.
        weights : array_like, optional
            The weight of each row, such as the number of its examples; by default all are alike.
        clients : sequence of int, optional
            Who sent each row, from 0 on and each once; by default client ``i`` sent row ``i``. Rules
            that follow clients over rounds need it where not all take part.
        model : array_like, optional
            The global parameters that the round started from, d values; some rules look at the models
            of clients, which are that plus the updates.
        root : array_like, optional
            What the server's own data gives, d values, for rules that need it.

        Returns
        -------
        Aggregation

        Raises
        ------
        GauntletError
            The round does not count then.
        """
        if self._closed:
            raise GauntletError("this defense is closed")
        array = _arrays.matrix(updates, "updates")
        order: Optional[np.ndarray] = None
        ids: Optional[np.ndarray] = None
        if clients is not None:
            ids = _client_ids(clients, len(array))
            if (np.diff(ids) < 0).any():
                order = np.argsort(ids, kind="stable")
                array, ids = np.ascontiguousarray(array[order]), np.ascontiguousarray(ids[order])
        shares = None if weights is None else _weights(weights, len(array), order)
        opened = self._open or self._make(len(array))
        update, said = opened.apply(
            array, ids, shares, model, root, self.round, self._seed, self._threads, array.shape[1]
        )
        self.round += 1
        return _aggregation(update[0], said, len(array), order, not self._stages)

    def close(self) -> None:
        """Frees what it remembers; a closed defense answers no more."""
        self._closed = True
        if self._open is not None:
            self._open.close()

    def __enter__(self) -> "Defense":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class _Open:
    """A defense that the library has open."""

    def __init__(
        self,
        rule: Optional[str],
        stages: Sequence[str],
        participants: int,
        clients: int,
        rounds: int,
    ) -> None:
        number = ctypes.c_int64()
        _native.call(
            "gauntlet_defense_open",
            None if rule is None else _native.encoded(rule),
            _native.texts(stages),
            len(stages),
            participants,
            clients,
            rounds,
            ctypes.byref(number),
        )
        self._number = number.value
        self.close = weakref.finalize(
            self, _native.library().gauntlet_defense_close, self._number
        )

    def apply(
        self,
        array: np.ndarray,
        ids: Optional[np.ndarray],
        weights: Optional[np.ndarray],
        model: Any,
        root: Any,
        round: int,
        seed: int,
        threads: int,
        capacity: int,
    ) -> Tuple[np.ndarray, Dict[str, Any]]:
        """The rows of the result and what the library says about them."""
        n, d = array.shape
        start = None if model is None else _arrays.vector(model, "model", d)
        server = None if root is None else _arrays.vector(root, "root", d)
        result = np.empty(capacity, dtype=np.float32)
        rows = ctypes.c_int64()
        said = _native.call_reporting(
            "gauntlet_defense_aggregate",
            self._number,
            array.ctypes.data,
            n,
            d,
            None if ids is None else ids.ctypes.data,
            None if weights is None else weights.ctypes.data,
            None if start is None else start.ctypes.data,
            None if server is None else server.ctypes.data,
            round,
            seed,
            threads,
            result.ctypes.data,
            capacity,
            ctypes.byref(rows),
        )
        return result[: rows.value * d].reshape(rows.value, d), said


def aggregate(
    updates: Any,
    rule: str = "mean",
    /,
    *,
    stages: Sequence[Stage] = (),
    weights: Any = None,
    model: Any = None,
    root: Any = None,
    seed: int = 1,
    threads: Optional[int] = None,
    **parameters: Any,
) -> Aggregation:
    """Aggregates updates by a rule, as ``gauntlet aggregate`` does and with the same bits.

    Parameters
    ----------
    updates : array_like
        One row per client, n x d. A C-contiguous float32 array (or CPU tensor) is read where it is;
        anything else is converted first, and refused where a value does not fit single precision.
        Rows with a value that is not finite are left out.
    rule : str
        The rule, such as ``"krum"``; :func:`methods` has all.
    stages : sequence
        Stages before it, such as ``["nnm:f=2"]`` or ``[("nnm", {"f": 2})]``.
    weights : array_like, optional
        The weight of each row, such as the number of its examples; by default all are alike.
    model : array_like, optional
        The global parameters that the round started from, d values; some rules look at the models of
        clients, which are that plus the updates.
    root : array_like, optional
        What the server's own data gives, d values, for rules that need it.
    seed : int
        The seed of randomized rules.
    threads : int, optional
        By default as many as this process may use; the result does not depend on it.
    **parameters
        Parameters of the rule, such as ``f=2``. An underscore stands for a hyphen.

    Returns
    -------
    Aggregation
        The update, and for each row whether it was kept, its weight and its suspicion.

    Raises
    ------
    GauntletError
        With everything that is wrong with names and parameters, or why the updates do not do.

    Examples
    --------
    >>> import numpy as np
    >>> updates = np.array([[1, 2], [1, 3], [2, 2], [9, -9]], dtype=np.float32)
    >>> aggregate(updates, "median").update
    array([1.5, 2. ], dtype=float32)
    """
    array = _arrays.matrix(updates, "updates")
    names = stage_expressions(stages)
    number, width = _arrays.seed(seed), _arrays.threads(threads)
    shares = None if weights is None else _weights(weights, len(array), None)
    opened = _Open(expression(rule, parameters), names, len(array), len(array), 1)
    try:
        update, said = opened.apply(
            array, None, shares, model, root, 0, number, width, array.shape[1]
        )
    finally:
        opened.close()
    return _aggregation(update[0], said, len(array), None, not names)


def transform(
    updates: Any,
    *stages: Stage,
    weights: Any = None,
    seed: int = 1,
    threads: Optional[int] = None,
) -> np.ndarray:
    """Applies stages alone, such as ``"nnm:f=2"``, and returns the rows that come out.

    Parameters are those of :func:`aggregate`. Rows with a value that is not finite are left out.

    Examples
    --------
    >>> import numpy as np
    >>> transform(np.eye(4, dtype=np.float32), "nnm:f=1").shape
    (4, 4)
    """
    array = _arrays.matrix(updates, "updates")
    shares = None if weights is None else _weights(weights, len(array), None)
    opened = _Open(None, stage_expressions(stages), len(array), len(array), 1)
    try:
        rows, _ = opened.apply(
            array, None, shares, None, None, 0, _arrays.seed(seed), _arrays.threads(threads),
            array.size,
        )
    finally:
        opened.close()
    return rows


def _client_ids(clients: Sequence[int], count: int) -> np.ndarray:
    ids = np.asarray(clients)
    if ids.shape != (count,) or ids.dtype.kind not in "iu":
        raise GauntletError(f"clients: one whole number for each of {count} rows is needed")
    if len(np.unique(ids)) != count:
        raise GauntletError("clients: names one twice")
    return np.ascontiguousarray(ids, dtype=np.int64)


def _weights(weights: Any, count: int, order: Optional[np.ndarray]) -> np.ndarray:
    try:
        array = np.ascontiguousarray(weights, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise GauntletError(f"weights: are no numbers ({error})") from error
    if array.shape != (count,):
        raise GauntletError(f"weights: one for each of {count} rows is needed, not {array.shape}")
    return array if order is None else np.ascontiguousarray(array[order])


def _aggregation(
    update: np.ndarray,
    said: Dict[str, Any],
    count: int,
    order: Optional[np.ndarray],
    names_rows: bool,
) -> Aggregation:
    """What the library says, by the rows of the caller."""
    places = range(count) if order is None else [int(row) for row in order]
    weights = np.zeros(count)
    suspicion = np.full(count, np.nan)
    dispositions = ["left-out"] * count
    for verdict in said["verdicts"]:
        row = places[verdict["row"]]
        weights[row] = verdict["weight"]
        dispositions[row] = verdict["disposition"]
        if verdict["suspicion"] is not None:
            suspicion[row] = verdict["suspicion"]
    report = dict(said["report"])
    if order is not None and names_rows:
        for name, value in report.items():
            if isinstance(value, list):
                report[name] = sorted(places[row] for row in value)
    return Aggregation(
        update=update,
        kept=np.array([word not in ("rejected", "left-out") for word in dispositions], dtype=bool),
        weights=weights,
        suspicion=suspicion,
        dispositions=tuple(dispositions),
        report=report,
        flags=tuple(said["flags"]),
    )
