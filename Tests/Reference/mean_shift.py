"""Mean shift with a flat kernel in float64 -> Tests/StatisticsTests/Fixtures/mean-shift.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/mean_shift.py`.

Paper: Comaniciu, Meer, "Mean shift: a robust approach toward feature space analysis", IEEE TPAMI
24, 2002. The bandwidth is the mean distance to the k-th nearest point, itself included, with
k = max(1, floor(quantile n)). Points within bandwidth (1 + 1e-12) count. From each point the center
goes to the mean of what is within until that stays the same. Centers are sorted by the number of
points within, most first, then by the lowest point; one within the bandwidth of a center before it
is dropped. Each point joins the nearest center, ties to the first.
"""

import numpy as np

from fixture import exact, normal, write


def bandwidth(points, quantile):
    k = max(1, int(quantile * len(points)))
    distances = np.sqrt(np.sum((points[:, None] - points[None]) ** 2, axis=2))
    return float(np.mean(np.sort(distances, axis=1)[:, k - 1]))


def mean_shift(points, width):
    limit = width * (1 + 1e-12)
    found = []
    for index, center in enumerate(points):
        within = None
        while True:
            near = np.sqrt(np.sum((points - center) ** 2, axis=1)) <= limit
            if within is not None and np.array_equal(near, within):
                break
            within = near
            first = points[np.argmax(near)]
            center = first + np.mean(points[near] - first, axis=0)
        found.append((-int(within.sum()), index, center))
    centers = []
    for _, _, center in sorted(found, key=lambda item: item[:2]):
        if all(np.linalg.norm(center - other) > limit for other in centers):
            centers.append(center)
    labels = [int(np.argmin([np.sum((p - c) ** 2) for c in centers])) for p in points]
    return np.array(centers), labels


def main():
    cases = []

    def add(name, points, quantile=0.5, width=None):
        points = np.array(points, dtype=np.float64)
        assert np.array_equal(points, exact(points))
        wide = bandwidth(points, quantile) if width is None else width
        centers, labels = mean_shift(points, wide)
        cases.append(
            {
                "name": name,
                "points": points,
                "quantile": quantile if width is None else -1,
                "bandwidth": wide,
                "centers": centers,
                "labels": labels,
            }
        )
        return len(centers)

    groups = [normal(1, 9, 2, 0.2), normal(2, 5, 2, 0.2, 4.0), normal(3, 3, 2, 0.2, -5)]
    groups = np.concatenate(groups)
    assert add("three groups", groups, width=1.5) == 3
    add("three groups, narrow", groups, 0.2)
    add("three groups, wide", groups, 0.5)
    for seed, (n, d) in enumerate([(7, 1), (20, 3), (40, 2)]):
        for quantile in [0.1, 0.3, 0.5, 1.0]:
            add(f"normal {n}x{d}, {quantile}", normal(10 + seed, n, d), quantile)
    grid = [[i / 4, j / 4] for i in range(5) for j in range(4)]
    add("grid", grid, 0.3)
    add("grid, one step", grid, width=0.25)
    assert add("one point", [[2, 3]]) == 1
    assert add("equal points", [[2, 3]] * 6) == 1
    assert add("two clusters of equal size", [[0], [0], [1], [1]]) == 2
    assert add("duplicates, width 0", [[0], [1], [0], [1], [5]], width=0.0) == 3
    assert add("a line one apart", [[0], [1], [2], [3]], width=10.0) == 1
    write(
        "StatisticsTests/Fixtures/mean-shift.json",
        {"script": "Tests/Reference/mean_shift.py", "cases": cases},
    )


if __name__ == "__main__":
    main()
