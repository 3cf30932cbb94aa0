"""FLAME in float64 -> Tests/DefensesTests/Fixtures/flame.json.

Run with Python 3.11, numpy 2.4.6, hdbscan 0.8.44: `python3 Tests/Reference/rules_flame.py`.

Paper: Nguyen et al., "FLAME: taming backdoors in federated learning", USENIX Security 2022,
algorithm 1. Rows x_i are updates, w is the global model of the round; nothing for a bare matrix.

Conventions
- distances 1 - cos(w + x_i, w + x_j), 1 where one of them is zero, 0 to itself; in extended
  precision, by forming the models.
- HDBSCAN, precomputed, min_cluster_size = max(2, floor(n / 2) + 1), min_samples = 1,
  allow_single_cluster: by the package where no links that matter are equal, by
  `density_clusters.py` always. It always finds one cluster; all of its rows are accepted.
- S = median of the norms of all rows; weights min(1, S / ||x_i||) / accepted; to the sum come
  sigma * S * (draws of the rule's stream), one per coordinate in order.
- suspicion: mean distance to the other accepted rows.
`common` of a case has what code that is widely used accepts: it gives the table of distances to
HDBSCAN as if each of its rows were a point.
"""

import math

import hdbscan
import numpy as np

from density_clusters import cluster
from fixture import exact, formula, normal, write
from seeds import stream

CASES = []


class Normals:
    """Box-Muller pairs of a stream, as Sources/Determinism has them."""

    def __init__(self, root, path):
        self.stream, self.spare = stream(root, path), None

    def draw(self):
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        radius = math.sqrt(-2 * math.log(1 - self.stream.unit()))
        angle = 2 * math.pi * self.stream.unit()
        self.spare = radius * math.sin(angle)
        return radius * math.cos(angle)


def cosine_distances(models):
    models = models.astype(np.longdouble)
    norms = np.sqrt(np.sum(models * models, axis=1))
    n = len(models)
    table = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            if norms[i] > 0 and norms[j] > 0:
                # Half the squared distance of the directions keeps the digits.
                gap = np.sum((models[i] / norms[i] - models[j] / norms[j]) ** 2) / 2
            else:
                gap = 1
            table[i, j] = table[j, i] = gap
    return table


def flame(x, w, sigma):
    n, d = x.shape
    table = cosine_distances(x if w is None else w + x)
    values = np.unique(table)
    with np.errstate(divide="ignore"):
        assert all(np.diff(values) > 1e-9 * values[1:]), "neither a tie nor apart"
    least = max(2, n // 2 + 1)
    labels, contested = cluster(table, least, 1, True)
    if n > 1 and not contested:
        found = hdbscan.HDBSCAN(
            min_cluster_size=least, min_samples=1, metric="precomputed", allow_single_cluster=True
        )
        assert found.fit(table).labels_.tolist() == labels
    members = [i for i in range(n) if labels[i] == 0]
    assert members and max(labels) == 0
    norms = np.sqrt(np.sum(x * x, axis=1))
    bound = float(np.median(norms))
    weights = np.zeros(n)
    for i in members:
        weights[i] = (bound / norms[i] if norms[i] > bound else 1) / len(members)
    update = sum((weights[i] * x[i] for i in members), np.zeros(d))
    if sigma * bound > 0:
        normals = Normals(3, [0])
        update = update + np.array([sigma * bound * normals.draw() for _ in range(d)])
    return {
        "update": update,
        "weights": weights,
        "dispositions": [
            "rejected" if labels[i] < 0 else "downweighted" if norms[i] > bound else "accepted"
            for i in range(n)
        ],
        "suspicion": [
            float(np.mean([table[i, j] for j in members if j != i])) if set(members) - {i} else 0
            for i in range(n)
        ],
        "report": {"accepted": len(members), "bound": bound},
    }, table


def add(name, x, w=None, sigma=0.001, matrix=None, with_common=False):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    w = None if w is None else np.array(w, dtype=np.float64)
    assert w is None or np.array_equal(w, exact(w)), name
    expected, table = flame(x, w, sigma)
    case = {
        "name": name,
        "arguments": {"sigma": sigma},
        "matrix": x if matrix is None else matrix,
        "global": [] if w is None else w,
        "expected": expected,
    }
    if with_common:
        found = hdbscan.HDBSCAN(
            min_cluster_size=len(x) // 2 + 1, min_samples=1, allow_single_cluster=True
        )
        case["common"] = [i for i, k in enumerate(found.fit(table).labels_) if k == 0]
    CASES.append(case)
    return case


def main():
    # Directions 0, 8.1, 14.0, 90 and 180 degrees; lengths 7, 7.07, 4.12, 2, 3.
    fan = [[7, 0], [7, 1], [4, 1], [0, 2], [-3, 0]]
    got = add("known answer 5x2", fan, sigma=0)["expected"]
    assert got["dispositions"][3:] == ["rejected", "rejected"]
    bound = math.sqrt(17)
    first, second = bound / 7, bound / math.sqrt(50)
    assert got["report"] == {"accepted": 3, "bound": bound}
    assert np.allclose(got["update"], [(7 * first + 7 * second + 4) / 3, (second + 1) / 3])
    # From w = (0, 3) the models are (7, 3), (7, 4), (4, 4), (0, 5), (-3, 3).
    got = add("the models, not the updates 5x2", fan, [0, 3], sigma=0)["expected"]
    assert got["dispositions"][2] == "accepted"

    for seed, (n, d, f) in enumerate([(7, 5, 1), (10, 20, 3), (25, 100, 8), (12, 64, 4)]):
        x = exact(0.5 + normal(1300 + seed, n, d))
        w = exact(2 * normal(1310 + seed, 1, d)[0])
        add(f"normal {n}x{d}", x)
        add(f"normal {n}x{d} from a model", x, w)
        y = x.copy()
        y[:f] = exact(-3 * y[:f])
        add(f"{f} flipped {n}x{d}", y, w, sigma=0.01)
        z = exact(x / 1024)
        z[n - f :] = exact(20 * normal(1320 + seed, 1, d)[0] / 1024 + z[n - f :])
        add(f"{f} with a direction of their own, late in training {n}x{d}", z, w)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, [[i, 1, 0.75] for i in range(3, 31)])
    w = formula(1, 1000, 1, 15485863, 2029, 900, 256)[0][0]
    add("formula 50x1000", x, matrix=json)
    add("formula 50x1000 from a model", x, w, matrix=json)
    assert sum(len(c["expected"]["dispositions"]) == 50 for c in CASES) == 2

    odd = 0
    for seed in range(200):
        x = exact(normal(1400 + seed, 9, 4) + 0.5)
        case = add(f"rows of the table are no points 9x4, {seed}", x, sigma=0, with_common=True)
        kept = [i for i, k in enumerate(case["expected"]["dispositions"]) if k != "rejected"]
        odd += case["common"] != kept
        if case["common"] == kept or odd > 2:
            CASES.pop()
    print(f"a table given as points accepts others in {odd} of 200")

    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (6, 1))
    add("identical 6x4", same)
    add("identical but one 6x4", np.concatenate([same, [[3, 0, 0, 1]]])[1:], [1, 1, 0, 0])
    add("zero 4x3", np.zeros((4, 3)))
    add("zero 4x3 from a model", np.zeros((4, 3)), [1, 2, 3])
    add("no columns 4x0", np.zeros((4, 0)))
    add("one row", [[1, -2, 3]])
    add("two rows", [[1, -2, 3], [-1, 2, 4]], [1, 0, 0])
    add("three rows", [[1, -2, 3], [-1, 2, 4], [1, -2, 2]])
    add("two halves 6x2", [[1, 0], [2, 0.25], [3, 0], [0, 1], [0.25, 2], [0, 3]])
    add("three that end in a zero model 5x2", [[-1, -2]] * 3 + [[1, 0], [2, 1]], [1, 2], sigma=0)
    big = exact(normal(1500, 9, 20) + 0.3)
    big[2] = exact([3e38] * 20)
    add("one row of 3e38", big, exact(normal(1501, 1, 20)[0]))
    add("scale 1e-25", exact(1e-25 * (normal(1502, 9, 20) + 0.3)))
    for case in CASES:
        print(case["name"], case["expected"]["report"])
    write(
        "DefensesTests/Fixtures/flame.json",
        {"script": "Tests/Reference/rules_flame.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
