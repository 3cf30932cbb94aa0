"""YAML and JSON documents as trees, their odd values, and mutations that keep the structure."""

import copy
import json
import re


class Raw(str):
    """Text that is written into a document as it is."""


class Pairs(list):
    """A mapping as a list of pairs, which may hold a key twice."""


NUMBERS = [
    -1, 0, 1, 2, 3, 7, 0.5, 0.29, 0.999999, 1.7, -0.0, -5, 1e-3, 1e-46, 1e-320, 5e-324, 1e39, 3.5e38,
    1e308, -1e308, 127, 128, 255, 256, 65536, 10**6, 10**6 + 1, 10**7, 10**9, 2**31 - 1, 2**31, 2**32,
    2**53 + 1, 2**62, 2**63 - 1, 2**63, -2**63, 2**64 - 1, 2**64, 10**20, 10**40,
]
RAW_NUMBERS = [
    ".nan", ".inf", "-.inf", "nan", "NaN", "Infinity", "1e400", "-1e400", "1e-400", "0x10", "0x1p-1074",
    "0o17", "1_000", "+5", "007", "1.", ".5", "1e", "--1", "1,5", "9" * 400, "0." + "0" * 400 + "1",
    "1e999999999999", "١٢",
]
STRINGS = [
    "", " ", "x", "none", "auto", "null", "~", "true", "no", "é", "e\u0301", "\u202eabc", "a\u2066b\u2069",
    "\u200f", "\x1b[31mred\x1b[0m", "\x07", "\x85", "\x9b31m", "\ufeff", "\u2028", "a\x00b", "a\nb", "a\rb",
    "a\tb", "\U0001f600" * 30, "a" * 81, "a" * 100_000, "../../x", "/", "/dev/zero", "/dev/null", ".", "..",
    "%s%n%d", "$(x)", "a.b.c", "a,b", "a=b", "*", "**", "?", "[", "{", "}", "- ", "&a", "*a", "!!binary",
    "<<", "matrix", "mean", "krum", "sign-flip", "task.local.lr", "\ud7ff", "\uffff", "'", '"', "\\", "`",
]
COLLECTIONS = [[], {}, [[]], [{}], {"": ""}, {"a": {"a": {"a": 1}}}, [None], [1, 1], [0, -1], True, False, None]
DEPTHS = [2, 50, 300, 2_000, 20_000]


def odd(rng, for_json=False):
    """An odd value of any kind."""
    kind = rng.random()
    if kind < 0.45:
        return rng.choice(NUMBERS)
    if kind < 0.55 and not (for_json and rng.random() < 0.9):
        return Raw(rng.choice(RAW_NUMBERS))
    if kind < 0.8:
        return rng.choice(STRINGS)
    if kind < 0.95:
        return copy.deepcopy(rng.choice(COLLECTIONS))
    if kind < 0.975:
        depth = rng.choice(DEPTHS)
        opening, closing = rng.choice([("[", "]"), ('{"a": ', "}")])
        return Raw(opening * depth + "1" + closing * depth)
    if kind < 0.985:
        return [rng.choice(NUMBERS)] * rng.choice([100, 1_000, 20_000])
    if kind < 0.99:
        return list(range(rng.choice([100, 10_000])))
    return rng.choice(["\n", " ", "a", "é", "."]) * rng.choice([1_000, 100_000, 1_000_000])


def near(rng, value):
    """A value that resembles another one."""
    if isinstance(value, bool) or value is None:
        return rng.choice([True, False, None, 0, "no"])
    if isinstance(value, (int, float)):
        change = rng.choice([
            lambda v: -v, lambda v: v + 1, lambda v: v - 1, lambda v: v * 10, lambda v: v / 10,
            lambda v: v * 1e3, lambda v: v * 1e-3, lambda v: v * 1e9, lambda v: v * 1e-45,
            lambda v: int(v * 1e6), lambda v: [v], lambda v: str(v), lambda v: v + 0.5, lambda v: v * 1e-300])
        return change(value)
    if isinstance(value, str) and not isinstance(value, Raw):
        i = rng.randrange(len(value) + 1)
        return rng.choice([
            value[:i] + value[i + 1:], value[:i] + rng.choice(STRINGS)[:90] + value[i:], value.upper(),
            value + value, value + ".x", value[::-1], [value], value + " ", value * 1000])
    return [value]


def nodes(tree, path=()):
    """All paths of a tree, parents first."""
    found = [path]
    if isinstance(tree, dict):
        for key, value in tree.items():
            found += nodes(value, path + (key,))
    elif isinstance(tree, list) and not isinstance(tree, Pairs):
        for index, value in enumerate(tree[:200]):
            found += nodes(value, path + (index,))
    return found


def at(tree, path):
    for step in path:
        tree = tree[step]
    return tree


def put(tree, path, value):
    """The tree with another value at a path."""
    if not path:
        return value
    at(tree, path[:-1])[path[-1]] = value
    return tree


def mutate(rng, tree, trace, for_json=False):
    """One mutation of a tree, which is changed; `trace` gets a word about it."""
    paths = [p for p in nodes(tree) if p]
    if not paths:
        return odd(rng, for_json)
    path = rng.choice(paths)
    parent, key, value = at(tree, path[:-1]), path[-1], at(tree, path)
    name = ".".join(map(str, path))[:80]
    kind = rng.choice(["odd", "odd", "odd", "odd", "near", "near", "near", "delete", "duplicate", "rename",
                       "swap", "insert", "wrap", "repeat"])
    trace.append(f"{kind} {name}")
    if kind == "odd":
        parent[key] = odd(rng, for_json)
    elif kind == "near":
        parent[key] = near(rng, value)
    elif kind == "delete":
        del parent[key]
    elif kind == "duplicate":
        if isinstance(parent, list):
            parent.insert(key, copy.deepcopy(value))
        else:
            return put(tree, path[:-1], Pairs(list(parent.items()) + [(key, odd(rng, for_json))]))
    elif kind == "rename" and isinstance(parent, dict):
        parent[rng.choice([str(key)[:-1], str(key) + "s", str(key).upper(), rng.choice(STRINGS)])] = parent.pop(key)
    elif kind == "swap":
        other = rng.choice(paths)
        parent[key] = copy.deepcopy(at(tree, other))
    elif kind == "insert" and isinstance(parent, dict):
        parent[rng.choice(STRINGS + ["seed", "lr", "use", "id", "with", "stages"])] = odd(rng, for_json)
    elif kind == "wrap":
        parent[key] = rng.choice([[value], {"a": value}, {"use": value}, [value, value]])
    elif kind == "repeat":
        if isinstance(value, list):
            parent[key] = value * rng.choice([2, 10, 1_000])
        else:
            parent[key] = [value] * rng.choice([2, 10, 1_000])
    return tree


def to_json(value):
    """JSON text; raw text as it is, pairs as a mapping."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{json.dumps(str(k))}:{to_json(v)}" for k, v in value) + "}"
    if isinstance(value, dict):
        return to_json(Pairs(value.items()))
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(to_json, value)) + "]"
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "1e999"
    return json.dumps(value)


PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./*-]*\Z")
WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def scalar(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, str):
        if PLAIN.match(value) and value.lower() not in WORDS:
            return value
        text = json.dumps(value, ensure_ascii=any(ord(c) > 0xFFFF for c in value) is False)
        return text
    if isinstance(value, float):
        return repr(value).replace("inf", ".inf").replace("nan", ".nan")
    return json.dumps(value)


def flow(value):
    if isinstance(value, Pairs):
        return "{" + ", ".join(f"{scalar(str(k))}: {flow(v)}" for k, v in value) + "}"
    if isinstance(value, dict):
        return flow(Pairs(value.items()))
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def to_yaml(value, depth=0):
    """YAML text, the first two levels in block style."""
    margin = "  " * depth
    pairs = value if isinstance(value, Pairs) else list(value.items()) if isinstance(value, dict) else None
    if pairs and depth < 2:
        lines = []
        for key, item in pairs:
            nested = isinstance(item, (dict, Pairs)) and item and depth < 1
            listed = isinstance(item, list) and not isinstance(item, Pairs) and item and len(item) < 50
            if nested:
                lines.append(f"{margin}{scalar(str(key))}:\n{to_yaml(item, depth + 1)}")
            elif listed:
                entries = "".join(f"{margin}  - {flow(i)}\n" for i in item)
                lines.append(f"{margin}{scalar(str(key))}:\n{entries}")
            else:
                lines.append(f"{margin}{scalar(str(key))}: {flow(item)}\n")
        return "".join(lines)
    return margin + flow(value) + "\n"
