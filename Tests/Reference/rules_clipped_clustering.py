"""ClippedClustering in float64 -> Tests/DefensesTests/Fixtures/clipped-clustering.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_clipped_clustering.py`.

Paper: Li, Ngai, Voigt, "An experimental study of Byzantine-robust aggregation schemes in federated
learning", IEEE Transactions on Big Data 2023. Rows are client updates (local - global); `rounds` has
the rows of one round after the other.

Conventions
- tau = the median of the norms of this round and all before, without the authors' cap of 1e5.
- Distances 1 - cos, 2 to a zero row; average linkage (`agglomeration.py`) to two clusters; the
  larger one is kept, of equally large ones that of row 0.
- update = the average of x min(1, tau / norm) over the kept rows; `weights` min(1, tau / norm) / their
  number; `suspicion` the mean distance to the other kept rows, 0 without any.
"""

import numpy as np

from agglomeration import agglomerate
from fixture import exact, formula, normal, write

CASES = []


def one_round(x, history):
    n = len(x)
    norms = np.sqrt(np.sum(x * x, axis=1))
    history.extend(norms.tolist())
    tau = float(np.median(history))
    distances = np.full((n, n), 2.0)
    for i in range(n):
        distances[i, i] = 0
        for j in range(n):
            if i != j and norms[i] > 0 and norms[j] > 0:
                a, b = x[i] / norms[i], x[j] / norms[j]
                distances[i, j] = np.sum((a - b) ** 2) / 2
    labels = agglomerate(distances, 2, "average")
    winner = 0 if 2 * labels.count(0) >= n else 1
    kept = [i for i in range(n) if labels[i] == winner]
    factors = [min(1.0, tau / v) if v > 0 else 1.0 for v in norms]
    weights = [factors[i] / len(kept) if i in kept else 0.0 for i in range(n)]
    update = np.zeros(x.shape[1])
    for i in kept:
        update += x[i] * weights[i]
    others = [[j for j in kept if j != i] for i in range(n)]
    return {
        "update": update,
        "weights": weights,
        "suspicion": [np.mean(distances[i, o]) if o else 0.0 for i, o in enumerate(others)],
        "rejected": [i for i in range(n) if i not in kept],
        "bound": tau,
    }


def add(name, rounds, matrices=None):
    history, expected = [], []
    rounds = [np.array(x, dtype=np.float64) for x in rounds]
    for x in rounds:
        assert np.array_equal(x, exact(x)), name
        expected.append(one_round(x, history))
    CASES.append(
        {"name": name, "rounds": rounds if matrices is None else matrices, "expected": expected}
    )
    return expected


def main():
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (23, 30, 5)]):
        rounds = []
        for k in range(3):
            x = exact(2 ** (1 - k) * (normal(1300 + 10 * seed + k, n, d) + 0.7))
            x[1 : 1 + f] = -3 * x[1 : 1 + f]
            rounds.append(exact(x))
        add(f"flipped {n}x{d}", rounds)
        add(f"fewer later {n}x{d}", [rounds[0], rounds[1][: n // 2]])
    x, json = formula(50, 1000, 7919, 104729, 2039, 300, 512, [[i, -2, 0] for i in range(2, 13)])
    got = add("formula, eleven flipped 50x1000", [x], matrices=[json])
    assert got[0]["rejected"] == list(range(2, 13))
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1))
    got = add("identical 5x4", [same])
    assert got[0]["rejected"] == [4]
    add("zero 4x3", [np.zeros((4, 3))])
    add("some zero 5x2", [[[0, 0], [1, 2], [2, 1], [0, 0], [1, 1]]])
    add("no columns 4x0", [np.zeros((4, 0))])
    add("one row", [[[1, -2, 3]], [[4, -8, 12]]])
    add("two rows", [[[1, -2, 3], [0, 1, 0]]])
    add("equally large", [[[1, 0], [0, 1], [1, 0.125], [0.125, 1]]])
    far = exact(normal(1340, 9, 5) + 0.7)
    far[2] = exact([3e38, -3e38, 3e38, 1, 1])
    far[5] = exact(1e-25 * far[5])
    add("lengths far apart", [far])
    write(
        "DefensesTests/Fixtures/clipped-clustering.json",
        {"script": "Tests/Reference/rules_clipped_clustering.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
