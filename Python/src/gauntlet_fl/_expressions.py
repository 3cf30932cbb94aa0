"""Methods and their parameters as texts, such as ``krum:f=2``."""

from __future__ import annotations

import math
import numbers
from typing import Any, List, Mapping, Sequence, Tuple, Union

from ._errors import GauntletError

Stage = Union[str, Tuple[str, Mapping[str, Any]]]


def expression(method: str, parameters: Mapping[str, Any]) -> str:
    """The text of a method, which may have parameters in it already.

    An underscore in a name stands for a hyphen, and one at the end for nothing: ``lambda_=0.1``.
    """
    if not isinstance(method, str):
        raise GauntletError(f"a method is named by a text such as 'krum', not {method!r}")
    pairs = [
        f"{name.rstrip('_').replace('_', '-')}={_value(name, value)}"
        for name, value in parameters.items()
    ]
    if not pairs:
        return method
    return method + ("," if ":" in method else ":") + ",".join(pairs)


def stage_expressions(stages: Union[Stage, Sequence[Stage]]) -> List[str]:
    """The texts of stages: each a text, or a name with a mapping of parameters."""
    if isinstance(stages, str):
        return [stages]
    found = []
    for stage in stages:
        if isinstance(stage, str):
            found.append(stage)
        elif (
            isinstance(stage, (tuple, list)) and len(stage) == 2 and isinstance(stage[1], Mapping)
        ):
            found.append(expression(stage[0], stage[1]))
        else:
            raise GauntletError(
                f"a stage is a text such as 'nnm:f=2' or a pair such as ('nnm', {{'f': 2}}), "
                f"not {stage!r}"
            )
    return found


def _value(name: str, value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        if not math.isfinite(value):
            raise GauntletError(f"{name} is {value}; it has to be finite")
        return repr(float(value))
    if isinstance(value, str):
        if not value or any(character in value for character in ",[]"):
            raise GauntletError(f"{name} is {value!r}; a text has no comma and no bracket, and is not empty")
        return value
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        items = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(items, (list, tuple)):
            return "[" + ",".join(_value(name, item) for item in items) + "]"
        return _value(name, items)
    raise GauntletError(f"{name} is {value!r}; it has to be a number, a text or a list of them")
