"""Inputs and cases of attacks on updates; not a script of its own.

`inputs()` gives honest rows for (n, d, f) from (7, 5, 1) to (50, 1000, 11), exact in float32, each
with a name, the matrix, its JSON and the number f of attackers; n = honest rows + f.
"""

import numpy as np

from fixture import formula, normal


def inputs(seed, shift=0.25):
    for n, d, f in [(7, 5, 1), (12, 20, 3), (25, 60, 5)]:
        x = normal(seed + n, n - f, d, shift=shift)
        yield f"normal n {n}, d {d}, f {f}", x, x, f
    x, text = formula(39, 1000, 37, 101, 257, 100, 64)
    yield "formula n 50, d 1000, f 11", x, text, 11


def own_rows(seed, f, d, shift=0.25):
    """What f attackers trained, and its JSON."""
    if d < 1000:
        x = normal(seed, f, d, shift=shift)
        return x, x
    return formula(f, d, 71, 53, 241, 90, 64)


def case(name, attack, arguments, honest, f, rows, record, own=None):
    rows = np.atleast_2d(np.asarray(rows, dtype=np.float64))
    assert len(rows) in (1, f)
    made = {"name": name, "attack": attack, "arguments": arguments, "honest": honest}
    if own is not None:
        made["own"] = own
    return made | {"attackers": f, "expected": {"rows": rows, "record": record}}
