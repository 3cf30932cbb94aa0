"""Every aggregator of ByzFL as a defense of Gauntlet.

In a scenario::

    defenses:
      - use: external
        exec: [python3, -m, gauntlet_fl.adapters.byzfl, --stage, NNM, --rule, "TrMean:f=2"]

or, with ``params: {rule: NAME, stages: [NAME]}``, without ``--rule``. ``--list`` prints what there
is. Where no ``f`` is written, it is the one that the scenario's
defenses are told. ByzFL draws from generators of the whole process; they are seeded anew for each
call. ``MoNNA`` trusts the row of number ``idx``, which in a round of Gauntlet may be anybody's.
"""

from __future__ import annotations

import importlib.metadata
import inspect
from types import ModuleType
from typing import Any, List, Optional

import numpy as np

from ._zoo import Library, Zoo, main


def open_library() -> Library:
    """ByzFL's aggregators and pre-aggregators.

    Raises
    ------
    SystemExit
        If ByzFL is not installed.
    """
    try:
        from byzfl.aggregators import aggregators, preaggregators
    except ImportError as error:
        raise SystemExit(f"ByzFL cannot be imported: {error}; pip install byzfl") from error

    def classes(module: ModuleType) -> Zoo:
        return {
            name: each for name, each in vars(module).items()
            if inspect.isclass(each) and each.__module__ == module.__name__}

    def apply(step: Any, rows: np.ndarray) -> Any:
        return step(rows)

    return Library(
        "byzfl", importlib.metadata.version("byzfl"), classes(aggregators),
        classes(preaggregators), apply, stateful=["CenteredClipping"])


def run(arguments: Optional[List[str]] = None) -> None:
    """Serves the rule that the command line names, or else the trial's ``params``."""
    main(open_library, arguments)


if __name__ == "__main__":
    run()
