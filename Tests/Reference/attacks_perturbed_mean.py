"""Min-Max and Min-Sum in float64 -> Tests/AttacksTests/Fixtures/perturbed-mean.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_perturbed_mean.py`.

Paper: Shejwalkar, Houmansadr, "Manipulating the Byzantine", NDSS 2021. Rows are updates.

Conventions
- every attacker sends mu + gamma p, p = -mu / ||mu|| (unit), -sigma (std) or -sign(mu) (sign); where
  p is zero it is -sigma. sigma divides by h.
- min-max: the largest gamma with max_i ||mu + gamma p - x_i|| <= max_ij ||x_i - x_j||.
- min-sum: the largest gamma with sum_i ||mu + gamma p - x_i||^2 <= max_i sum_j ||x_i - x_j||^2.
- gamma is the root of a quadratic here, in closed form; 0 where all rows are equal.
"""

import numpy as np

from attack_cases import case, inputs, own_rows
from fixture import normal, write


def forge(x, kind, attack):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    p = -sigma
    if kind == "unit" and np.any(mu):
        p = -mu / np.linalg.norm(mu)
    if kind == "sign" and np.any(mu):
        p = -np.sign(mu)
    squares = ((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2)
    if squares.max() == 0:
        return mu, 0.0
    a, b, c = ((mu - x) ** 2).sum(axis=1), (mu - x) @ p, p @ p
    if attack == "min-max":
        limit = squares.max()
        gamma = ((-b + np.sqrt(b**2 - c * (a - limit))) / c).min()
    else:
        limit, a, b, c = squares.sum(axis=1).max(), a.sum(), b.sum(), len(x) * c
        gamma = (-b + np.sqrt(b**2 - c * (a - limit))) / c
    return mu + gamma * p, float(gamma)


def main():
    made = []
    for attack in ["min-max", "min-sum"]:

        def add(name, arguments, x, text, f, known=None, own=None):
            row, gamma = forge(x if known is None else known, arguments["perturbation"], attack)
            label = f"{attack}, {name}, {arguments['perturbation']}"
            made.append(case(label, attack, arguments, text, f, row, {"gamma": gamma}, own))
            return row

        for name, x, text, f in inputs(870):
            for kind in ["unit", "std", "sign"]:
                add(name, {"perturbation": kind}, x, text, f)
        x = normal(890, 9, 5)
        own, text = own_rows(891, 4, 5)
        add("partial", {"perturbation": "std", "knowledge": "partial"}, x, x, 4, own, text)
        three = np.array([[1.0], [3.0], [11.0]])
        row = add("by hand", {"perturbation": "unit"}, three, three, 1)
        assert np.isclose(row[0], 1 if attack == "min-max" else -1)
        zero = np.array([[1.0, -2.0], [-1.0, 2.0]])
        for kind in ["unit", "sign"]:
            add("mean of zero", {"perturbation": kind}, zero, zero, 1)
        equal = np.array([[1.0, -2.0]] * 3)
        add("equal rows", {"perturbation": "std"}, equal, equal, 2)
        add("one row", {"perturbation": "sign"}, equal[:1], equal[:1], 2)
        large = np.round(1000 * normal(892, 8, 6, shift=0.5))
        row, gamma = forge(large, "unit", attack)
        assert gamma > 20
        add("large updates", {"perturbation": "unit"}, large, large, 2)
    write(
        "AttacksTests/Fixtures/perturbed-mean.json",
        {"script": "Tests/Reference/attacks_perturbed_mean.py", "cases": made},
    )


if __name__ == "__main__":
    main()
