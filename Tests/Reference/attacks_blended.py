"""Blended injection in float64 -> Tests/AttacksTests/Fixtures/blended.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_blended.py`.

Paper: Chen, Liu, Li, Lu, Song, "Targeted backdoor attacks on deep learning systems using data
poisoning", arXiv 1712.05526, section 4.1: an instance x and a key pattern k give
(1 - share) x + share k on the features that the pattern covers, all others stay.

Normalization (x - mean) / deviation comes after mixing here: `inputs` are normalized with the one
mean and deviation of a case, `raw` and `pattern` are in the unit of the data. Mixing what was
normalized, which our code does, has to give the same.
"""

import numpy as np

from fixture import exact, normal, write


def case(seed, features, covered, share, mean=0.0, deviation=1.0, value=1.0):
    raw = normal(seed, 3, features)
    positions = np.arange(covered)
    blended = raw.copy()
    blended[:, positions] = (1 - share) * raw[:, positions] + share * value
    return {
        "size": covered,
        "value": value,
        "share": share,
        "mean": mean,
        "deviation": deviation,
        "inputs": exact((raw - mean) / deviation),
        "expected": (blended - mean) / deviation,
    }


write(
    "AttacksTests/Fixtures/blended.json",
    [
        case(1100, 6, 2, 0.2),
        case(1101, 6, 6, 0.2),
        case(1102, 20, 7, 0.05, value=-3.0),
        case(1103, 20, 20, 0.5, mean=0.5, deviation=0.25),
        case(1104, 50, 10, 0.75, mean=-1.0, deviation=4.0, value=8.0),
        case(1105, 6, 3, 0.0),
        case(1106, 6, 3, 1.0, mean=0.5, deviation=2.0),
    ],
)
