"""Every aggregator of ByzPy as a defense of Gauntlet.

In a scenario::

    defenses:
      - use: external
        exec: [python3, -m, gauntlet_fl.adapters.byzpy, --rule, "MultiKrum:q=5"]

or, with ``params: {rule: NAME, stages: [NAME]}``, without ``--rule``. ``--list`` prints what there
is. Where no ``f`` is written, it is the one that the scenario's
defenses are told. ``MoNNA`` trusts the row of number ``reference_index``, which in a round of
Gauntlet may be anybody's.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import pkgutil
from types import ModuleType
from typing import Any, List, Optional

from ._zoo import Library, Zoo, main


def open_library() -> Library:
    """ByzPy's aggregators and pre-aggregators.

    Raises
    ------
    SystemExit
        If ByzPy is not installed.
    """
    try:
        import byzpy.aggregators
        import byzpy.pre_aggregators
        import torch
    except ImportError as error:
        raise SystemExit(f"ByzPy cannot be imported: {error}; pip install byzpy") from error

    def classes(package: ModuleType, base: type) -> Zoo:
        found: Zoo = {}
        for each in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if ".tests" in each.name:
                continue
            for name, kind in vars(importlib.import_module(each.name)).items():
                if inspect.isclass(kind) and issubclass(kind, base) and kind is not base:
                    found[name] = kind
        return found

    def apply(step: Any, rows: Any) -> Any:
        # ByzPy computes with PyTorch, unless a process is told otherwise.
        rows = [torch.as_tensor(each) for each in rows]
        if isinstance(step, byzpy.pre_aggregators.PreAggregator):
            return step.pre_aggregate(rows)
        return step.aggregate(rows)

    return Library(
        "byzpy", importlib.metadata.version("byzpy"),
        classes(byzpy.aggregators, byzpy.aggregators.Aggregator),
        classes(byzpy.pre_aggregators, byzpy.pre_aggregators.PreAggregator), apply)


def run(arguments: Optional[List[str]] = None) -> None:
    """Serves the rule that the command line names, or else the trial's ``params``."""
    main(open_library, arguments)


if __name__ == "__main__":
    run()
