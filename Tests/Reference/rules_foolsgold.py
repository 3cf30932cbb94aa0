"""FoolsGold in float64 -> Tests/DefensesTests/Fixtures/foolsgold.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_foolsgold.py`.

Paper: Fung, Yoon, Beschastnikh, "The limitations of federated learning in Sybil settings", RAID
2020, algorithm 1 with confidence 1 and without feature weights. Rows are client updates (local -
global); `rounds` has the clients that send, and their rows.

Conventions
- H_i = the sum of the client's rows so far. cs_ij = cos(H_i, H_j) for i != j, 0 with a zero H.
- v_i = max(0, max_j cs_ij). Where v_j > v_i: cs_ij *= v_i / v_j.
- alpha_i = 1 - max(0, max_j cs_ij), clipped to 0...1, divided by the largest (all 0 stay 0); then
  ln(alpha / (1 - alpha)) + 1/2, clipped to 0...1; 1 for alpha = 1.
- update = sum alpha_i x_i / sum alpha, 0 where the sum is 0; `sum` does not divide.
- `weights` are alpha / sum alpha, `suspicion` max(0, max_j cs_ij) after pardoning.

Inputs are multiples of 2^-10 below 2^6 or so, so histories are exact in float32.
"""

import math

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def foolsgold(history):
    n = len(history)
    norms = np.sqrt(np.sum(history**2, axis=1))
    cs = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j and norms[i] > 0 and norms[j] > 0:
                a, b = history[i] / norms[i], history[j] / norms[j]
                same = np.array_equal(history[i], history[j])
                cs[i, j] = 1.0 if same else np.sum(a * b)
    v = cs.max(axis=1)  # the diagonal is 0
    for i in range(n):
        for j in range(n):
            if i != j and v[j] > v[i]:
                cs[i, j] *= v[i] / v[j]
    largest = cs.max(axis=1)
    alpha = np.clip(1 - largest, 0, 1)
    if alpha.max() > 0:
        alpha = alpha / alpha.max()
        alpha = np.array(
            [
                1.0 if a == 1 else 0.0 if a == 0 else min(max(math.log(a / (1 - a)) + 0.5, 0), 1)
                for a in alpha
            ]
        )
    return alpha, largest


def add(name, rounds, combine="average", matrices=None):
    history, expected = {}, []
    for clients, x in rounds:
        x = np.array(x, dtype=np.float64)
        assert np.array_equal(x * 1024, np.round(x * 1024)) or len(rounds) == 1, name
        for client, row in zip(clients, x, strict=True):
            history[client] = history.get(client, 0) + row
        rows = np.array([history[client] for client in clients])
        assert np.array_equal(rows, exact(rows)), name
        alpha, largest = foolsgold(rows)
        total = alpha.sum()
        shares = alpha / total if total > 0 else alpha
        update = (alpha if combine == "sum" else shares) @ x
        expected.append({"update": update, "weights": shares, "suspicion": largest})
    CASES.append(
        {
            "name": f"{name} foolsgold:combine={combine}",
            "combine": combine,
            "rounds": [
                {"clients": clients, "matrix": x if matrices is None else matrices[k]}
                for k, (clients, x) in enumerate(rounds)
            ],
            "expected": expected,
        }
    )
    return expected


def coarse(seed, n, d):
    return np.round(normal(seed, n, d) * 1024) / 1024


def main():
    # Two Sybils and an honest client at right angles to them.
    got = add("known answer 3x2", [([0, 1, 2], [[1, 0], [1, 0], [0, 1]])])
    assert np.array_equal(got[0]["update"], [0, 1])
    # Cosines 0.6, 0.8 and 0: v = (0.8, 0.6, 0.8).
    got = add("known answer, pardoned 3x2", [([0, 1, 2], [[3, 4], [1, 0], [0, 2]])])
    assert np.allclose(got[0]["suspicion"], [0.8, 0.45, 0.8], rtol=1e-15)
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 8, 2), (23, 30, 5)]):
        rounds, sybils = [], []
        for k in range(3):
            x = coarse(1000 + 10 * seed + k, n, d)
            y = x.copy()
            y[1 : 3 + f] = y[1] + coarse(1050 + k, 2 + f, d) / 16
            y = np.round(y * 1024) / 1024
            rounds.append((list(range(n)), x))
            sybils.append((list(range(n)), y))
        add(f"normal {n}x{d}", rounds)
        add(f"near Sybils {n}x{d}", sybils)
        add(f"near Sybils {n}x{d}", sybils, combine="sum")
    taking_turns = [
        ([0, 1, 2, 4], coarse(1100, 4, 6)),
        ([1, 3, 4], coarse(1101, 3, 6)),
        ([0, 2, 3, 5], coarse(1102, 4, 6)),
        ([2], coarse(1103, 1, 6)),
        ([0, 1, 2, 3, 4, 5], coarse(1104, 6, 6)),
    ]
    add("clients take turns", taking_turns)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, [[i, 1, 1.5] for i in range(2, 13)])
    add("formula 50x1000", [(list(range(50)), x)], matrices=[json])
    same = np.tile([[0.5, -2.5, 3.75, 0.0]], (5, 1))
    got = add("identical 5x4", [(list(range(5)), same)])
    assert np.array_equal(got[0]["update"], np.zeros(4))
    back = coarse(1110, 4, 3)
    add("a history of zero", [([0, 1, 2, 3], back), ([0, 1, 2, 3], back * [[-1], [1], [1], [1]])])
    add("zero rows 4x3", [([0, 1, 2, 3], np.zeros((4, 3)))])
    add("no columns 3x0", [([0, 1, 2], np.zeros((3, 0)))])
    add("one row", [([0], [[1, -2, 3]])])
    add("two opposite rows", [([0, 1], [[1, -2, 3], [-1, 2, -3]])])
    far = normal(1111, 6, 5)
    far[2] = exact(1e30 * far[2])
    far[4] = exact(1e-20 * far[4])
    add("lengths far apart", [(list(range(6)), far)])
    write(
        "DefensesTests/Fixtures/foolsgold.json",
        {"script": "Tests/Reference/rules_foolsgold.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
