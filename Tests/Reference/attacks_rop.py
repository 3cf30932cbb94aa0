"""Relocated orthogonal perturbation in float64 -> Tests/AttacksTests/Fixtures/rop.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_rop.py`.

Paper: Özfatura, Özfatura, Küpçü, Gündüz, "Byzantines can also learn from history", TIFS 2024, in
momenta of gradients m. Rows here are updates, that is -m; the honest mean is mu, the last aggregate
u = (w_t - w_(t-1)) / server rate. The reference is r = lambda u + (1 - lambda) mu; the vector of ones
loses its part along r and becomes p; with unit vectors p', r' the shift is
sin(angle) p' + cos(angle) r', of length z |mu| (or z), from pi u + (1 - pi) mu. Without a last
aggregate u = 0 and r = mu. Parts along a vector of zeros, or across r where r is parallel to the
ones, are left out.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def rop(honest, models, rate, angle, pi, lam, z, unit):
    mu = honest.mean(axis=0)
    u = np.zeros_like(mu)
    r = mu
    if len(models) > 1:
        step = exact(exact(models[-1]) - exact(models[-2]))
        u = step / rate
        r = lam * u + (1 - lam) * mu
    ones = np.ones_like(mu)
    p = ones - (ones @ r) / (r @ r) * r if r @ r > 0 else ones
    p = p / np.linalg.norm(p) if np.linalg.norm(p) > 1e-6 * np.sqrt(len(mu)) else 0 * ones
    r = r / np.linalg.norm(r) if r @ r > 0 else 0 * r
    length = z * np.linalg.norm(mu) if unit == "mean" else z
    theta = np.deg2rad(angle)
    return pi * u + (1 - pi) * mu + length * (np.sin(theta) * p + np.cos(theta) * r), length


def add(name, honest, f, models=[], rate=1.0, angle=90, pi=1, lam=0.9, z=1, unit="mean"):
    honest, shown = honest if isinstance(honest, tuple) else (honest, None)
    models, seen = models if isinstance(models, tuple) and len(models) == 2 else (models, None)
    honest = np.array(honest, dtype=np.float64)
    assert np.array_equal(honest, exact(honest))
    row, length = rop(honest, list(models), rate, angle, pi, lam, z, unit)
    CASES.append(
        {
            "name": name,
            "arguments": {"angle": angle, "pi": pi, "lambda": lam, "z": z, "unit": unit},
            "serverRate": rate,
            "models": seen or list(models),
            "participants": len(honest) + f,
            "attackers": f,
            "honest": shown or honest,
            "expected": [row],
            "record": {"length": length},
        }
    )
    return row


def main():
    # By hand: u = (3, 4), pi = lambda = 1; p = (1, 1) - 7/25 (3, 4) = (.16, -.12), p' = (.8, -.6).
    hand = [np.zeros(2), np.array([3.0, 4.0])]
    row = add("by hand", [[1, 0], [3, 0]], 1, hand, lam=1, z=2.5, unit="absolute")
    assert np.allclose(row, [3 + 2, 4 - 1.5])
    row = add("by hand, half a rate", [[1, 0], [3, 0]], 1, hand, rate=0.5, lam=1, z=2.5)
    assert np.allclose(row, [6 + 4, 8 - 3])
    add("first round 7x5", normal(2300, 6, 5, shift=0.5), 1)
    add("first round at the mean", normal(2301, 6, 5, shift=0.5), 1, pi=0)
    two = [normal(2302, 1, 5)[0], normal(2303, 1, 5)[0]]
    for angle in [0, 45, 90, 180, 270, 360]:
        add(f"7x5, angle {angle}", normal(2304, 6, 5, shift=0.5), 1, two, angle=angle)
    add("10x8", normal(2305, 8, 8), 2, [normal(2306, 1, 8)[0], normal(2307, 1, 8)[0]], 0.5, 120, 0.5)
    wide = formula(2, 1000, 17, 29, 101, 40, 64)
    add("50x1000", formula(39, 1000, 13, 7, 89, 41, 128), 11, wide, 1.0, 90, 1, 0.9, 0.5)
    add("one honest row", normal(2311, 1, 5), 2, two)
    add("mean of zero", [[1, -2], [-1, 2]], 2, [np.zeros(2), np.array([1.0, 2.0])], z=3)
    add("nothing known at all", [[1, -2], [-1, 2]], 2, z=3, unit="absolute")
    add("one coordinate", [[1], [3]], 1, angle=45)
    write("AttacksTests/Fixtures/rop.json", {"script": "Tests/Reference/attacks_rop.py", "cases": CASES})


if __name__ == "__main__":
    main()
