"""The certificate of CRFL -> Tests/MetricsTests/Fixtures/certificate.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1: `python3 Tests/Reference/metrics_certificate.py`.

Paper: Xie, Chen, Chen, Li, "CRFL", ICML 2021: for one round of the attack, R attackers with weight
p, scale gamma, rate eta and s = sum over the local steps of the changed share of the batch
(tau q / n where each of tau batches of n holds q changed examples), a winner of probability pA and a
next class of pB, the vote does not change for changes of examples below RAD with

  RAD^2 = -ln(1 - (sqrt pA - sqrt pB)^2) sigma^2 / (2 R L^2 C P)
  C = sum_i (p_i gamma_i eta s_i)^2, P = (2 Phi(rho / sigma) - 1)^(rounds after the attack)

Conventions
- pA: one-sided Clopper-Pearson at 0.001, pB = 1 - pA; RAD = 0 unless pA > 1/2. The authors' code
  takes Hoeffding's bounds of both.
- L for multinomial logistic regression with a bias, ours: X^2 = 1 + largest ||x||^2, W = ||w|| +
  sqrt 2 eta tau X, L^2 = (sqrt 2 + X W / 2)^2 + X^2, in the distance of (x, one-hot y). It holds for
  steps that do not drive models apart: eta (X^2 / 2 + decay) <= 2. Both are tried out here: local
  training on changed and unchanged examples ends no farther apart than eta s L ||delta||.
- A wrong or abstaining vote has radius 0; the median is over all test examples.
"""

import math

import numpy as np
from scipy.stats import beta, norm

from fixture import write
from training import count, loss_and_gradient

ALPHA = 0.001


def lower_bound(votes, copies):
    return float(beta.ppf(ALPHA, votes, copies - votes + 1)) if votes > 0 else 0.0


def sensitivity(facts):
    x = math.sqrt(1 + facts["inputNorm"] ** 2)
    steps = max(a["steps"] for a in facts["attackers"])
    w = facts["parameterNorm"] + math.sqrt(2) * facts["learningRate"] * steps * x
    return math.sqrt((math.sqrt(2) + x * w / 2) ** 2 + x * x)


def stable(facts):
    return facts["learningRate"] * ((1 + facts["inputNorm"] ** 2) / 2 + facts["weightDecay"]) <= 2


def radius(facts, bound, sigma, copies, votes):
    pa = lower_bound(votes, copies)
    if not pa > 0.5:
        return 0.0
    c = sum(
        (a["weight"] * a["scale"] * facts["learningRate"] * a["poisonedSteps"]) ** 2
        for a in facts["attackers"]
    )
    left = (2 * norm.cdf(bound / sigma) - 1) ** facts["laterRounds"]
    gain = -math.log(1 - (math.sqrt(pa) - math.sqrt(1 - pa)) ** 2)
    moved = 2 * len(facts["attackers"]) * sensitivity(facts) ** 2 * c * left
    return math.sqrt(gain * sigma**2 / moved)


def case(name, facts, bound, sigma, copies, votes, right):
    radii = [radius(facts, bound, sigma, copies, v) if ok else 0.0 for v, ok in zip(votes, right)]
    return {
        "name": name,
        "facts": facts,
        "bound": bound,
        "sigma": sigma,
        "copies": copies,
        "votes": votes,
        "right": right,
        "sensitivity": sensitivity(facts),
        "radii": radii,
        "median": float(np.median(radii)),
        "accuracy": float(np.mean([r > facts["magnitude"] for r in radii])),
    }


def facts(attackers, later=3, rate=0.05, decay=0.0, w=2.0, x=3.0, magnitude=1.5):
    names = ["weight", "scale", "steps", "poisonedSteps"]
    made = {
        "attackers": [dict(zip(names, a)) for a in attackers],
        "learningRate": rate,
        "weightDecay": decay,
        "parameterNorm": w,
        "inputNorm": x,
        "magnitude": magnitude,
        "laterRounds": later,
    }
    assert stable(made)
    return made


def cases():
    g = np.random.default_rng(5)
    many = [int(v) for v in g.integers(30, 101, 25)]
    right = [bool(b) for b in g.random(25) < 0.9]
    return [
        case("one attacker", facts([(0.1, 1.0, 4, 1.5)]), 15.0, 0.01, 100, many, right),
        case("in the last round", facts([(0.1, 1.0, 4, 1.5)], later=0), 15.0, 0.01, 100, many, right),
        case(
            "three of unlike weight and scale",
            facts([(0.1, 1.0, 4, 1.5), (0.05, 10.0, 8, 0.25), (0.2, 3.0, 2, 2.0)], decay=0.01),
            15.0,
            0.01,
            100,
            many,
            right,
        ),
        case(
            "noise as large as the bound hides much",
            facts([(0.1, 1.0, 4, 1.5)], later=7),
            1.0,
            1.0,
            100,
            many,
            right,
        ),
        case(
            "hardly changed examples",
            facts([(0.01, 1.0, 1, 0.01)], rate=0.01, magnitude=0.02),
            15.0,
            1.0,
            1000,
            [1000, 999, 700, 551, 550, 549, 500, 0],
            [True] * 8,
        ),
        case("few copies abstain", facts([(0.1, 1.0, 4, 1.5)]), 15.0, 0.01, 9, [9, 8], [True, True]),
    ]


def check_stability():
    """Local training on changed examples ends within eta s L ||delta|| of that on unchanged ones."""
    g = np.random.default_rng(9)
    closest = 0.0
    for trial in range(300):
        features, classes, m = int(g.integers(1, 6)), int(g.integers(2, 5)), int(g.integers(2, 9))
        sizes = [features, classes]
        x = g.standard_normal((m, features)) * g.uniform(0.1, 2)
        y = g.integers(0, classes, m)
        changed = int(g.integers(1, m + 1))
        x2, y2 = x.copy(), y.copy()
        x2[:changed] += g.standard_normal((changed, features)) * g.uniform(0, 2)
        y2[:changed] = g.integers(0, classes, changed)
        delta = np.sqrt(((x2 - x) ** 2).sum(axis=1) + 2 * (y != y2)).max()
        norms = np.sqrt(np.maximum((x**2).sum(axis=1), (x2**2).sum(axis=1)))
        w = g.standard_normal(count(sizes)) * g.uniform(0, 2)
        decay, steps = float(g.choice([0, 0.1])), int(g.integers(1, 12))
        rate = 2 / ((1 + norms.max() ** 2) / 2 + decay) * g.uniform(0.1, 1)
        a, b, poisoned = w.copy(), w.copy(), 0.0
        for _ in range(steps):
            batch = g.permutation(m)[: int(g.integers(1, m + 1))]
            a = a - rate * (loss_and_gradient(sizes, a, x[batch], y[batch])[1] + decay * a)
            b = b - rate * (loss_and_gradient(sizes, b, x2[batch], y2[batch])[1] + decay * b)
            poisoned += np.mean(batch < changed)
        made = facts([(1, 1, steps, poisoned)], rate=0.0, w=float(np.linalg.norm(w)))
        made.update(learningRate=rate, inputNorm=float(norms.max()))
        limit = rate * poisoned * sensitivity(made) * delta
        if limit > 0:
            closest = max(closest, float(np.linalg.norm(a - b)) / limit)
    assert 0.1 < closest <= 1, closest
    return closest


def main():
    print(f"local training comes to {check_stability():.3f} of its bound")
    write(
        "MetricsTests/Fixtures/certificate.json",
        {"script": "Tests/Reference/metrics_certificate.py", "cases": cases()},
    )


if __name__ == "__main__":
    main()
