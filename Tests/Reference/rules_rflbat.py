"""RFLBAT in float64 -> Tests/DefensesTests/Fixtures/rflbat.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_rflbat.py`.

Papers: Wang, Zhai, Zhan, Xia, "RFLBAT: a robust federated learning algorithm against backdoor
attack", arXiv 2201.03772; Likas, Vlassis, Verbeek, Pattern Recognition 36, 2003; Tibshirani, Walther,
Hastie, J. R. Stat. Soc. B 63, 2001. Rows are client updates (local - global).

Conventions
- z: the centered rows on the first two right singular vectors, each turned so that the row farthest
  out, the first of several, is positive; zeros along directions without variance.
- First filter: the sum of distances to all rows is at most eps1 times the median sum.
- k-means: one cluster is the mean; each further one starts at the row that lowers the inertia most,
  then Lloyd's algorithm. k: `clusters` at most the number of rows, or by the gap statistic with 20
  sets of points from the stream of root seed 0 (`seeds.py`), k up to limit and n - 1, 1 if all
  points are equal.
- Likeness of a cluster: the median of the rows' mean cosine to all rows of it, themselves included;
  0 with a zero row, but 1 of a row with itself. The cluster of two or more rows with the least
  likeness is kept, of equal ones that of the lowest row.
- Second filter: the sum of distances within the cluster is at most eps2 times the median; average.
- suspicion: the sum in bounds where a filter was the last to judge, else 1.5 + mean cosine / 2.

`positions`: what common code keeps, which takes the positions of a cluster among the rows that passed
the first filter for row numbers.
"""

import numpy as np

from fixture import exact, formula, normal, write
from seeds import stream

CASES = []


def plane(x):
    n = len(x)
    centered = x - x[0] - np.mean(x - x[0], axis=0)
    z = np.zeros((n, 2))
    if n == 1 or x.shape[1] == 0 or not np.any(centered):
        return z
    size = np.abs(centered).max()
    u, s, _ = np.linalg.svd(centered / size, full_matrices=False)
    for k in range(min(2, len(s))):
        if s[k] > 1e-7 * s[0]:
            column = u[:, k] * s[k] * size
            far = np.abs(column)
            z[:, k] = column * np.sign(column[np.argmax(far > far.max() * (1 - 1e-9))])
    return z


def sums(z):
    return np.sum(np.sqrt(np.sum((z[:, None] - z[None]) ** 2, axis=2)), axis=1)


def excess(z, bound):
    found = sums(z)
    limit = bound * np.median(found)
    assert np.all(np.abs(found - limit) > 1e-9 * limit) or limit == 0 or bound == 1
    return np.array([v / limit if v > 0 else 0.0 for v in found])


def lloyd(z, centers):
    labels = None
    while True:
        d = np.sum((z[:, None] - centers[None]) ** 2, axis=2)
        new = np.argmin(d, axis=1)
        if labels is not None and np.array_equal(new, labels):
            return labels, centers, d[np.arange(len(z)), labels]
        labels = new
        assert len(set(labels)) == len(centers), "an empty cluster"
        centers = np.array([z[labels == k].mean(axis=0) for k in range(len(centers))])


def global_k_means(z, limit):
    found = [lloyd(z, z[:1] + np.mean(z - z[0], axis=0))]
    while len(found) < limit:
        _, centers, distances = found[-1]
        d = np.sum((z[:, None] - z[None]) ** 2, axis=2)
        gains = np.sum(np.maximum(distances[None] - d, 0), axis=1)
        start = int(np.argmax(gains))
        found.append(lloyd(z, np.vstack([centers, z[start]])))
    return [(labels, float(np.sum(distances))) for labels, _, distances in found]


def gap_count(z, limit):
    if not np.any(z != z[0]):
        return 1
    limit = min(limit, max(1, len(z) - 1))
    random = stream(0)
    low, high = z.min(axis=0), z.max(axis=0)
    sets = [
        np.array([[low[c] + (high[c] - low[c]) * random.unit() for c in (0, 1)] for _ in z])
        for _ in range(20)
    ]
    tiny = np.finfo(float).tiny
    own = np.log(np.maximum([v for _, v in global_k_means(z, limit)], tiny))
    others = np.log([[v for _, v in global_k_means(s, limit)] for s in sets])
    gaps = others.mean(axis=0) - own
    errors = others.std(axis=0) * np.sqrt(1 + 1 / 20)
    for k in range(limit - 1):
        margin = gaps[k] - gaps[k + 1] + errors[k + 1]
        assert abs(margin) > 1e-7
        if margin > 0:
            return k + 1
    return limit


def cosines(x):
    norms = np.sqrt(np.sum(x * x, axis=1))
    unit = np.array([row / v if v > 0 else row for row, v in zip(x, norms)])
    result = unit @ unit.T
    np.fill_diagonal(result, 1)
    return result


def rflbat(x, eps1=10, eps2=4, clusters="gap", limit=9, by_position=False):
    n = len(x)
    z = plane(x)
    suspicion = excess(z, eps1)
    passing = [i for i in range(n) if suspicion[i] <= 1]
    points = z[passing]
    count = gap_count(points, limit) if clusters == "gap" else min(clusters, len(passing))
    labels = global_k_means(points, count)[-1][0]
    places = sorted([np.flatnonzero(labels == k).tolist() for k in range(count)])
    groups = [[passing[p] for p in group] for group in places]
    cosine = cosines(x)
    likeness = []
    for k, group in enumerate(groups):
        rows = places[k] if by_position else group
        values = [np.mean([cosine[i, j] for j in rows]) for i in rows]
        likeness.append(np.median(values) if len(group) > 1 else np.inf)
        for i in group:
            suspicion[i] = 1.5 + np.mean([cosine[i, j] for j in group]) / 2
    ordered = sorted(likeness)
    assert len(ordered) == 1 or ordered[1] - ordered[0] > 1e-9
    kept = groups[int(np.argmin(likeness))]
    suspicion[kept] = excess(z[kept], eps2)
    members = [i for i in kept if suspicion[i] <= 1]
    return members, np.minimum(suspicion, 1e9), len(groups)


def add(name, x, matrix=None, **arguments):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    n = len(x)
    members, suspicion, count = rflbat(x, **arguments)
    update = np.zeros(x.shape[1])
    for i in members:
        update += x[i] / len(members)
    expected = {
        "update": update,
        "weights": [1 / len(members) if i in members else 0.0 for i in range(n)],
        "suspicion": suspicion,
        "rejected": [i for i in range(n) if i not in members],
        "report": {"accepted": len(members), "clusters": count},
    }
    CASES.append(
        {
            "name": name, "rule": "rflbat", "arguments": arguments,
            "matrix": x if matrix is None else matrix, "expected": expected,
        }
    )
    return expected


def backdoored(seed, n, d, f, alike=0.05):
    """Honest rows around a common direction, and f that are nearly the same."""
    x = normal(seed, n, d) + 0.5
    goal = 2 * normal(seed + 500, 1, d)[0] - 1
    x[1 : 1 + f] = goal + alike * normal(seed + 900, f, d)
    return exact(x)


def main():
    for seed, (n, d, f) in enumerate([(7, 5, 2), (11, 8, 3), (23, 30, 7)]):
        x = backdoored(2200 + seed, n, d, f)
        add(f"alike {n}x{d}", x)
        add(f"alike {n}x{d}, two", x, clusters=2)
        add(f"alike {n}x{d}, close bounds", x, clusters=2, eps1=1.5, eps2=1.0)
        far = x.copy()
        far[0] = 50 * x[0]
        far[4] = -40 * x[5]
        add(f"far out {n}x{d}", exact(far), clusters=2, eps1=3, eps2=1.25)
        add(f"honest {n}x{d}", exact(normal(2250 + seed, n, d) + 0.5))
    x, json = formula(
        50, 1000, 7919, 104729, 2039, 300, 512, [[i, 0.25, 8] for i in range(2, 13)]
    )
    got = add("formula, eleven alike 50x1000", x, matrix=json)
    got = add("formula, eleven alike 50x1000, two", x, matrix=json, clusters=2)
    assert got["rejected"] == list(range(2, 13)), got["rejected"]
    add("identical 5x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1)))
    add("zero 4x3", np.zeros((4, 3)))
    add("no columns 4x0", np.zeros((4, 0)))
    add("one row", [[1, -2, 3]])
    add("two rows", [[1, -2, 3], [0, 1, 0]])
    add("one of equals differs", [[1, 2], [1, 2], [1, 2], [1, 2], [3, 1]], clusters=2)
    big = exact(normal(2290, 9, 5) + 0.7)
    big[2] *= 1024
    add("one long row", big, eps1=3)
    add("one long row, all pass", big)
    # Positions among the rows that passed are other rows than those of the cluster.
    found = 0
    for seed in range(200):
        x = backdoored(3000 + seed, 9, 4, 3, alike=0.3)
        x[0] = 100 * x[0]
        x = exact(x)
        try:
            right = rflbat(x, eps1=3, clusters=2)
            wrong = rflbat(x, eps1=3, clusters=2, by_position=True)
        except AssertionError:
            continue
        if right[0] != wrong[0]:
            add(f"clusters are rows, not positions {seed}", x, eps1=3, clusters=2)
            CASES[-1]["expected"]["positions"] = wrong[0]
            found += 1
            if found == 3:
                break
    assert found == 3
    for case in CASES:
        print(case["name"], case["expected"]["report"], case["expected"]["rejected"][:12])
    write(
        "DefensesTests/Fixtures/rflbat.json",
        {"script": "Tests/Reference/rules_rflbat.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
