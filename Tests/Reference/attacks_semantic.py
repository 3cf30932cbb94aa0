"""Semantic features in float64 -> Tests/AttacksTests/Fixtures/semantic.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_semantic.py`.

Paper: Bagdasaryan et al., AISTATS 2020, section 4.1: examples with a feature of their own get the
attacker's label, and no input is changed.

Conventions: the candidates are the examples of the class `source`, or all but those of the class
`target`. Those with the largest ("bright") or smallest ("dark") mean over the region have the
feature: floor(quantile * m) of m, the product taken in decimal, at least one; of equal means the
lower rows. Regions of an image are halves, floor(height / 2) rows or floor(width / 2) columns from
an edge; of a vector "top" and "left" are the first floor(d / 2) features, the others the last.
"""

import fractions

import numpy as np

from fixture import exact, write


def region(name, height, width):
    """True where the region is; height None for a vector."""
    if height is None:
        mask, half = np.zeros(width, dtype=bool), width // 2
        if name in ("top", "left"):
            mask[:half] = True
        elif name == "all":
            mask[:] = True
        else:
            mask[width - half :] = True
        return mask
    mask = np.zeros((height, width), dtype=bool)
    where = {
        "all": np.s_[:, :],
        "top": np.s_[: height // 2, :],
        "bottom": np.s_[height - height // 2 :, :],
        "left": np.s_[:, : width // 2],
        "right": np.s_[:, width - width // 2 :],
    }
    mask[where[name]] = True
    return mask.ravel()


def case(seed, m, height, width, name, side, quantile, source, target, ties=False):
    generator = np.random.default_rng(seed)
    d = width if height is None else height * width
    inputs = exact(np.floor(256 * generator.random((m, d))) / 256)
    if ties:
        inputs = np.floor(4 * inputs[:, :1]) * np.ones((1, d))
    labels = generator.integers(0, 4, m)
    means = inputs[:, region(name, height, width)].mean(axis=1)
    rows = [i for i in range(m) if labels[i] != target and source in (None, labels[i])]
    rows.sort(key=lambda i: (-means[i] if side == "bright" else means[i], i))
    count = max(1, int(fractions.Fraction(quantile) * len(rows))) if rows else 0
    return {
        "height": height,
        "width": width,
        "region": name,
        "side": side,
        "quantile": float(quantile),
        "source": source,
        "target": target,
        "inputs": inputs,
        "labels": labels,
        "expected": sorted(rows[:count]),
    }


write(
    "AttacksTests/Fixtures/semantic.json",
    [
        case(1200, 30, 4, 5, "all", "bright", "0.29", 1, 0),
        case(1201, 30, 4, 5, "top", "dark", "0.5", 1, 0),
        case(1202, 30, 5, 4, "bottom", "bright", "0.1", None, 2),
        case(1203, 30, 3, 5, "left", "bright", "0.3", 3, 0),
        case(1204, 30, 3, 5, "right", "dark", "0.3", None, 3),
        case(1205, 20, None, 7, "left", "bright", "0.4", None, 0),
        case(1206, 20, None, 7, "right", "dark", "0.4", 2, 0),
        case(1207, 40, None, 6, "all", "bright", "0.35", None, 1, ties=True),
        case(1208, 40, None, 6, "all", "dark", "0.35", None, 1, ties=True),
        case(1209, 20, None, 6, "all", "bright", "0", 1, 0),
        case(1210, 20, None, 6, "all", "bright", "1", 1, 0),
    ],
)
