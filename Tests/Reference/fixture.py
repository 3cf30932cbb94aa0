"""Shared helpers of the reference scripts: exact random inputs and a readable JSON writer.

Every number is written with Python's repr, the shortest text that reads back as the same float64.
Random inputs are rounded to float32 first, so that they are the same numbers in both precisions.
Not a script of its own; the others import it when run as `python3 Tests/Reference/<name>.py`.
"""

import json
import math
import pathlib

import numpy as np

TESTS = pathlib.Path(__file__).resolve().parent.parent


def exact(values):
    """Round to float32 and return float64: exact in both precisions."""
    return np.asarray(np.asarray(values, dtype=np.float32), dtype=np.float64)


def normal(seed, rows, columns, scale=1.0, shift=0.0):
    """A rows x columns matrix of normal numbers, exact in float32."""
    generator = np.random.default_rng(seed)
    return exact(shift + scale * generator.standard_normal((rows, columns)))


def formula(n, d, a, b, m, c, s, edits=()):
    """The matrix x[i][j] = (((i * a + j * b) mod m) - c) / s, exact in float32, and its JSON.

    All of n ... s are whole numbers, s a power of two. `edits` is a list of [row, factor, shift]:
    that row becomes factor * x + shift, which must be exact as well. A large matrix then takes one
    line of a fixture: {"formula": [n, d, a, b, m, c, s], "edits": [[row, factor, shift], ...]}.
    """
    i, j = np.arange(n)[:, None], np.arange(d)[None, :]
    x = ((i * a + j * b) % m - c) / s
    for row, factor, shift in edits:
        x[row] = factor * x[row] + shift
    assert np.array_equal(x, exact(x))
    return x, {"formula": [n, d, a, b, m, c, s], "edits": [list(edit) for edit in edits]}


def plain(value):
    """Turn NumPy values into plain Python ones and refuse anything JSON cannot hold."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (np.bool_, bool)):
        return bool(value)
    if isinstance(value, (np.integer, int)):
        return int(value)
    if isinstance(value, (np.floating, float)):
        if not math.isfinite(value):
            raise ValueError(f"{value} cannot be written to JSON")
        return float(value) + 0.0  # -0.0 becomes 0.0
    return value


def text(value, indent=0):
    """JSON with lists of scalars on one line each, so that a matrix shows its rows."""
    pad = " " * (indent + 1)
    if isinstance(value, dict) and value:
        inner = [f"{pad}{json.dumps(k)}: {text(v, indent + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(inner) + "\n" + " " * indent + "}"
    if isinstance(value, list) and any(isinstance(item, (list, dict)) for item in value):
        inner = [pad + text(item, indent + 1) for item in value]
        return "[\n" + ",\n".join(inner) + "\n" + " " * indent + "]"
    return json.dumps(value, allow_nan=False)


def write(relative, value):
    """Write a fixture below Tests/ and say how large it is."""
    path = TESTS / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(plain(value)) + "\n", encoding="utf-8")
    print(f"Tests/{relative}: {path.stat().st_size} bytes")
