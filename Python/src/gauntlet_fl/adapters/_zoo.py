"""A worker that has every rule of a library, by name."""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import inspect
import json
import random
import sys
from typing import Any, Callable, Dict, List, Optional, Sequence

import numpy as np

from ..worker import Context, defense, serve

#: From the name of a rule or stage to its class.
Zoo = Dict[str, type]


@dataclasses.dataclass
class Library:
    """What an adapter knows about a library."""

    name: str
    version: str
    rules: Zoo
    stages: Zoo
    #: Applies a rule or a stage to rows, which it may overwrite.
    apply: Callable[[Any, np.ndarray], Any]
    #: Rules that remember earlier rounds.
    stateful: Sequence[str] = ()


def parse(expression: str, zoo: Zoo, what: str) -> "tuple[str, Dict[str, Any]]":
    """A name and its arguments from ``Name:key=value,...``, as Gauntlet writes its own."""
    name, _, rest = expression.partition(":")
    if name not in zoo:
        folded = {each.lower(): each for each in zoo}
        near = difflib.get_close_matches(name.lower(), folded, 1)
        hint = f"did you mean {folded[near[0]]}?" if near else "there are:"
        raise SystemExit(f"unknown {what} {name!r}; {hint} {', '.join(sorted(zoo))}")
    arguments: Dict[str, Any] = {}
    for item in filter(None, rest.split(",")):
        key, equals, value = item.partition("=")
        if not equals:
            raise SystemExit(f"{expression}: write {key}=value")
        try:
            arguments[key] = json.loads(value)
        except ValueError:
            arguments[key] = value
    known = parameters(zoo[name])
    for key in arguments:
        if key not in known:
            raise SystemExit(
                f"{name} has no parameter {key!r}; it has: {', '.join(known) or 'none'}")
    return name, arguments


def parameters(kind: type) -> Dict[str, inspect.Parameter]:
    """What a class is made with."""
    return {
        name: each for name, each in inspect.signature(kind).parameters.items()
        if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)}


def make(name: str, kind: type, arguments: Dict[str, Any], ctx: Context) -> Any:
    """An object of the class; its ``f`` is the trial's where none is given."""
    given = dict(arguments)
    for key, each in parameters(kind).items():
        if key == "f" and key not in given:
            if ctx.f is None:
                raise ValueError(f"{name} needs f, which this trial does not say; write {name}:f=2")
            given[key] = ctx.f
        elif key == "rng" and key not in given:
            given[key] = random.Random(ctx.seed)
        elif isinstance(each.default, float) and type(given.get(key)) is int:
            # Both libraries refuse 1 where they mean 1.0.
            given[key] = float(given[key])
        elif each.default is each.empty and key not in given:
            raise ValueError(f"{name} needs {key}; write {name}:{key}=...")
    return kind(**given)


def main(open_library: Callable[[], Library], arguments: Optional[List[str]] = None) -> None:
    """Serves the rule that the command line names, or else the trial's ``params``."""
    parser = argparse.ArgumentParser(
        description="A worker for Gauntlet with the rules of another library.",
        epilog="Write Name or Name:key=value,...; where f is left out, it is the trial's.")
    parser.add_argument(
        "--rule", metavar="NAME",
        help="the rule, such as TrMean:f=2; without it, the trial's params name rule and stages")
    parser.add_argument(
        "--stage", metavar="NAME", action="append", default=[],
        help="a stage before the rule, such as NNM; may be repeated")
    parser.add_argument("--list", action="store_true", help="print the rules and stages, and end")
    options = parser.parse_args(arguments)
    library = open_library()
    if options.list:
        for what, zoo in (("rule", library.rules), ("stage", library.stages)):
            for name in sorted(zoo):
                known = ", ".join(str(each) for each in parameters(zoo[name]).values())
                print(f"{what} {name}({known})")
        return
    if options.rule is None:
        if options.stage:
            parser.error(f"give a --rule: {', '.join(sorted(library.rules))}")
        serve(_named_by_params(library))
        return
    chosen = _Chosen(library, options.rule, options.stage)

    @defense(
        name=chosen.name, version=library.version, stateful=chosen.stateful, params={},
        reusable=True)
    class Rule(_Steps):
        def __init__(self, ctx: Context) -> None:
            super().__init__(chosen, ctx)

    serve(Rule)


def _named_by_params(library: Library) -> type:
    # Which rule it will be is not known when it says so, so it may remember earlier rounds.
    @defense(
        name=library.name, version=library.version, stateful=True, reusable=True,
        params={"rule": None, "stages": []})
    class NamedRule(_Steps):
        def __init__(self, ctx: Context) -> None:
            rule, stages = ctx.params["rule"], ctx.params["stages"]
            if not isinstance(rule, str):
                raise ValueError(f"params need a rule: {', '.join(sorted(library.rules))}")
            try:
                super().__init__(_Chosen(library, rule, stages), ctx)
            except SystemExit as error:
                raise ValueError(str(error)) from None

    return NamedRule


class _Chosen:
    """A rule and its stages, by name and with their arguments."""

    def __init__(self, library: Library, rule: str, stages: Sequence[str]) -> None:
        self.library = library
        self.rule = parse(rule, library.rules, "rule")
        self.stages = [parse(each, library.stages, "stage") for each in stages]
        self.name = "-".join([library.name, *(name for name, _ in self.stages), self.rule[0]])
        self.stateful = self.rule[0] in library.stateful


class _Steps:
    """The stages and the rule of one trial."""

    def __init__(self, chosen: _Chosen, ctx: Context) -> None:
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.set_num_threads(ctx.threads)
        library = self.library = chosen.library
        self.steps = [make(name, library.stages[name], each, ctx) for name, each in chosen.stages]
        self.steps.append(make(chosen.rule[0], library.rules[chosen.rule[0]], chosen.rule[1], ctx))

    def aggregate(self, updates: np.ndarray, ctx: Context) -> Any:
        reseed(ctx.seed)
        rows: Any = np.array(updates)
        for step in self.steps:
            rows = self.library.apply(step, rows)
        return rows


def reseed(seed: int) -> None:
    """Sets the generators that libraries share, so that a call depends on its seed alone."""
    random.seed(seed)
    np.random.seed(seed % (1 << 32))
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
