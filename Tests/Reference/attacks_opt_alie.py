"""The line search of ALIE in float64 -> Tests/AttacksTests/Fixtures/opt-alie.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_opt_alie.py`.

Paper: Allouah et al., "Fixing by mixing", AISTATS 2023. As the search of attacks_crafted.py, which
says what the fields mean, with rows mu + tau sigma: sigma divides by the number h of honest rows,
and tau runs over -100 ... 100 in 4,001 steps before the zooms. Under the mean
J = (f/n) |tau| ||sigma||, the same for both signs.
"""

import numpy as np

from attacks_crafted import RANGE, search
from fixture import normal, write


def deviations(honest, tau):
    return honest.mean(axis=0) + tau * honest.std(axis=0)


def main():
    searches = []

    def add(name, honest, f, rules):
        search(name, honest, f, rules, "opt-alie", deviations, 4001, searches)

    every = ["mean", "median", "trimmed-mean", "krum", "multi-krum"]
    add("normal 6+1 x5", normal(860, 6, 5, shift=0.5), 1, every)
    add("normal 8+2 x8", normal(861, 8, 8, shift=0.25), 2, every)
    add("normal 9+3 x20", normal(862, 9, 20, shift=0.1), 3, every)
    add("one column 6+3 x1", normal(864, 6, 1, shift=0.5), 3, every[:4])
    add("equal rows 4+1 x2", [[1, -2]] * 4, 1, every[3:4])
    for case in searches:
        if case["rule"] == "mean":
            x = case["honest"]
            limit = case["attackers"] / (len(x) + case["attackers"]) * RANGE
            assert np.isclose(case["expected"]["best"], limit * np.linalg.norm(x.std(axis=0)))
    write(
        "AttacksTests/Fixtures/opt-alie.json",
        {"script": "Tests/Reference/attacks_opt_alie.py", "searches": searches},
    )


if __name__ == "__main__":
    main()
