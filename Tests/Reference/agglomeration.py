"""Agglomerative clusters in float64 -> Tests/StatisticsTests/Fixtures/agglomeration.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/agglomeration.py`.

Papers: Sokal, Michener 1958; Lance, Williams 1967. The distance of two clusters is the least (single),
mean (average) or largest (complete) over all pairs of their points, computed anew each time here. The nearest two merge; of pairs within 1e-12 of the least distance the
one of the lowest cluster, then of its lowest partner, clusters being as low as their lowest point.
`labels` number the clusters by their lowest points.
"""

import numpy as np

from fixture import normal, write


JOINS = {"single": np.min, "average": np.mean, "complete": np.max}


def agglomerate(distances, count, linkage):
    clusters = [[i] for i in range(len(distances))]
    while len(clusters) > count:
        pairs = {}
        for a in range(len(clusters)):
            for b in range(a + 1, len(clusters)):
                pairs[a, b] = float(
                    JOINS[linkage](distances[np.ix_(clusters[a], clusters[b])])
                )
        least = min(pairs.values())
        a, b = min(pair for pair, v in pairs.items() if v <= least * (1 + 1e-12))
        near = [v for v in pairs.values() if least * (1 + 1e-12) < v <= least * (1 + 1e-9)]
        assert not near, "neither a tie nor apart"
        clusters[a] = sorted(clusters[a] + clusters[b])
        del clusters[b]
        clusters.sort()
    labels = [0] * len(distances)
    for number, cluster in enumerate(clusters):
        for i in cluster:
            labels[i] = number
    return labels


def main():
    cases = []

    def add(name, points, counts):
        points = np.array(points, dtype=np.float64)
        distances = np.sqrt(np.sum((points[:, None] - points[None]) ** 2, axis=2))
        for linkage in JOINS:
            for count in counts:
                cases.append(
                    {
                        "name": f"{name}, {linkage}, {count}",
                        "distances": distances,
                        "count": count,
                        "linkage": linkage,
                        "labels": agglomerate(distances, count, linkage),
                    }
                )

    for seed, (n, d) in enumerate([(7, 1), (12, 3), (20, 2)]):
        add(f"normal {n}x{d}", normal(30 + seed, n, d), [1, 2, 5])
    add("grid", [[i, j] for i in range(4) for j in range(4)], [2, 3])
    add("equal points", [[1, 2]] * 5, [1, 2, 5])
    add("one point", [[1, 2]], [1, 2])
    add("two points", [[1, 2], [3, 4]], [1, 2, 3])
    add("duplicates", [[0], [5], [0], [5], [9]], [2, 3])
    write(
        "StatisticsTests/Fixtures/agglomeration.json",
        {"script": "Tests/Reference/agglomeration.py", "cases": cases},
    )


if __name__ == "__main__":
    main()
