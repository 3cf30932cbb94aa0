"""Weak differential privacy -> Tests/DefensesTests/Fixtures/weak_dp.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/finishers_weak_dp.py`.

Paper: Sun, Kairouz, Suresh, McMahan, "Can you really backdoor federated learning?", 2019: the
server adds N(0, sigma^2) to the average of the clipped updates, so to the new model.

Conventions
- Inputs are rounded to float32, the expected values are float64.
- The draws are those of the stream at (root seed 3, index of the round), standard normal by the
  Box-Muller transform: the cosine part of a pair first, then the sine part; the radius comes from
  the first unit draw u of the pair as sqrt(-2 ln(1 - u)), the angle from the second.
"""

import math

import numpy as np

from fixture import normal, write
from seeds import stream


def normals(source, count):
    values = []
    while len(values) < count:
        radius = math.sqrt(-2 * math.log(1 - source.unit()))
        angle = 2 * math.pi * source.unit()
        values += [radius * math.cos(angle), radius * math.sin(angle)]
    return np.array(values[:count])


def case(name, model, sigma, round_number):
    noise = normals(stream(3, [round_number]), len(model))
    return {
        "name": name,
        "model": model,
        "sigma": sigma,
        "round": round_number,
        "expected": model + sigma * noise,
    }


def main():
    write(
        "DefensesTests/Fixtures/weak_dp.json",
        {
            "script": "Tests/Reference/finishers_weak_dp.py",
            "cases": [
                case("five parameters", normal(1, 1, 5)[0], 0.025, 0),
                case("one parameter", normal(2, 1, 1)[0], 0.5, 1),
                case("no noise", normal(3, 1, 6)[0], 0.0, 2),
                case("zero model", np.zeros(7), 2.0, 3),
                case("a thousand parameters", normal(4, 1, 1000)[0], 0.025, 4),
                case("large noise", normal(5, 1, 11)[0], 1e6, 5),
                case("no parameters", np.zeros(0), 1.0, 6),
            ],
        },
    )


if __name__ == "__main__":
    main()
