"""The adaptive attack on SignGuard in float64 -> Tests/AttacksTests/Fixtures/sign-guard-adaptive.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_sign_guard.py`.

After algorithms of Blades: for the p positive and q negative coordinates of the honest mean, p values
of U(0, 1), then q of -U(0, 1), then zeros, shuffled; scaled to the median honest norm, or not. Draws
are those of the stream at root 5: 53 bits a value, Fisher-Yates from the last place down.
"""

import numpy as np

from fixture import exact, formula, normal, write
from seeds import stream

CASES = []


def add(name, honest, f, length="median"):
    honest, shown = honest if isinstance(honest, tuple) else (honest, None)
    honest = np.array(honest, dtype=np.float64)
    assert np.array_equal(honest, exact(honest))
    mu, draws = honest.mean(axis=0), stream(5)
    p, q = int(np.sum(mu > 0)), int(np.sum(mu < 0))
    row = [draws.unit() for _ in range(p)] + [-draws.unit() for _ in range(q)]
    row += [0.0] * (len(mu) - p - q)
    for i in range(len(row) - 1, 0, -1):
        j = draws.index(i + 1)
        row[i], row[j] = row[j], row[i]
    row = np.array(row)
    norm = float(np.linalg.norm(row))
    if length == "median" and norm > 0:
        median = float(np.median(np.linalg.norm(honest, axis=1)))
        row, norm = row * (median / norm), median
    CASES.append(
        {
            "name": f"{name}, {length}",
            "arguments": {"length": length},
            "participants": len(honest) + f,
            "attackers": f,
            "honest": honest if shown is None else shown,
            "expected": [row],
            "record": {"length": norm},
        }
    )


def main():
    for length in ["median", "drawn"]:
        add("6+1 x5", normal(2800, 6, 5, shift=0.3), 1, length)
        add("5+2 x12", normal(2801, 5, 12, shift=-0.2), 2, length)
    add("39+11 x1000", formula(39, 1000, 13, 7, 89, 41, 128), 11)
    add("zeros among them", [[1, 0, -2, 3], [1, 0, -2, 3], [2, 0, -4, -6]], 2)
    add("one honest row", normal(2802, 1, 5), 3)
    add("mean of zero", [[1, -2], [-1, 2]], 2)
    write(
        "AttacksTests/Fixtures/sign-guard-adaptive.json",
        {"script": "Tests/Reference/attacks_sign_guard.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
