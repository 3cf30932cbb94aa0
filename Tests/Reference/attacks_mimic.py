"""The choice of Mimic's victim in float64 -> Tests/AttacksTests/Fixtures/mimic.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_mimic.py`.

Paper: Karimireddy, He, Jaggi, "Byzantine-robust learning on heterogeneous datasets via bucketing",
ICLR 2022. Rows are the updates of honest clients 0 ... h - 1 over several rounds.

Conventions
- z after round 1: the leading right singular vector of the centered rows.
- z after round t + 1: t / (t + 1) z + C z / ((t + 1) ||C z||) at length 1, with
  C = sum_i (x_i - m)(x_i - m)^T and m the mean over all rows of rounds 1 ... t + 1.
- the sum of client i grows by <z, x_i> in each of the first `warmUp` rounds, with the z after it; the
  victim of a round is the client of the largest |sum|, of equal ones the lowest.
"""

import numpy as np

from fixture import exact, normal, write


def victims(rounds, warm_up):
    sums, mean, z, chosen = np.zeros(len(rounds[0])), None, None, []
    for t, x in enumerate(rounds):
        if t < warm_up:
            mean = x.mean(axis=0) if t == 0 else (t * mean + x.mean(axis=0)) / (t + 1)
            centered = x - mean
            if t == 0:
                z = np.linalg.svd(centered)[2][0]
            else:
                moved = centered.T @ (centered @ z)
                z = t / (t + 1) * z + moved / np.linalg.norm(moved) / (t + 1)
                z /= np.linalg.norm(z)
            sums += x @ z
        order = np.sort(np.abs(sums))
        assert order[-1] > order[-2] * (1 + 1e-3)
        chosen.append(int(np.argmax(np.abs(sums))))
    return chosen


def main():
    cases = []

    def add(name, rounds, warm_up):
        chosen = victims(rounds, warm_up)
        print(name, chosen)
        cases.append({"name": name, "warmUp": warm_up, "rounds": rounds, "victims": chosen})

    for seed, h, d, count, warm_up in [(900, 6, 5, 5, 3), (910, 9, 12, 6, 4), (930, 15, 20, 5, 10)]:
        own = normal(seed, h, d)
        add(
            f"normal {h}x{d}",
            [exact(own + normal(seed + 1 + t, h, d, scale=0.7)) for t in range(count)],
            warm_up,
        )
        add(
            f"independent {h}x{d}",
            [normal(seed + 50 + t, h, d, shift=0.1) for t in range(count)],
            warm_up,
        )
    write(
        "AttacksTests/Fixtures/mimic.json",
        {"script": "Tests/Reference/attacks_mimic.py", "cases": cases},
    )


if __name__ == "__main__":
    main()
