"""Fang's attack on trimmed mean in float64 -> Tests/AttacksTests/Fixtures/fang-trimmed-mean.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_fang_trimmed_mean.py`.

Paper: Fang, Cao, Jia, Gong, "Local model poisoning attacks to Byzantine-robust federated learning",
USENIX Security 2020. Rows are updates; s = sign(mu) of the known rows.

Conventions
- u is one draw per attacker and coordinate, attacker by attacker, from the stream of root seed 5; it
  is drawn for every coordinate.
- full, s > 0, m the minimum: m + u (m / b - m) for m > 0, else m + u (b m - m).
- full, s < 0, M the maximum: M + u (b M - M) for M > 0, else M + u (M / b - M).
- partial: mu - s (3 + u) sigma; sigma divides by the number of attackers.
- s = 0: mu = 0.
"""

import numpy as np

from attack_cases import case, inputs, own_rows
from fixture import formula, write
from seeds import stream


def forge(x, f, draws, b=2.0, partial=False):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    rows = np.empty((f, x.shape[1]))
    for a in range(f):
        for j in range(x.shape[1]):
            u = draws.unit()
            if mu[j] == 0:
                rows[a, j] = 0
            elif partial:
                rows[a, j] = mu[j] - np.sign(mu[j]) * (3 + u) * sigma[j]
            elif mu[j] > 0:
                m = x[:, j].min()
                rows[a, j] = m + u * ((m / b if m > 0 else b * m) - m)
            else:
                m = x[:, j].max()
                rows[a, j] = m + u * ((b * m if m > 0 else m / b) - m)
    return rows


def main():
    cases = []
    for name, x, text, f in inputs(980):
        if f == 11:
            name, (x, text) = "formula n 50, d 200, f 11", formula(39, 200, 37, 101, 257, 100, 64)
        rows = forge(x, f, stream(5))
        cases.append(case(name, "fang-trimmed-mean", {}, text, f, rows, {}))
        own, own_text = own_rows(990 + f, f, x.shape[1])
        rows = forge(own, f, stream(5), partial=True)
        arguments = {"knowledge": "partial"}
        cases.append(
            case(f"{name}, partial", "fang-trimmed-mean", arguments, text, f, rows, {}, own_text)
        )
    # Signs of every kind, extremes of zero, and a mean of zero.
    odd = np.array([[1.0, -1, -3, 0, 0, -1, 0], [2, -2, 5, 3, -4, 1, 0], [3, -5, 4, 1, -1, 0, 0]])
    rows = forge(odd, 2, stream(5), b=3.0)
    cases.append(case("odd columns", "fang-trimmed-mean", {"b": 3.0}, odd, 2, rows, {}))
    write(
        "AttacksTests/Fixtures/fang-trimmed-mean.json",
        {"script": "Tests/Reference/attacks_fang_trimmed_mean.py", "cases": cases},
    )


if __name__ == "__main__":
    main()
