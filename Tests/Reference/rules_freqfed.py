"""FreqFed in float64 -> Tests/DefensesTests/Fixtures/freqfed.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1, hdbscan 0.8.44:
`python3 Tests/Reference/rules_freqfed.py`.

Paper: Fereidooni, Pegoraro, Rieger, Dmitrienko, Sadeghi, "FreqFed", NDSS 2024, algorithm 1. Rows x_i
are updates, w is the global model of the round; nothing for a bare matrix.

Conventions
- The models w + x (x alone for `updates` and without w) are cut into tensors of the given shapes, or
  are one vector. A tensor is a matrix of its first dimension and all others; its coefficients
  are scipy.fft.dctn(type=2, norm="ortho"), of which those with u / R + v / C <= low are kept.
- distances: 1 - cos of the kept coefficients, 1 with zeros, 0 to itself.
- HDBSCAN, precomputed, min_cluster_size = max(2, floor(n / 2) + 1) unless given, min_samples = 1,
  allow_single_cluster: by `density_clusters.py`, and by the package where no equal links matter.
- The largest cluster is averaged, of equally large ones that of the lowest row.
- suspicion: mean distance to the other accepted rows.
"""

from fractions import Fraction

import hdbscan
import numpy as np
from scipy.fft import dctn

from density_clusters import cluster
from fixture import exact, formula, normal, write
from rules_flame import cosine_distances

CASES = []


def spectrum(values, shapes, low):
    low = Fraction(repr(float(low)))
    result, start = [], 0
    for shape in shapes or [[len(values)]]:
        size = int(np.prod(shape))
        rows = shape[0] if len(shape) > 1 else 1
        matrix = values[start : start + size].reshape(rows, -1)
        start += size
        if size == 0:
            continue
        y = dctn(matrix, type=2, norm="ortho")
        r, c = y.shape
        result += [
            y[u, v] for u in range(r) for v in range(c) if Fraction(u, r) + Fraction(v, c) <= low
        ]
    assert start == len(values)
    return np.array(result)


def add(name, x, w=None, shapes=None, low=0.5, size="majority", of="models", matrix=None):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    w = None if w is None else np.array(w, dtype=np.float64)
    assert w is None or np.array_equal(w, exact(w)), name
    n, d = x.shape
    models = x if w is None or of == "updates" else w + x
    table = cosine_distances(np.array([spectrum(m, shapes, low) for m in models]))
    values = np.unique(table)
    assert all(np.diff(values) > 1e-8 * values[1:]), "neither a tie nor apart"
    least = max(2, n // 2 + 1) if size == "majority" else size
    labels, contested = cluster(table, least, 1, True)
    if n > 1 and least <= n and not contested:
        found = hdbscan.HDBSCAN(
            min_cluster_size=least, min_samples=1, metric="precomputed", allow_single_cluster=True
        )
        assert found.fit(table).labels_.tolist() == labels
    sizes = [labels.count(k) for k in range(max(labels) + 1)]
    members = [i for i in range(n) if labels[i] == sizes.index(max(sizes))]
    update = sum((x[i] / len(members) for i in members), np.zeros(d))
    expected = {
        "update": update,
        "weights": [1 / len(members) if i in members else 0.0 for i in range(n)],
        "dispositions": ["accepted" if i in members else "rejected" for i in range(n)],
        "suspicion": [
            float(np.mean([table[i, j] for j in members if j != i])) if set(members) - {i} else 0.0
            for i in range(n)
        ],
        "report": {"accepted": len(members), "clusters": len(sizes)},
    }
    CASES.append(
        {
            "name": name,
            "arguments": {"low": low, "cluster-size": size, "of": of},
            "matrix": x if matrix is None else matrix,
            "global": [] if w is None else w,
            "shapes": shapes or [],
            "expected": expected,
        }
    )
    return expected


def main():
    for seed, (n, shapes, f) in enumerate(
        [(7, [[5]], 1), (11, [[4, 3], [3]], 3), (23, [[6, 5], [5], [5, 4, 2], [2]], 7)]
    ):
        d = sum(int(np.prod(shape)) for shape in shapes)
        x = normal(2400 + seed, n, d) + 0.5
        x[1 : 1 + f] = -2 * x[1 : 1 + f]
        x = exact(x)
        w = exact(1.5 * normal(2450 + seed, 1, d))[0]
        for low in [0.5, 0.29, 1, 0] if n < 20 else [0.5]:
            if low > 0 or d > 5:
                add(f"flipped {n}x{d}, low {low}", x, w, shapes, low=low)
        add(f"flipped {n}x{d}, one vector", x, w)
        add(f"flipped {n}x{d}, no model", x)
        add(f"flipped {n}x{d}, updates", x, w, shapes, of="updates")
        add(f"flipped {n}x{d}, small clusters", x, w, shapes, size=2)
        add(f"flipped {n}x{d}, clusters of three", x, w, shapes, size=3, of="updates")
    edits = [[i, -2, 0] for i in range(2, 13)]
    x, json = formula(50, 1000, 7919, 104729, 2039, 300, 512, edits)
    w = ((np.arange(1000) * 7919) % 2039 - 1000) / 512
    add("formula, eleven flipped 50x1000", x, w, [[30, 33], [10]], matrix=json)
    add("identical 5x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1)))
    add("zero 4x3", np.zeros((4, 3)))
    add("one row", [[1, -2, 3]])
    add("two rows", [[1, -2, 3], [0, 1, 0]])
    add("a zero row", [[0, 0, 0], [1, 2, 3], [2, 1, 4], [1, 1.5, 2]])
    for name, scale in [("1e-35", 2.0**-116), ("1e37", 2.0**123)]:
        add(f"scale {name}", exact(scale * normal(2490, 9, 12)), exact(scale * normal(2491, 1, 12))[0])
    for case in CASES:
        rejected = [i for i, v in enumerate(case["expected"]["dispositions"]) if v == "rejected"]
        print(case["name"], case["expected"]["report"], rejected[:12])
    write(
        "DefensesTests/Fixtures/freqfed.json",
        {"script": "Tests/Reference/rules_freqfed.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
