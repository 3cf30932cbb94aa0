"""A strategy for Flower that aggregates with a rule of Gauntlet.

::

    from gauntlet_fl.adapters.flower import RobustStrategy

    strategy = RobustStrategy("krum", f=2, stages=["nnm:f=2"], fraction_train=0.5)
    strategy.start(grid=grid, initial_arrays=arrays, num_rounds=10)

Needs Flower with its message API (``flwr.serverapp``, from version 1.21).
"""

from __future__ import annotations

import difflib
import logging
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

import numpy as np

try:
    from flwr.app import Array, ArrayRecord, ConfigRecord, Message, MetricRecord
    from flwr.serverapp import Grid
    from flwr.serverapp.strategy import FedAvg
except ImportError as error:
    raise ImportError(f"this adapter needs Flower: {error}; pip install flwr") from error

__all__ = ["RobustStrategy"]

_log = logging.getLogger("flwr")


class RobustStrategy(FedAvg):
    """Federated averaging with a robust rule in the place of the average.

    A client's update is what it sent minus the global model; the rule sees one row per client, and
    what it returns is added to the global model. Arrays of integers (counters of batch
    normalization) are no part of a row: of those the coordinate-wise median is taken. A reply is
    left out whose arrays differ in name, shape or type from the global model's, or hold values
    that are not finite.

    Parameters
    ----------
    defense : str or object
        The id of a rule, such as ``"krum"``; or an object with a method
        ``aggregate(updates, weights=...)`` that returns a vector, or an object with a vector
        ``update``, such as a `gauntlet_fl.Defense`. A rule that is named by its id has room for as
        many rows as nodes were sampled; where a round has more, its memory begins anew.
    f : int, optional
        How many malicious clients a round may have; for rules that need it.
    stages : sequence of str
        Stages before the rule, such as ``"nnm:f=2"``.
    rule_parameters : dict, optional
        More parameters of the rule.
    clients : int, optional
        How many nodes there are in all, for rules that follow a client from round to round.
    server_rate : float
        What the rule's update is multiplied with.
    **fedavg
        Everything that Flower's ``FedAvg`` takes. Its ``weighted_by_key`` gives the weights of
        the rows, for rules that use them.

    Attributes
    ----------
    last : object
        What the rule returned in the latest round; of Gauntlet's rules it has ``kept``,
        ``weights`` and ``suspicion``, a value for each client of ``last_clients``.
    last_clients : list of int
        The clients (node ids) whose rows the rule saw, in order.
    """

    def __init__(
        self, defense: Any, *, f: Optional[int] = None, stages: Sequence[str] = (),
        rule_parameters: Optional[Dict[str, Any]] = None, clients: Optional[int] = None,
        server_rate: float = 1.0, **fedavg: Any,
    ) -> None:
        super().__init__(**fedavg)
        if isinstance(defense, str):
            _check(defense, "defense")
            for stage in stages:
                _check(stage, "stage")
        self.defense = defense
        self.server_rate = server_rate
        self._parameters = dict(rule_parameters or {}, **({} if f is None else {"f": f}))
        self._stages = list(stages)
        self._clients = clients
        self._opened: Any = None
        self._room = 0
        self._sampled = 0
        self._numbers: Dict[int, int] = {}
        self.last: Any = None
        self.last_clients: List[int] = []
        self._global: Optional[Dict[str, np.ndarray]] = None

    def configure_train(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """Remembers the global model, from which updates are counted."""
        self._global = {key: each.numpy() for key, each in arrays.items()}
        messages = list(super().configure_train(server_round, arrays, config, grid))
        self._sampled = len(messages)
        return messages

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> Tuple[Optional[ArrayRecord], Optional[MetricRecord]]:
        """Aggregates with the rule; the metrics of clients as ``FedAvg`` does."""
        valid, _ = self._check_and_log_replies(replies, is_train=True, validate=False)
        if self._global is None:
            raise RuntimeError("configure_train has to come before aggregate_train")
        rows, others, weights, contents, self.last_clients = [], [], [], [], []
        for message in valid:
            read = self._read(message)
            if isinstance(read, str):
                _log.warning(
                    "left out the reply of node %s: %s", message.metadata.src_node_id, read)
                continue
            rows.append(read[0])
            others.append(read[1])
            weights.append(read[2])
            contents.append(message.content)
            self.last_clients.append(message.metadata.src_node_id)
        if not rows:
            return None, None
        total = sum(weights)
        shares = np.array(weights) / total if total > 0 else np.full(len(rows), 1 / len(rows))
        self.last = self._aggregate(np.stack(rows), shares)
        update = np.asarray(getattr(self.last, "update", self.last), np.float64)
        return (
            self._model(update, others),
            self.train_metrics_aggr_fn(contents, self.weighted_by_key))

    def _aggregate(self, rows: np.ndarray, weights: np.ndarray) -> Any:
        if not isinstance(self.defense, str):
            return self.defense.aggregate(rows, weights=weights)
        room = max(self._sampled, len(rows))
        if room > self._room:
            from gauntlet_fl import Defense
            self._opened = Defense(
                self.defense, stages=self._stages, participants=room, clients=self._clients,
                **self._parameters)
            self._room = room
        if self._clients is None:
            return self._opened.aggregate(rows, weights=weights)
        numbers = [
            self._numbers.setdefault(node, len(self._numbers)) for node in self.last_clients]
        return self._opened.aggregate(rows, weights=weights, clients=numbers)

    def _read(self, message: Message) -> Any:
        """The row of a reply, its other arrays and its weight; or in words why there is none."""
        model = self._global or {}
        records = message.content.array_records
        if len(records) != 1:
            return f"{len(records)} records of arrays"
        arrays = {key: each.numpy() for key, each in next(iter(records.values())).items()}
        if arrays.keys() != model.keys():
            return "its arrays are not those of the model"
        metrics = message.content.metric_records
        weight = next(iter(metrics.values())).get(self.weighted_by_key) if metrics else None
        if not isinstance(weight, (int, float)) or not 0 <= weight < float("inf"):
            return f"no weight '{self.weighted_by_key}'"
        row, rest = [], {}
        for key, now in model.items():
            if arrays[key].shape != now.shape or arrays[key].dtype != now.dtype:
                return f"{key} has another shape or type"
            if now.dtype.kind == "f":
                row.append((arrays[key].astype(np.float64) - now).ravel())
            else:
                rest[key] = arrays[key]
        joined = np.concatenate(row) if row else np.empty(0)
        with np.errstate(over="ignore"):
            joined = joined.astype(np.float32)
        if not np.isfinite(joined).all():
            return "values that are not finite"
        return joined, rest, float(weight)

    def _model(self, update: np.ndarray, others: List[Dict[str, np.ndarray]]) -> ArrayRecord:
        result, offset = ArrayRecord(), 0
        for key, now in (self._global or {}).items():
            if now.dtype.kind == "f":
                step = update[offset:offset + now.size].reshape(now.shape)
                offset += now.size
                new = (now + self.server_rate * step).astype(now.dtype)
            else:
                values = np.sort(np.stack([each[key] for each in others]), axis=0)
                new = values[(len(values) - 1) // 2]
            result[key] = Array(np.asarray(new))
        return result


def _check(expression: str, kind: str) -> None:
    """Refuses a name that is none before a first round has been trained."""
    from gauntlet_fl import methods
    name = expression.partition(":")[0]
    known = methods(kind)
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "there are: " + ", ".join(known)
        raise ValueError(f"unknown {kind} {name!r}; {hint}")
