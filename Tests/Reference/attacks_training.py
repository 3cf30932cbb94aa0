"""Parts of training attacks in float64 -> Tests/AttacksTests/Fixtures/training-attacks.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_training.py`.

Papers: Neurotoxin, Zhang et al. ICML 2022; projection (PGD), Wang et al. "Attack of the tails",
NeurIPS 2020, and Sun et al. arXiv 1911.07963; DBA, Xie, Huang, Chen, Li, ICLR 2020.

Conventions
- gradient mask: `direction` is the observed benign direction, w_t - w_{t-1}. floor(keep * d)
  coordinates stay trainable, the product taken in decimal (0.29 of 100 is 29), and at least one:
  those of smallest magnitude, of equal magnitudes the lower index first. `mask` is 1 where a
  coordinate is trainable; the masked gradient is the gradient there and 0 elsewhere. Without a
  direction (the first round) every coordinate is trainable: `direction` is null.
- norm ball: theta <- w + (theta - w) min(1, r / ||theta - w||); theta = w stays, with factor 1.
- projected steps: theta_0 = w; theta_{k+1} = projection(theta_k - rate * gradient_k), the gradients
  being given. `steps` are theta_1, theta_2, ...; `factors` those of the projections.
- dba: a trigger's positions in ascending order are cut into `parts` contiguous groups, sizes as
  equal as they can be, larger ones first. The attacker of rank k among the controlled clients
  (0-based, ascending) trains with part k mod parts; evaluation uses the union. More parts than
  positions are refused. Images are 8x8, position = y * 8 + x; on vectors a square of size s is the
  features 0 ..< s.
"""

import fractions

import numpy as np

from fixture import exact, normal, write


def gradient_mask(name, direction, keep, gradient):
    gradient = np.array(gradient, dtype=np.float64)
    d = len(gradient)
    if direction is None:
        mask = np.ones(d, dtype=int)
    else:
        direction = np.array(direction, dtype=np.float64)
        assert np.array_equal(direction, exact(direction))
        count = max(1, int(fractions.Fraction(keep) * d))
        order = sorted(range(d), key=lambda j: (abs(direction[j]), j))
        mask = np.zeros(d, dtype=int)
        mask[order[:count]] = 1
    assert np.array_equal(gradient, exact(gradient))
    return {
        "name": name,
        "direction": direction,
        "keep": float(keep),
        "gradient": gradient,
        "expected": {"kept": int(mask.sum()), "mask": mask, "masked": gradient * mask},
    }


def gradient_masks():
    cases = []
    for seed, d, keep in [
        (900, 20, "0.95"),
        (901, 20, "0.5"),
        (902, 7, "0.95"),
        (903, 7, "0.3"),
        (904, 100, "0.29"),
        (905, 100, "0.95"),
        (906, 100, "0.99"),
        (907, 5, "1"),
        (908, 5, "0.1"),
    ]:
        direction, gradient = normal(seed, 2, d)
        cases.append(gradient_mask(f"normal {d}, keep {keep}", direction, keep, gradient))
    signs = [-3, 2, -1, 0.5, 0, -0.25, 4, -5]
    ones = np.arange(1.0, 9.0)
    cases.append(gradient_mask("signs do not count", signs, "0.5", ones))
    ties = [1, -1, 2, 0, 1, -2, 0, 1]
    for keep in ["0.25", "0.375", "0.5", "0.75"]:
        cases.append(gradient_mask(f"ties, keep {keep}", ties, keep, ones))
    cases.append(gradient_mask("zero direction", np.zeros(8), "0.5", ones))
    cases.append(gradient_mask("no direction yet", None, "0.5", ones))
    return cases


def project(theta, w, radius):
    distance = float(np.linalg.norm(theta - w))
    factor = 1.0 if distance == 0 else min(1.0, radius / distance)
    return w + (theta - w) * factor, distance, factor


def norm_balls():
    w, theta = normal(920, 2, 30)
    cases = []
    for name, theta_, w_, radius in [
        ("known answer", np.array([4.0, 5.0]), np.array([1.0, 1.0]), 1.0),
        ("on the sphere", np.array([4.0, 5.0]), np.array([1.0, 1.0]), 5.0),
        ("inside", np.array([4.0, 5.0]), np.array([1.0, 1.0]), 5.5),
        ("at the center", w, w, 1.0),
        ("at the center, radius 0", w, w, 0.0),
        ("radius 0", theta, w, 0.0),
        ("outside", theta, w, 2.0),
        ("inside 30", theta, w, 100.0),
        ("far", exact(1e30 * theta), w, 2.0),
        ("around zero", theta, np.zeros(30), 0.25),
    ]:
        projected, distance, factor = project(theta_, w_, radius)
        cases.append(
            {
                "name": name,
                "parameters": theta_,
                "center": w_,
                "radius": radius,
                "expected": {"distance": distance, "factor": factor, "parameters": projected},
            }
        )
    assert np.allclose(cases[0]["expected"]["parameters"], [1.6, 1.8], rtol=1e-15)
    return cases


def projected_steps():
    cases = []
    for seed, d, rate, radius, count in [(930, 4, 0.5, 1.0, 6), (931, 10, 0.125, 0.75, 8)]:
        w = normal(seed, 1, d)[0]
        gradients = normal(seed + 10, count, d, shift=0.5)
        gradients[count - 2] *= -4  # back into the ball
        theta, steps, factors = w, [], []
        for gradient in gradients:
            theta, _, factor = project(theta - rate * gradient, w, radius)
            assert np.linalg.norm(theta - w) <= radius * (1 + 1e-12)
            steps.append(theta)
            factors.append(factor)
        assert 1.0 in factors and min(factors) < 1
        cases.append(
            {
                "center": w,
                "rate": rate,
                "radius": radius,
                "gradients": gradients,
                "expected": {"steps": steps, "factors": factors},
            }
        )
    return cases


def cut(positions, parts):
    small, larger = divmod(len(positions), parts)
    groups, start = [], 0
    for k in range(parts):
        end = start + small + (1 if k < larger else 0)
        groups.append(positions[start:end])
        start = end
    assert sum(groups, []) == positions and all(groups)
    return groups


def distributed():
    def case(name, positions, parts, controlled, **where):
        groups = cut(positions, parts)
        ranks = {client: k for k, client in enumerate(sorted(controlled))}
        return {
            "name": name,
            **where,
            "parts": parts,
            "controlled": controlled,
            "expected": {
                "groups": groups,
                "assigned": [[client, ranks[client] % parts] for client in sorted(controlled)],
                "union": positions,
            },
        }

    cases = []
    controlled = [4, 9, 2, 17, 11, 30]
    for size in [2, 3, 4]:
        for corner in ["top-left", "top-right", "bottom-left", "bottom-right"]:
            top = 0 if corner.startswith("top") else 8 - size
            left = 0 if corner.endswith("left") else 8 - size
            positions = [
                y * 8 + x for y in range(top, top + size) for x in range(left, left + size)
            ]
            for parts in [1, 2, 3, 4]:
                cases.append(
                    case(
                        f"{size}x{size} {corner}, {parts} parts",
                        positions,
                        parts,
                        controlled,
                        height=8,
                        width=8,
                        corner=corner,
                        size=size,
                    )
                )
    for features, size, parts in [(10, 4, 4), (10, 7, 4), (10, 10, 3), (5, 5, 2), (6, 1, 1)]:
        cases.append(
            case(
                f"{size} of {features} features, {parts} parts",
                list(range(size)),
                parts,
                [8, 3, 5],
                features=features,
                size=size,
            )
        )
    refused = [{"positions": p, "parts": k} for p, k in [(4, 5), (1, 2), (9, 10), (4, 0)]]
    return cases, refused


def main():
    cases, refused = distributed()
    write(
        "AttacksTests/Fixtures/training-attacks.json",
        {
            "script": "Tests/Reference/attacks_training.py",
            "gradientMask": gradient_masks(),
            "normBall": norm_balls(),
            "projectedSteps": projected_steps(),
            "dba": cases,
            "dbaRefused": refused,
        },
    )


if __name__ == "__main__":
    main()
