"""HDBSCAN and DBSCAN in float64 -> Tests/StatisticsTests/Fixtures/density-clusters.json.

Run with Python 3.11, numpy 2.4.6, hdbscan 0.8.44, scikit-learn 1.9.1:
`python3 Tests/Reference/density_clusters.py`.

Papers: Campello, Moulavi, Sander, PAKDD 2013; Ester, Kriegel, Sander, Xu, KDD 1996. HDBSCAN here
has no spanning tree: a cluster is a set of points, and the graph of the mutual reachabilities below
each of their values in turn shows what it falls into. All links of one value break at once, as the
paper has it. `samples` counts other points, so that scikit-learn is given one more.

The packages break links of one value one by one, in the order in which sorting left them. A tree is
contested where that can matter: parts of one break that would make another cluster together. If it
is not, both packages have to agree with this, or the script fails. Equal reachabilities are common
from samples = 2 on, since a core distance is that of several links. scikit-learn's DBSCAN always
has to agree.
Labels are numbered by lowest points (DBSCAN: lowest core points), -1 is noise.
"""

import collections
import warnings

import hdbscan
import numpy as np
import sklearn.cluster

from fixture import normal, write

LARGEST = float(np.finfo(np.float64).max)


def components(points, linked):
    """The connected parts of some points, each ascending."""
    left, parts = set(points), []
    while left:
        part, open_ = set(), [min(left)]
        while open_:
            p = open_.pop()
            if p not in part:
                part.add(p)
                open_ += [q for q in left if linked[p, q] and q not in part]
        left -= part
        parts.append(sorted(part))
    return parts


def tree(reach, points, birth, least, contested):
    """A cluster: its first and last points, its stability and the clusters it falls into."""
    alive, stability = points, 0.0
    while True:
        # The largest value below which these points hang together no more.
        values = sorted(set(reach[np.ix_(alive, alive)].ravel()))
        low, high = 0, len(values) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if len(components(alive, reach < values[middle])) > 1:
                low = middle
            else:
                high = middle - 1
        value = values[low]
        parts = components(alive, reach < value)
        assert len(parts) > 1 or len(alive) == 1
        density = 1 / value if value > 1 / LARGEST else LARGEST
        large = [part for part in parts if len(part) >= least]
        small = len(alive) - sum(len(part) for part in large)
        if len(parts) > 2:
            limit = [2 * least, least, 1][min(len(large), 2)]
            contested.append(small >= limit)
        left = len(alive) - (len(large[0]) if len(large) == 1 else 0)
        with np.errstate(over="ignore"):
            stability += left * (density - birth)
        if len(large) != 1:
            below = [tree(reach, part, density, least, contested) for part in large]
            return {"first": points, "last": alive, "stability": stability, "below": below}
        alive = large[0]


def select(cluster):
    """The most stable clusters of a tree and their stability."""
    below = [select(child) for child in cluster["below"]]
    total = sum(value for value, _ in below)
    if not below or cluster["stability"] >= total:
        return cluster["stability"], [cluster]
    return total, [chosen for _, found in below for chosen in found]


def numbered(labels):
    """Clusters numbered by their lowest points."""
    numbers = {}
    return [-1 if k < 0 else numbers.setdefault(k, len(numbers)) for k in labels]


def reachability(distances, samples):
    n = len(distances)
    others = np.sort(distances + np.diag([-1.0] * n), axis=1)[:, 1:]  # itself first, then dropped
    core = others[:, min(samples, n - 1) - 1]
    reach = np.maximum(distances, np.maximum(core[:, None], core[None]))
    np.fill_diagonal(reach, np.inf)
    return reach


def cluster(distances, least, samples, single):
    n = len(distances)
    labels = [-1] * n
    contested = []
    if n == 1:
        return [0] if single else [-1], False
    reach = reachability(distances, samples)
    root = tree(np.where(np.isinf(reach), -1.0, reach), list(range(n)), 0.0, least, contested)
    _, chosen = select(root)
    if chosen[0] is root:
        chosen = [] if single else [c for child in root["below"] for c in select(child)[1]]
    sets = [c["first"] for c in chosen] or ([root["last"]] if single else [])
    for number, points in enumerate(sorted(sets)):
        for p in points:
            labels[p] = number
    return labels, any(contested)


def packages(distances, least, samples, single):
    """The labels of the two packages; None where one refuses the input."""
    n = len(distances)
    found = []
    for make in (
        lambda: hdbscan.HDBSCAN(
            min_cluster_size=least, min_samples=samples, metric="precomputed",
            allow_single_cluster=single,
        ),
        lambda: sklearn.cluster.HDBSCAN(
            min_cluster_size=least, min_samples=min(samples, n - 1) + 1, metric="precomputed",
            allow_single_cluster=single, copy=True,
        ),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found.append(numbered(make().fit(distances.copy()).labels_.tolist()))
            except (ValueError, IndexError, KeyError, TypeError):
                found.append(None)
    return found


def brute_dbscan(distances, radius, least):
    near = distances <= radius
    core = near.sum(axis=1) >= least
    parts = components([i for i in range(len(core)) if core[i]], near)
    parts.sort()
    labels = [-1] * len(core)
    for p in range(len(core)):
        for number, part in enumerate(parts):
            if labels[p] < 0 and near[p, part].any():
                labels[p] = number
    return labels


def main():
    tables = []
    counts = collections.Counter()

    def tree_of(name, table, least, k, single):
        labels, contested = cluster(table, least, k, single)
        theirs = packages(table, least, k, single)
        for package, other in zip(["hdbscan", "scikit-learn"], theirs):
            same = other == labels
            assert same or other is None or contested, (name, package, least, k, single)
            if other is not None:
                key = f"{package} {'agrees' if same else 'differs'}"
                counts[key + (", contested" if contested else "")] += 1
        return {"size": least, "samples": k, "single": single, "labels": labels}

    def scale_of(name, table, radius, least):
        labels = brute_dbscan(table, radius, least)
        theirs = sklearn.cluster.DBSCAN(eps=radius, min_samples=least, metric="precomputed")
        assert theirs.fit(table).labels_.tolist() == labels, (name, radius, least)
        return {"radius": radius, "size": least, "labels": labels}

    def add(name, points, sizes=(), samples=(), radii=(), least=(), table=None):
        points = np.array(points, dtype=np.float64)
        if table is None:
            table = np.sqrt(np.sum((points[:, None] - points[None]) ** 2, axis=2))
        tables.append(
            {
                "name": name,
                "distances": table,
                "trees": [
                    tree_of(name, table, size, k, single)
                    for size in sizes
                    for k in samples
                    for single in [False, True]
                ],
                "scales": [
                    scale_of(name, table, radius, count) for radius in radii for count in least
                ],
            }
        )

    groups = [normal(1, 9, 2, 0.2), normal(2, 7, 2, 0.2, 4.0), normal(3, 4, 2, 0.2, -5)]
    groups = np.concatenate(groups)
    add("three groups", groups, [2, 4, 5, 11], [1, 2, 4], [0.1, 0.3, 1.0, 9.0], [1, 2, 4])
    nested = [normal(4, 8, 2, 0.1), normal(5, 8, 2, 0.1, 1.0), normal(6, 12, 2, 0.4, 6.0)]
    add("nested groups", np.concatenate([*nested, normal(7, 3, 2, 9.0)]), [3, 5, 16], [1, 3])
    for seed, (n, d) in enumerate([(7, 1), (20, 3), (50, 2)]):
        points = normal(20 + seed, n, d)
        add(f"normal {n}x{d}", points, [2, 4, n // 2 + 1], [1, 3], [0.2, 0.5, 2.0], [1, 3, 5])
    rows = np.concatenate([normal(30, 13, 6, 0.3, 1.0), normal(31, 7, 6, 0.3, -1.0)])
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = np.maximum(1 - unit @ unit.T, 0)
    np.fill_diagonal(cosines, 0)
    add("cosine distances", rows, [2, 5, 11], [1, 2], table=(cosines + cosines.T) / 2)

    add("one point", [[1, 2]], [2], [1], [0.5], [1, 2])
    add("two points", [[1, 2], [1, 3]], [2, 3], [1, 2], [0.5, 1.0], [1, 2, 3])
    add("two equal points", [[1, 2], [1, 2]], [2], [1], [0.5], [1, 2, 3])
    add("all equal", [[1, 2]] * 7, [2, 4], [1, 3], [0.5], [1, 7, 8])
    add("three points a step apart", [[0], [1], [2]], [2], [1], [1.0], [2, 3])
    halves = [[0], [0.5], [1.25], [10], [10.5], [11.25]]
    add("two clusters of equal size", halves, [2, 3, 4], [1], [0.75, 8.75], [2, 3])
    add("duplicates", [[0], [5], [0], [5], [9], [0]], [2, 3], [1, 2], [0.5], [2, 3])
    doubled = [[0], [0], [0], [0.5], [1], [8], [8.5], [9.25], [10.5]]
    add("duplicates in a cluster", doubled, [3, 4], [1, 2])
    add("fewer points than a cluster", normal(40, 5, 2), [6], [1])
    lone = np.concatenate([normal(41, 12, 2, 0.1), normal(42, 7, 2, 20.0)])
    add("noise around one group", lone, [5, 10], [1, 4], [0.3], [3])
    add("grid", [[i, j] for i in range(4) for j in range(4)], [2, 4, 9], [1, 4], [1.0], [3, 4, 5])
    # Links of length 2 hold groups of 2, 1 and 3 together; together they break.
    add("ties at the split", [[0], [1], [3], [5], [6], [7]], [2, 3], [1])
    add("nobody is near", [[0], [3], [7], [12]], [2, 3], [1], [1.0], [2])
    border = [[-2], [-1], [0], [1], [2], [0.5], [-0.5], [5], [7], [6], [8], [3.5]]
    add("a border point of two clusters", border, radii=[1.5], least=[4])
    print(dict(counts))
    write(
        "StatisticsTests/Fixtures/density-clusters.json",
        {"script": "Tests/Reference/density_clusters.py", "tables": tables},
    )


if __name__ == "__main__":
    main()
