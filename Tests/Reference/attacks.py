"""Deterministic parts of the attacks in float64 -> Tests/AttacksTests/Fixtures/attacks.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks.py`.

Papers: sign flip, Li et al. "RSA" AAAI 2019; model replacement, anomaly term and train-and-scale,
Bagdasaryan et al. AISTATS 2020; label flips, Fang et al. USENIX Security 2020 and Tolpegin et al.
ESORICS 2020; patch trigger, Gu et al. 2017. Rows are updates (local - global); the server adds.

Conventions
- sign-flip: -scale * own honest update, row by row. zero-update: all zeros.
- model-replacement: gamma * (X - G). gamma "auto" = participants / (server rate * attackers) under
  the unweighted mean; with aggregation weights that sum to 1, 1 / (server rate * sum of the
  attackers' weights). With a norm bound S: min(gamma, S / ||X - G||), the row itself when X = G
  (`uncapped` is the paper's S / ||X - G||, null without a bound and when X = G). Checked here:
  honest updates of zero and k attackers that send the same X end in X, to rounding.
- anomaly terms of constrain-and-scale, as functions of the local parameters X with G constant:
  "l2" = ||X - G||^2, gradient 2 (X - G); "cosine" = 1 - cos(X, G) of the *parameters*, gradient
  -(G / (||X|| ||G||) - cos X / ||X||^2); where X or G is zero the cosine counts as 0, so the term
  is 1 and its gradient 0. Checked here against central differences. Where X and G are parallel
  the true gradient is 0 and the listed one is rounding noise: compare absolutely, 1e-12.
- poisoned samples: floor(ratio * n), the product of the decimal number that is written; the
  tutorial's int(n * ratio), in float64, has one less where that product is whole and float64 falls
  short of it.
- label flips: "pair" changes source to target and leaves the rest; "inverse" is C - 1 - y, so the
  middle class of an odd C stays.
- square trigger on a vector: the first `size` features are set (not added) to `value`. On an image
  in row-major order: the size x size patch that touches the named corner; `indices` are the flat
  positions it covers, ascending.
"""

import fractions
import math

import numpy as np

from fixture import exact, normal, write


def sign_flips():
    x = normal(200, 4, 17)
    x[2] = 0
    return [
        {"scale": scale, "honest": x, "expected": -scale * x} for scale in [1.0, 4.0, 0.3]
    ]


def resolve(gamma, plan):
    if gamma != "auto":
        return gamma
    if "weights" in plan:
        return 1 / (plan["serverRate"] * sum(plan["weights"][row] for row in plan["attackerRows"]))
    return plan["participants"] / (plan["serverRate"] * plan["attackers"])


def check_replacement(gamma, plan, difference):
    """Honest updates of zero: the server must land on X."""
    if "weights" in plan:
        share = sum(plan["weights"][row] for row in plan["attackerRows"])
    else:
        share = plan["attackers"] / plan["participants"]
    moved = plan["serverRate"] * share * gamma * difference
    assert np.allclose(moved, difference, rtol=1e-14, atol=0)


def replacements():
    rows = normal(210, 3, 17, scale=0.05)
    rows[1] = 0
    plans = [
        {"participants": 10, "serverRate": 1.0, "attackers": 1},
        {"participants": 20, "serverRate": 1.0, "attackers": 4},
        {"participants": 10, "serverRate": 0.1, "attackers": 1},
        {"participants": 7, "serverRate": 0.5, "attackers": 3},
        {
            "participants": 4,
            "serverRate": 0.5,
            "attackers": 2,
            "weights": [0.125, 0.25, 0.5, 0.125],
            "attackerRows": [0, 1],
        },
    ]
    cases = []
    for plan in plans:
        for gamma in ["auto", 2.5]:
            for bound in [None, 0.1, 1e3]:
                resolved = resolve(gamma, plan)
                if gamma == "auto":
                    check_replacement(resolved, plan, rows[0])
                norms = np.sqrt(np.sum(rows * rows, axis=1))
                used, uncapped = [], []
                for norm in norms:
                    cap = math.inf if bound is None or norm == 0 else bound / norm
                    used.append(min(resolved, cap))
                    uncapped.append(None if math.isinf(cap) else cap)
                cases.append(
                    {
                        "plan": plan,
                        "gamma": gamma,
                        "bound": bound,
                        "difference": rows,
                        "resolved": resolved,
                        "norms": norms,
                        "used": used,
                        "uncapped": uncapped,
                        "expected": rows * np.array(used)[:, None],
                    }
                )
    return cases


def l2_term(x, g):
    return float(np.sum((x - g) ** 2)), 2 * (x - g)


def cosine_term(x, g):
    a, b = np.linalg.norm(x), np.linalg.norm(g)
    if a == 0 or b == 0:
        return 1.0, np.zeros_like(x)
    cosine = float(x @ g / (a * b))
    return 1 - cosine, -(g / (a * b) - cosine * x / a**2)


def check_gradient(term, x, g, gradient):
    step = 1e-5
    for j in range(len(x)):
        up, down = x.copy(), x.copy()
        up[j] += step
        down[j] -= step
        slope = (term(up, g)[0] - term(down, g)[0]) / (2 * step)
        assert abs(slope - gradient[j]) < 1e-7 * max(1, abs(slope)), (j, slope, gradient[j])


def anomalies():
    pairs = []
    for seed, d in [(220, 1), (221, 5), (222, 17), (223, 64)]:
        g = normal(seed, 1, d)[0]
        pairs.append((f"near {d}", exact(g + 0.1 * normal(seed + 10, 1, d)[0]), g))
        pairs.append((f"far {d}", normal(seed + 20, 1, d, scale=2.0)[0], g))
    g = normal(224, 1, 6)[0]
    pairs.append(("equal", g, g))
    pairs.append(("opposite", -g, g))
    pairs.append(("zero global", g, np.zeros(6)))
    pairs.append(("zero local", np.zeros(6), g))
    cases = []
    for name, x, g in pairs:
        entry = {"name": name, "local": x, "global": g}
        for key, term in [("l2", l2_term), ("cosine", cosine_term)]:
            value, gradient = term(x, g)
            if key == "l2" or (np.any(x) and np.any(g)):
                check_gradient(term, x, g, gradient)
            entry[key] = {"value": value, "gradient": gradient}
        cases.append(entry)
    return cases


def poison_counts():
    cases = []
    ratios = ["0", "0.05", "0.1", "0.2", "0.25", "0.29", "0.3", "0.32", "0.5", "0.57", "1"]
    sizes = [1, 2, 3, 7, 10, 32, 50, 64, 99, 100, 149, 300, 1000]
    for ratio in ratios:
        for n in sizes:
            count = math.floor(fractions.Fraction(ratio) * n)
            cases.append({"ratio": float(ratio), "samples": n, "expected": count})
    return cases


def label_flips():
    labels = [0, 1, 2, 3, 4, 4, 3, 2, 1, 0, 2, 2]
    cases = []
    for source, target in [(0, 4), (2, 1), (4, 4)]:
        flipped = [target if y == source else y for y in labels]
        cases.append(
            {
                "mode": "pair",
                "classes": 5,
                "source": source,
                "target": target,
                "labels": labels,
                "expected": flipped,
            }
        )
    for classes in [5, 10]:
        given = labels if classes == 5 else list(range(10))
        flipped = [classes - 1 - y for y in given]
        cases.append(
            {"mode": "inverse", "classes": classes, "labels": given, "expected": flipped}
        )
    return cases


def vector_triggers():
    x = normal(230, 1, 9)[0]
    cases = []
    for size in [0, 1, 4, 9]:
        for value in [1.0, -2.5, 0.0]:
            expected = x.copy()
            expected[:size] = value
            cases.append({"size": size, "value": value, "features": x, "expected": expected})
    return cases


def image_triggers():
    cases = []
    for height, width in [(4, 4), (3, 5), (8, 8)]:
        image = exact(np.random.default_rng(240 + height).random((height, width)))
        for size in [1, 2, 3]:
            for corner in ["top-left", "top-right", "bottom-left", "bottom-right"]:
                rows = range(size) if corner.startswith("top") else range(height - size, height)
                left = corner.endswith("left")
                columns = range(size) if left else range(width - size, width)
                expected = image.copy()
                expected[np.ix_(list(rows), list(columns))] = 1.0
                cases.append(
                    {
                        "height": height,
                        "width": width,
                        "corner": corner,
                        "size": size,
                        "value": 1.0,
                        "indices": sorted(r * width + c for r in rows for c in columns),
                        "features": image.ravel(),
                        "expected": expected.ravel(),
                    }
                )
    return cases


def main():
    write(
        "AttacksTests/Fixtures/attacks.json",
        {
            "signFlip": sign_flips(),
            "zeroUpdate": {"rows": 3, "columns": 17, "expected": np.zeros((3, 17))},
            "modelReplacement": replacements(),
            "anomaly": anomalies(),
            "poisonCounts": poison_counts(),
            "labelFlips": label_flips(),
            "vectorTriggers": vector_triggers(),
            "imageTriggers": image_triggers(),
        },
    )


if __name__ == "__main__":
    main()
