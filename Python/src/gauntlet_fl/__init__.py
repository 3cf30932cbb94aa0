"""Gauntlet for Python: attacks on federated learning, and the defenses against them.

In process, on NumPy arrays with one row per client::

    import gauntlet_fl as gauntlet

    result = gauntlet.aggregate(updates, "krum", f=2, stages=["nnm:f=2"])
    result.update, result.kept, result.suspicion
    malicious = gauntlet.craft(None, honest, "alie", f=2)

Whole scenarios, by the program ``gauntlet`` that comes along::

    results = gauntlet.run("scenario.yaml", out="results")
    results.trials, results.rounds, results.cells

An own defense, attack or trainer, that scenarios name as ``exec: [python3, mine.py]``::

    from gauntlet_fl import defense, serve
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, List

from ._aggregation import Aggregation, Defense, aggregate, transform
from ._crafting import Attack, Crafted, craft
from ._errors import GauntletError
from ._native import methods
from ._program import program
from ._results import Results
from ._running import run

if TYPE_CHECKING:
    from .worker import attack, defense, serve, trainer

__version__ = "0.7.0"

__all__ = [
    "Aggregation",
    "Attack",
    "Crafted",
    "Defense",
    "GauntletError",
    "Results",
    "aggregate",
    "attack",
    "craft",
    "defense",
    "methods",
    "program",
    "run",
    "serve",
    "trainer",
    "transform",
]

_WORKER_NAMES = ("attack", "defense", "serve", "trainer")


def __getattr__(name: str) -> Any:
    # Workers alone need that module.
    if name in _WORKER_NAMES:
        return getattr(importlib.import_module(".worker", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted(set(globals()) | set(__all__))
