"""ALIE in float64 -> Tests/AttacksTests/Fixtures/alie.json.

Run with Python 3.11, numpy 2.4.6, scipy: `python3 Tests/Reference/attacks_alie.py`.

Paper: Baruch, Baruch, Goldberg, "A little is enough", NeurIPS 2019. Rows are updates.

Conventions
- every attacker sends mu + sign z sigma per coordinate; sign is minus unless given.
- z auto: s = floor(n / 2 + 1) - f and z = Phi^-1((n - f - s) / (n - f)), clamped to 0 ... z-max;
  s <= 0 gives z-max.
- sigma divides by h (population) unless `deviation` is `sample`, which divides by h - 1.
- mu, sigma are those of the honest rows, or (`knowledge` partial) of what the attackers trained.

`table` holds [n, f, z] with z before any clamp, for z-max out of reach.
"""

import numpy as np
from scipy.stats import norm

from attack_cases import case, inputs, own_rows
from fixture import normal, write


def quantile(n, f):
    s = n // 2 + 1 - f
    return np.inf if s <= 0 else float(norm.ppf((n - f - s) / (n - f)))


def send(x, z, sign=-1, ddof=0):
    deviation = x.std(axis=0, ddof=ddof) if len(x) > ddof else np.zeros(x.shape[1])
    return x.mean(axis=0) + sign * z * deviation


def main():
    cases = []
    for name, x, text, f in inputs(820):
        z = min(max(quantile(len(x) + f, f), 0.0), 10.0)
        cases.append(case(f"{name}, auto", "alie", {}, text, f, send(x, z), {"z": z, "sign": -1}))
        cases.append(
            case(
                f"{name}, plus, sample",
                "alie",
                {"z": 1.5, "sign": "plus", "deviation": "sample"},
                text,
                f,
                send(x, 1.5, 1, 1),
                {"z": 1.5, "sign": 1},
            )
        )
        own, own_text = own_rows(840 + f, f, x.shape[1])
        cases.append(
            case(
                f"{name}, partial",
                "alie",
                {"knowledge": "partial"},
                text,
                f,
                send(own, z),
                {"z": z, "sign": -1},
                own_text,
            )
        )
    three = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])
    arguments = {"z": 1.5, "sign": "plus", "deviation": "sample"}
    row = send(three, 1.5, 1, 1)
    assert np.allclose(row, [8.5, 9.5, 10.5])
    cases.append(case("known answer", "alie", arguments, three, 1, row, {"z": 1.5, "sign": 1}))
    majority = normal(848, 4, 5)
    row = send(majority, 10.0)
    cases.append(case("majority", "alie", {}, majority, 5, row, {"z": 10, "sign": -1}))
    few = normal(849, 19, 4)
    cases.append(case("1 of 20", "alie", {}, few, 1, few.mean(axis=0), {"z": 0, "sign": -1}))

    pairs = [(10, 2), (10, 3), (10, 4), (20, 4), (25, 5), (25, 11), (50, 5), (50, 10), (50, 24)]
    pairs += [(51, 24), (60, 18), (100, 20), (20, 1)]
    table = [[n, f, quantile(n, f)] for n, f in pairs]
    for row in table:
        print(*row)
    write(
        "AttacksTests/Fixtures/alie.json",
        {"script": "Tests/Reference/attacks_alie.py", "table": table, "cases": cases},
    )


if __name__ == "__main__":
    main()
