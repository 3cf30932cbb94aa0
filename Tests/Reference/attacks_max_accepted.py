"""The largest accepted strength in float64 -> Tests/AttacksTests/Fixtures/max-accepted.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_max_accepted.py`.

Everybody sends mu + gamma p as in attacks_agr_tailored.py, with the largest gamma at which the f crafted
rows together have at least the share `keep` of the weight that they have where they have most of
it. Weights: mean 1/n for each row, Krum 1 for the selected row, Multi-Krum 1/(n - f) for each.
"""

import numpy as np

from attacks_agr_tailored import STEPS, direction, largest, selected, unit
from fixture import exact, normal, write


def case(name, honest, f, rule, word, keep):
    honest = np.array(honest, dtype=np.float64)
    assert np.array_equal(honest, exact(honest))
    mu, p = honest.mean(axis=0), direction(honest, word)
    scale = unit(honest, p)

    def weight(t):
        if rule == "mean":
            return f / (len(honest) + f)
        kept = selected(rule, honest, f, mu + t * scale * p)
        return sum(i >= len(honest) for i in kept) / len(kept)

    most = max(weight(t) for t in STEPS)
    strength, interval = largest(lambda t: weight(t) >= keep * most * (1 - 1e-9))
    print(name, rule, word, keep, strength, interval)
    return {
        "name": f"{name}, {rule}, {word}, keep {keep}",
        "rule": rule,
        "perturbation": word,
        "keep": keep,
        "attackers": f,
        "honest": honest,
        "direction": p,
        "unit": scale,
        "strength": strength,
        "interval": interval,
    }


def main():
    cases = []
    for word in ["std", "unit", "sign"]:
        for rule in ["mean", "krum", "multi-krum"]:
            cases.append(case("9+2 x6", normal(2700, 9, 6, shift=0.5), 2, rule, word, 0.5))
    cases.append(case("9+2 x6", normal(2700, 9, 6, shift=0.5), 2, "multi-krum", "std", 1))
    cases.append(case("16+4 x12", normal(2701, 16, 12, shift=0.2), 4, "multi-krum", "std", 0.25))
    cases.append(case("16+4 x12", normal(2701, 16, 12, shift=0.2), 4, "multi-krum", "std", 1))
    cases.append(case("6+1 x5", normal(2702, 6, 5, shift=1.0), 1, "krum", "unit", 0.5))
    write(
        "AttacksTests/Fixtures/max-accepted.json",
        {"script": "Tests/Reference/attacks_max_accepted.py", "cases": cases},
    )


if __name__ == "__main__":
    main()
