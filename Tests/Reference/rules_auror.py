"""Auror in float64 -> Tests/DefensesTests/Fixtures/auror.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_auror.py`.

Paper: Shen, Tople, Saxena, "Auror: defending against poisoning attacks in collaborative deep
learning systems", ACSAC 2016. Rows are client updates (local - global), of one round after the other.

Conventions
- In the first `learn` rounds: the mean. Per coordinate the values are split in two with the least
  inertia, by trying every split between different sorted values; the gap is the distance of the two
  means, 0 for equal values. Indicative are the coordinates whose mean gap over these rounds is at
  least `threshold`.
- Later: the split of the rows in two with the least inertia in the indicative coordinates, found by
  trying all of them; the larger part is averaged, of equally large ones that of row 0. All rows
  without an indicative coordinate, or where they are equal there.
- `suspicion`: the distance from the mean of the larger part in the indicative coordinates, None in
  the first rounds.

No mean gap is within 1e-6 relative of the threshold; the best split beats the others by 1e-6.
"""

import itertools

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def gap(values):
    v = np.sort(values)
    best = None
    for k in range(1, len(v)):
        if v[k] == v[k - 1]:
            continue
        low, high = v[:k], v[k:]
        inertia = np.sum((low - low.mean()) ** 2) + np.sum((high - high.mean()) ** 2)
        if best is None or inertia < best[0]:
            best = (inertia, high.mean() - low.mean())
    return 0.0 if best is None else best[1]


def larger_part(points):
    n = len(points)
    if points.shape[1] == 0 or all(np.array_equal(p, points[0]) for p in points):
        return list(range(n))
    found = []
    if n > 16:  # well apart: the split of the first principal component, made better until it stays
        centered = points - points.mean(axis=0)
        labels = (centered @ np.linalg.svd(centered, full_matrices=False)[2][0] > 0).astype(int)
        for _ in range(100):
            centers = np.array([points[labels == k].mean(axis=0) for k in (0, 1)])
            distances = ((points[:, None] - centers[None]) ** 2).sum(axis=2)
            labels = distances.argmin(axis=1)
        assert np.min(np.abs(distances[:, 0] - distances[:, 1])) > 1
    else:
        for bits in itertools.product([0, 1], repeat=n - 1):
            labels = np.array([0, *bits])
            if labels.sum() == 0:
                continue
            parts = [points[labels == k] for k in (0, 1)]
            found.append((sum(np.sum((p - p.mean(axis=0)) ** 2) for p in parts), bits))
        found.sort()
        assert len(found) < 2 or found[1][0] > found[0][0] * (1 + 1e-6) + 1e-12
        labels = np.array([0, *found[0][1]])
    first = np.flatnonzero(labels == labels[0]).tolist()
    return first if 2 * len(first) >= n else np.flatnonzero(labels != labels[0]).tolist()


def add(name, rounds, threshold, learn, matrices=None):
    gaps, expected, indicative = [], [], []
    for number, x in enumerate(rounds):
        x = np.array(x, dtype=np.float64)
        assert np.array_equal(x, exact(x)), name
        n = len(x)
        kept, suspicion = list(range(n)), None
        if number < learn:
            gaps.append([gap(x[:, j]) for j in range(x.shape[1])])
            if number == learn - 1:
                mean = np.mean(np.array(gaps).reshape(learn, -1), axis=0)
                assert np.all(np.abs(mean - threshold) > 1e-6 * threshold), name
                indicative = np.flatnonzero(mean >= threshold).tolist()
        else:
            points = x[:, indicative]
            kept = larger_part(points)
            suspicion = np.sqrt(np.sum((points - points[kept].mean(axis=0)) ** 2, axis=1))
        expected.append(
            {
                "update": x[kept].mean(axis=0),
                "weights": [1 / len(kept) if i in kept else 0 for i in range(n)],
                "suspicion": [] if suspicion is None else suspicion,
                "rejected": [i for i in range(n) if i not in kept],
                "indicative": len(indicative),
            }
        )
    CASES.append(
        {
            "name": name,
            "arguments": {"threshold": threshold, "rounds": learn},
            "rounds": rounds if matrices is None else matrices,
            "expected": expected,
        }
    )
    return expected


def main():
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (12, 30, 5)]):
        rounds = []
        for k in range(4):
            x = normal(1400 + 10 * seed + k, n, d)
            x[1 : 1 + f, : 1 + d // 4] += 5
            rounds.append(exact(x))
        got = add(f"a group apart {n}x{d}", rounds, 3.0, 2)
        assert got[3]["rejected"] == list(range(1, 1 + f)) and got[1]["indicative"] > 0
        got = add(f"nothing indicative {n}x{d}", rounds, 50.0, 2)
        assert got[3]["rejected"] == []
        add(f"everything indicative {n}x{d}", rounds, 0.01, 1)
        add(f"fewer rows later {n}x{d}", [rounds[0], rounds[1][: n - 2]], 3.0, 1)
    jsons, rounds = [], []
    for shift in [0, 77]:
        x, json = formula(
            50, 1000, 7919 + shift, 104729, 2039, 1019, 512, [[i, 1, 6] for i in range(2, 13)]
        )
        rounds.append(x)
        jsons.append(json)
    got = add("formula, eleven apart 50x1000", rounds, 3.0, 1, matrices=jsons)
    assert got[1]["rejected"] == list(range(2, 13))
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1))
    add("identical 5x4", [normal(1450, 5, 4), same], 0.01, 1)
    add("identical from the start 5x4", [same, normal(1450, 5, 4)], 0.01, 1)
    add("no columns 4x0", [np.zeros((4, 0)), np.zeros((4, 0))], 0.01, 1)
    add("one row", [[[1, -2, 3]], [[4, -8, 12]]], 0.01, 1)
    add("one row later", [normal(1451, 5, 3), [[4, -8, 12]]], 0.01, 1)
    add("equally large", [[[0], [4], [1], [6]], [[8], [0], [9], [0.5]]], 0.01, 1)
    write(
        "DefensesTests/Fixtures/auror.json",
        {"script": "Tests/Reference/rules_auror.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
