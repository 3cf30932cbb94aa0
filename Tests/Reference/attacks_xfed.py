"""XFED in float64 -> Tests/AttacksTests/Fixtures/xfed.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_xfed.py`.

After the summary of Mouri, Ridowan, Adnan, arXiv 2604.09489. Each attacker sends x - gamma x / |x| for
its own update x, gamma = strength (median + MAD) of the last `window` lengths |w_s - w_(s-1)| / server
rate; gamma = strength |x| where fewer than two models were seen; a row of zeros stays.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def add(name, own, models=(), rate=1.0, strength=2.0, window=5):
    own, shown = own if isinstance(own, tuple) else (own, None)
    own = np.array(own, dtype=np.float64)
    assert np.array_equal(own, exact(own))
    models = [np.asarray(model, dtype=np.float64) for model in models]
    lengths = [np.linalg.norm(b - a) / rate for a, b in zip(models, models[1:])][-window:]
    scale = None
    if lengths:
        median = float(np.median(lengths))
        scale = median + float(np.median(np.abs(np.array(lengths) - median)))
    rows = []
    for x in own:
        length = float(np.linalg.norm(x))
        gamma = strength * (length if scale is None else scale)
        rows.append(x - gamma * x / length if length > 0 else x)
    case = {
        "name": name,
        "arguments": {"strength": strength, "window": window},
        "serverRate": rate,
        "participants": 4 + len(own),
        "attackers": len(own),
        "honest": own if shown is None else shown,
        "own": own if shown is None else shown,
        "expected": rows,
        "record": {} if scale is None else {"scale": scale},
    }
    if models:
        case["models"] = models
    CASES.append(case)
    return rows


def main():
    # By hand: the model moved by 5, 1 and 3: median 3, MAD 2; (3, 4) - 2 * 5 * (.6, .8) = -(3, 4).
    path = [[0, 0], [3, 4], [3, 5], [0, 5]]
    assert np.allclose(add("by hand", [[3, 4], [0, 0]], path), [[-3, -4], [0, 0]])
    assert np.allclose(add("by hand, half a rate", [[3, 4]], path, 0.5, 0.25), [[1.5, 2]])
    assert np.allclose(add("by hand, the last two", [[3, 4]], path, 1, 1, 2), [[1.2, 1.6]])
    assert np.allclose(add("first round", [[3, 4], [-1, 0]]), [[-3, -4], [1, 0]])
    add("one model", [[3, 4]], [[1, 1]])
    walk = np.cumsum(normal(3100, 9, 5), axis=0)
    add("walk", normal(3101, 3, 5), exact(walk))
    add("walk, window 20", normal(3101, 3, 5), exact(walk), 0.7, 0.5, 20)
    add("a model that stands still", [[1, 2]], [[1, 1], [1, 1]])
    add("x1000", formula(2, 1000, 13, 7, 89, 41, 128))
    write(
        "AttacksTests/Fixtures/xfed.json",
        {"script": "Tests/Reference/attacks_xfed.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
