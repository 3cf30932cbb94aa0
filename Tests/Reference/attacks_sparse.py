"""The hybrid sparse attack in float64 -> Tests/AttacksTests/Fixtures/sparse.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.18: `python3 Tests/Reference/attacks_sparse.py`.

Paper: Özfatura et al., "Aggressive, imperceptible, or both", arXiv 2404.06230. Everybody sends
mu - m * sigma * s: m is `scale` for the sensitive weights and z for the others, s all ones (std) or
sign(mu) (mean), sigma that of the population. Sensitive are the floor(keep d) weights, at least one, of
largest |w mu| (SNIP's saliency; in float32, of equal ones the higher index), or of largest |mu| where no
model is known or every product is zero. z as ALIE: Phi^-1((n - f - k) / (n - f)), k = floor(n / 2 + 1) - f,
in 0 ... 10, and 10 for k <= 0.
"""

import math
from fractions import Fraction

import numpy as np
from scipy.stats import norm

from fixture import exact, formula, normal, write

CASES = []


def strength(n, f):
    k = n // 2 + 1 - f
    return 10.0 if k <= 0 else min(10.0, max(0.0, float(norm.ppf((n - f - k) / (n - f)))))


def add(name, honest, f, model=None, keep=0.2, scale=1.5, z="auto", sign="std"):
    honest, shown = honest if isinstance(honest, tuple) else (honest, None)
    honest = np.array(honest, dtype=np.float64)
    assert np.array_equal(honest, exact(honest))
    mu, sigma = honest.mean(axis=0), honest.std(axis=0)
    scores = exact(mu)
    if model is not None and np.any(exact(np.asarray(model) * mu)):
        scores = exact(np.asarray(model) * mu)
    count = max(1, math.floor(Fraction(str(keep)) * len(mu)))
    order = sorted(range(len(mu)), key=lambda j: (abs(scores[j]), j))
    value = strength(len(honest) + f, f) if z == "auto" else z
    m = np.full(len(mu), float(value))
    m[order[len(mu) - count :]] = scale
    s = np.ones(len(mu)) if sign == "std" else np.sign(mu)
    CASES.append(
        {
            "name": name,
            "arguments": {"keep": keep, "scale": scale, "z": z, "sign": sign},
            "models": None if model is None else [model],
            "participants": len(honest) + f,
            "attackers": f,
            "honest": honest if shown is None else shown,
            "expected": [mu - m * sigma * s],
            "record": {"z": value, "sensitive": count},
        }
    )
    if model is None:
        del CASES[-1]["models"]
    return CASES[-1]["expected"][0]


def main():
    # By hand: mu = (2, 0, -4), sigma = (1, 1, 2); only the last weight is sensitive.
    rows = [[1, 1, -2], [3, -1, -6]]
    assert np.allclose(add("by hand", rows, 1, keep=0.4, scale=3, z=0.5), [1.5, -0.5, -10])
    known = add("by hand, with a model", rows, 1, model=[9.0, 5.0, 1.0], keep=0.4, scale=3, z=0.5)
    assert np.allclose(known, [-1, -0.5, -5])
    assert np.allclose(add("by hand, sign", rows, 1, keep=0.4, scale=3, z=0.5, sign="mean"), [1.5, 0, 2])
    small, large = normal(3000, 6, 5, shift=0.3), normal(3002, 14, 12, shift=0.3)
    for sign in ["std", "mean"]:
        add(f"6+1 x5, {sign}", small, 1, normal(3001, 1, 5)[0], sign=sign)
        add(f"14+6 x12, {sign}", large, 6, normal(3003, 1, 12)[0], 0.1, sign=sign)
    wide, model = formula(39, 1000, 13, 7, 89, 41, 128), formula(1, 1000, 17, 29, 101, 40, 64)
    add("39+11 x1000", wide, 11, model[0][0], 0.005)
    add("a model of zeros", normal(3004, 6, 5), 2, np.zeros(5))
    add("attackers are the majority", normal(3005, 3, 5), 4, np.ones(5), 0)
    add("one honest row", normal(3006, 1, 5), 2)
    write(
        "AttacksTests/Fixtures/sparse.json",
        {"script": "Tests/Reference/attacks_sparse.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
