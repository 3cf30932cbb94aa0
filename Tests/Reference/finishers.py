"""CRFL's deterministic parts in float64 -> Tests/DefensesTests/Fixtures/crfl.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1: `python3 Tests/Reference/finishers.py`.

Paper: Xie, Chen, Chen, Li, "CRFL", ICML 2021; bound and abstention as in Cohen, Rosenfeld, Kolter,
ICML 2019.

Conventions
- After the server's step: w <- w min(1, rho / ||w||), in every round, the last one too; a zero
  model stays, with factor 1. Then N(0, sigma^2) on every parameter, in every round but the last.
  The noise is not part of this fixture.
- Smoothing: M copies of the clipped last model, each with noise of its own, vote on each example;
  -1 is a copy without a valid class (not finite). Winner: the class with most votes, ties to the
  lowest; -1 if every vote is -1. -1 is never a class, but such a copy counts in M.
- Lower bound of the winner's probability: one-sided Clopper-Pearson at alpha = 0.001,
  p with P(Bin(M, p) >= k) = alpha, the alpha quantile of Beta(k, M - k + 1); 0 for k = 0. Abstain
  unless it is above 1/2. That is the case exactly if P(Bin(M, 1/2) >= k) < alpha: `leastVotes` has
  the least such k by whole-number arithmetic, null where not even k = M will do.

The certificate, for reference. The smoothed class does not change if the triggers satisfy
||delta|| < RAD,
  RAD^2 = -ln(1 - (sqrt pA - sqrt pB)^2) sigma_adv^2 / (2 R Lz^2 C P)
  C = sum_i (p_i gamma_i tau_i eta_i qB_i / nB_i)^2, P = prod_t (2 Phi(rho_t / sigma_t) - 1)
with pB = 1 - pA where nothing better is known; the product is over the rounds after the attack. It
needs constants of the training that a server does not have: the number R of attackers, and of each
its weight p, its scale gamma, its local steps tau, its rate eta and its poisoned share qB / nB of a
batch, all in the one round of the attack, and the Lipschitz constant Lz of the model's gradients by
the data (for multi-class logistic regression sqrt(2 + 2 rho + rho^2)). It is not computed here.
The authors' code bounds pA and pB by Hoeffding, pA - sqrt(ln(1/alpha) / 2M), not Clopper-Pearson.
"""

import fractions
import math

import numpy as np
from scipy.stats import beta, binom

from fixture import exact, normal, write

ALPHA = "0.001"


def clip(name, w, bound):
    w = np.array(w, dtype=np.float64)
    assert np.array_equal(w, exact(w))
    norm = float(np.sqrt(np.sum(w * w)))
    factor = 1.0 if norm == 0 else min(1.0, bound / norm)
    return {
        "name": name,
        "model": w,
        "bound": bound,
        "norm": norm,
        "factor": factor,
        "expected": factor * w,
    }


def clipping():
    w = normal(700, 1, 40)[0]
    return [
        clip("known answer", [3, 4], 1.0),
        clip("on the bound", [3, 4], 5.0),
        clip("inside", [3, 4], 5.5),
        clip("zero model", [0, 0, 0], 2.0),
        clip("normal, far outside", w, 0.75),
        clip("normal, just outside", w, 6.0),
        clip("normal, inside", w, 15.0),
        clip("large model", exact(1e30 * w), 15.0),
        clip("square overflows in single precision", exact(1e25 * w), 1e25),
        clip("small model", exact(1e-25 * w), 1e-26),
    ]


def lower_bound(votes, copies, alpha=ALPHA):
    if votes == 0:
        return 0.0
    lower = float(beta.ppf(float(alpha), votes, copies - votes + 1))
    assert abs(binom.sf(votes - 1, copies, lower) / float(alpha) - 1) < 1e-9
    return lower


def least_votes(copies, alpha):
    """The least k with P(Bin(M, 1/2) >= k) < alpha, exactly."""
    tail, least = 0, None
    for k in range(copies, -1, -1):
        tail += math.comb(copies, k)
        if fractions.Fraction(tail, 2**copies) >= fractions.Fraction(alpha):
            break
        least = k
    return least


def vote_table(name, classes, votes):
    votes = np.array(votes)
    copies = len(votes)
    least = least_votes(copies, ALPHA)
    counts, winners, lower, abstains = [], [], [], []
    for column in votes.T:
        count = [int(np.sum(column == c)) for c in range(classes)]
        counts.append(count)
        most = max(count)
        winners.append(count.index(most) if most > 0 else -1)
        lower.append(lower_bound(most, copies))
        abstains.append(not lower[-1] > 0.5)
        assert abstains[-1] == (least is None or most < least)
        assert abs(lower[-1] - 0.5) > 1e-6
    return {
        "name": name,
        "classes": classes,
        "alpha": float(ALPHA),
        "votes": votes,
        "expected": {
            "counts": counts,
            "winners": winners,
            "lower": lower,
            "abstains": abstains,
        },
    }


def tables():
    g = np.random.default_rng(710)
    result = [
        vote_table("unanimous, 9 and 10 copies", 3, np.tile([0, 1, 2], (9, 1))),
        vote_table("unanimous, 10 copies", 3, np.tile([0, 1, 2], (10, 1))),
        vote_table("one copy", 3, [[2, -1, 0]]),
        vote_table(
            "ties and invalid copies",
            4,
            [[3, 1, -1, 0], [3, 1, -1, -1], [1, 3, -1, -1], [1, 3, -1, 2], [0, -1, -1, 2]],
        ),
    ]
    result[0]["name"] = "unanimous, 9 copies"
    least = least_votes(100, ALPHA)
    edge = np.zeros((100, 4), dtype=int)
    for column, k in enumerate([least - 1, least, least + 1, least]):
        edge[k:, column] = 1
    edge[least:, 3] = -1
    result.append(vote_table("at the edge, 100 copies", 2, edge))
    for copies, sure in [(20, 0.9), (60, 0.7)]:
        truth = g.integers(0, 5, 12)
        other = g.integers(-1, 5, (copies, 12))
        keep = g.random((copies, 12)) < sure * g.random(12) + 0.25
        result.append(
            vote_table(f"random, {copies} copies", 5, np.where(keep, truth[None, :], other))
        )
    return result


def bounds():
    cases = []
    for copies in [1, 2, 5, 10, 11, 20, 100, 500, 1000, 10000]:
        ks = {0, 1, copies // 2, copies // 2 + 1, (3 * copies) // 4, copies - 1, copies}
        for k in sorted(ks):
            for alpha in ["0.001", "0.05"]:
                cases.append(
                    {
                        "copies": copies,
                        "votes": k,
                        "alpha": float(alpha),
                        "lower": lower_bound(k, copies, alpha),
                    }
                )
    return cases


def main():
    for m in [1, 2, 9, 10, 100]:  # all votes: alpha = p^M
        assert math.isclose(lower_bound(m, m), 0.001 ** (1 / m), rel_tol=1e-12)
    thresholds = [
        {"copies": m, "alpha": float(alpha), "votes": least_votes(m, alpha)}
        for alpha in ["0.001", "0.05"]
        for m in [1, 4, 5, 9, 10, 11, 15, 20, 50, 100, 101, 500, 1000]
    ]
    rounds = [
        {"rounds": t, "noisy": [r < t - 1 for r in range(t)], "clipped": [True] * t}
        for t in [1, 2, 5]
    ]
    write(
        "DefensesTests/Fixtures/crfl.json",
        {
            "script": "Tests/Reference/finishers.py",
            "clipping": clipping(),
            "rounds": rounds,
            "votes": tables(),
            "bounds": bounds(),
            "leastVotes": thresholds,
        },
    )


if __name__ == "__main__":
    main()
