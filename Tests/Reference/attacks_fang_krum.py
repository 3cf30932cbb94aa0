"""Fang's attack on Krum in float64 -> Tests/AttacksTests/Fixtures/fang-krum.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_fang_krum.py`.

Paper: Fang, Cao, Jia, Gong, "Local model poisoning attacks to Byzantine-robust federated learning",
USENIX Security 2020. Rows are updates, so the received model is 0.

Conventions
- all attackers send -lambda s, s = sign(mu) with mu the mean of the known rows.
- k copies among h known rows: Krum with n = h + k and k Byzantine rows, n - k - 2 = h - 2 neighbors
  (at least one), squared distances. A copy is picked if its score is below every other one.
- lambda starts at sqrt(min_i sum of the h - 2 smallest D^2 / (max(1, h - k - 1) d))
  + max_i ||x_i|| / sqrt(d), is halved until a copy is picked, and fails below 1e-5. It is rounded to
  float32, in which it is sent.
- full: k = f. partial: known are the rows of the attackers, k = 1 ... f, the first that succeeds.
"""

import numpy as np

from attack_cases import case, inputs, own_rows
from fixture import normal, write


def picked(x, row, k):
    rows = np.concatenate([x, np.tile(row, (k, 1))])
    neighbors = max(1, len(x) - 2)
    scores = []
    for i in range(len(rows)):
        squares = ((rows - rows[i]) ** 2).sum(axis=1)
        scores.append(np.sort(np.delete(squares, i))[:neighbors].sum())
    forged, others = scores[-1], min(scores[: len(x)])
    assert forged == others or abs(forged - others) > 1e-9 * others
    return forged < others


def strength(x, k):
    h, d = x.shape
    sums = []
    for i in range(h):
        squares = np.delete(((x - x[i]) ** 2).sum(axis=1), i)
        sums.append(np.sort(squares)[: max(1, h - 2)].sum())
    bound = np.sqrt(min(sums) / (max(1, h - k - 1) * d))
    bound += np.linalg.norm(x, axis=1).max() / np.sqrt(d)
    value = float(np.float32(bound))
    while value >= 1e-5:
        if picked(x, -value * np.sign(x.mean(axis=0)), k):
            return value
        value = float(np.float32(value / 2))
    return None


def main():
    cases = []

    def add(name, x, text, f, arguments=None, own=None, own_text=None):
        known = x if own is None else own
        for k in [f] if own is None else range(1, f + 1):
            value = strength(known, k)
            if value is not None:
                break
        rows = own if own is not None else np.zeros((f, x.shape[1]))
        record = {"lambda": 0, "copies": 0}
        if value is not None:
            rows = -value * np.sign(known.mean(axis=0))
            record = {"lambda": value, "copies": k}
        print(name, record)
        cases.append(case(name, "fang-krum", arguments or {}, text, f, rows, record, own_text))

    for name, x, text, f in inputs(940):
        add(name, x, text, f)
        if f > 1:
            own, own_text = own_rows(960 + f, f, x.shape[1])
            add(f"{name}, partial", x, text, f, {"knowledge": "partial"}, own, own_text)
    tight = normal(970, 10, 8, scale=0.05, shift=0.5)
    add("tight updates far from zero", tight, tight, 2)
    hopeless = normal(971, 9, 6, scale=1e-7, shift=1.0)
    add("nothing is picked", hopeless, hopeless, 1)
    few = normal(972, 4, 5)
    add("too few for Krum", few, few, 3)
    write(
        "AttacksTests/Fixtures/fang-krum.json",
        {"script": "Tests/Reference/attacks_fang_krum.py", "cases": cases},
    )


if __name__ == "__main__":
    main()
