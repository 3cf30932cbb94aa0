"""FLANDERS in float64 -> Tests/DefensesTests/Fixtures/flanders.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_flanders.py`.

Paper: Gabrielli, Belli, Matrullo, Miori, Tolomei, "Protecting federated learning from extreme model
poisoning attacks via multidimensional time series anomaly detection", arXiv 2303.16668. There is no
global model in these cases, so that a row is the model of its client.

Conventions
- min(sample, d) coordinates drawn without replacement from the stream of the first round (`seeds.py`:
  root seed 3, round 0), all where there are not more.
- X_t, clients x coordinates, of the last `window` rounds, divided by their largest magnitude.
  X_t ~ A X_{t-1} B': from B = 1, `iterations` times first A, then B, by ridge regression; only steps
  between two rounds of the window count.
- score = the norm of the row of X_t - A X_{t-1} B', times the largest magnitude. The n - f rows of
  least score stay, of equal ones the lowest, and are averaged; in rounds 0 and 1 all.
- What a rejected client sent is replaced in the series by the average.

No two scores of a round, one of them that of a row that stays, differ by less than 1e-9.
"""

import math

import numpy as np

from fixture import exact, formula, normal, write
from seeds import stream

CASES = []


def forecast(series, iterations, ridge, wraps=False):
    largest = max(float(np.max(np.abs(x))) for x in series)
    if largest == 0:
        return series[0]
    x = [m / largest for m in series]
    m, n = x[0].shape
    steps = [(t, t - 1) for t in range(0 if wraps else 1, len(x))]
    a, b = np.eye(m), np.eye(n)
    for _ in range(iterations):
        shifted = {u: x[u] @ b.T for _, u in steps}
        left = sum(x[t] @ shifted[u].T for t, u in steps)
        right = sum(shifted[u] @ shifted[u].T for t, u in steps) + ridge * np.eye(m)
        a = np.linalg.solve(right, left.T).T
        mixed = {u: a @ x[u] for _, u in steps}
        left = sum(x[t].T @ mixed[u] for t, u in steps)
        right = sum(mixed[u].T @ mixed[u] for t, u in steps) + ridge * np.eye(n)
        b = np.linalg.solve(right, left.T).T
    return largest * (a @ x[-1] @ b.T)


def flanders(rounds, f, window=5, sample=500, iterations=10, ridge=1, wraps=False):
    d = rounds[0].shape[1]
    columns = list(range(d)) if sample >= d else sorted(stream(3, [0]).sample(sample, d))
    past, results = [], []
    for x in rounds:
        n = len(x)
        kept, scores = list(range(n)), None
        if len(past) > 1:
            gaps = x[:, columns] - forecast(past, iterations, ridge, wraps)
            scores = [math.sqrt(float(np.sum(row * row))) for row in gaps]
            order = sorted(range(n), key=lambda i: (scores[i], i))
            kept = sorted(order[: max(1, n - f)])
            for i in order[len(kept) :]:
                for j in kept:
                    assert wraps or abs(scores[i] - scores[j]) > 1e-9 * scores[i] or i == j
        update = np.mean(x[kept], axis=0)
        sent = x[:, columns].copy()
        for i in range(n):
            if i not in kept:
                sent[i] = update[columns]
        past = [*past, sent][-window:]
        results.append(
            {
                "update": update,
                "weights": [1 / len(kept) if i in kept else 0.0 for i in range(n)],
                "dispositions": ["accepted" if i in kept else "rejected" for i in range(n)],
                "suspicion": scores,
                "report": {"kept": len(kept)},
            }
        )
    return results


def add(name, rounds, matrices=None, **given):
    rounds = [np.array(x, dtype=np.float64) for x in rounds]
    assert all(np.array_equal(x, exact(x)) for x in rounds), name
    results = flanders(rounds, **given)
    CASES.append(
        {
            "name": f"{name} {given}",
            "rule": "flanders",
            "arguments": given,
            "matrices": rounds if matrices is None else matrices,
            "expected": [{k: v for k, v in r.items() if v is not None} for r in results],
        }
    )
    return results


def drifting(seed, count, n, d, attackers, start):
    """Models that drift along one path, each with an offset of its own, and attackers that do not."""
    path, offsets = normal(seed, 1, d), normal(seed + 1, n, d, scale=0.25)
    rounds = []
    for t in range(count):
        x = path * (1 - 0.75**t) * 4 + offsets + normal(seed + 2 + t, n, d, scale=0.0625)
        if t >= start:
            x[attackers] = x[attackers] - 2 * path * (1 - 0.75**t)
        rounds.append(exact(x))
    return rounds


def main():
    rounds = drifting(2000, 7, 7, 5, [1], 3)
    for given in [{}, {"window": 2, "ridge": 0.125}, {"window": 3, "iterations": 1}]:
        add("drift 7x5", rounds, f=1, **given)
    add("drift 7x5", rounds, f=0, sample=3)
    add("most attack 7x5", rounds, f=6, window=4)
    rounds = drifting(2100, 6, 8, 40, [1, 2], 3)
    add("drift 8x40", rounds, f=2)
    add("drift 8x40", rounds[:4], f=2, sample=10, iterations=25)
    add("drift 12x30", drifting(2200, 7, 12, 30, [1, 2, 3], 3), f=3, window=6)
    matrices, rounds = [], []
    for t in range(3):
        edits = [[i, -1 - t, 0] for i in range(2, 13)] if t > 1 else []
        x, json = formula(50, 1000, 7919, 104729 + t, 2039, 819 - 64 * t, 512, edits)
        rounds.append(x)
        matrices.append(json)
    add("formula, eleven flipped 50x1000", rounds, matrices, f=11)
    add("zero 4x3", [np.zeros((4, 3))] * 3, f=0)
    # All models double; the last one stays where it is in round 2. With the wrapped step an honest
    # row is farther from its forecast, and the last one stays.
    start = np.array([[1, 2], [2, 1], [1, -1], [-1, 1], [1, 1]], dtype=np.float64)
    rounds = [start, 2 * start, 4 * start]
    rounds[2][4] = rounds[1][4]
    given = {"f": 1, "ridge": 0.0001}
    right, wrapped = add("doubling", rounds, **given), flanders(rounds, wraps=True, **given)
    print(np.round(right[2]["suspicion"], 4), np.round(wrapped[2]["suspicion"], 4))
    assert right[2]["dispositions"][4] == "rejected" and wrapped[2]["dispositions"][4] == "accepted"
    for case in CASES:
        print(case["name"], [r["report"]["kept"] for r in case["expected"]])
    write(
        "DefensesTests/Fixtures/flanders.json",
        {"script": "Tests/Reference/rules_flanders.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
