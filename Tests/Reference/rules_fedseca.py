"""FedSECA in float64 -> Tests/DefensesTests/Fixtures/fedseca.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_fedseca.py`.

Paper: Benjamin, Asokan, Yaqub, Nandakumar, "FedSECA: sign election and coordinate-wise aggregation
of gradients for Byzantine tolerant federated learning", CVPR workshops 2025. Rows are client updates
(local - global).

Conventions
- omega(k, l) = sum of sign(x_kj) sign(x_lj) over the coordinates; rho_k = the mean over all l, k
  included, of sign(omega(k, l)), at least 0.
- s_j = the sign of sum of rho_k sign(x_kj), in whole numbers n rho_k, so that ties are exact.
- c_k = x_k min(1, M / ||x_k||), M the median norm; mu_j = the median of |c_kj| over the rows; both
  medians are the mean of the middle two for an even n.
- A value is kept if |x_kj| is at least the gamma-quantile of |x_k| with linear interpolation, which
  is if it is at least the ceil(gamma (d - 1))-th smallest, counted from 0, product in decimal.
- v_kj = sign(x_kj) min(mu_j, |c_kj|) if kept, else 0; update_j = the mean of the v_kj with
  s_j v_kj > 0, or 0 if there is none.
- variant authors-code: only kept values vote, and v_kj = sign(x_kj) min(mu_j, |x_kj|).
- `weights`: the mean over coordinates of 1 over the number of values averaged, if the row has one of
  them; `suspicion` 1 - rho_k.
"""

import math
from fractions import Fraction

import numpy as np

from fixture import exact, formula, normal, write

CASES = []


def fedseca(x, sparsity, variant):
    n, d = x.shape
    signs = np.sign(x)
    votes = [max(0, int(sum(np.sign(signs[k] @ signs[l]) for l in range(n)))) for k in range(n)]
    norms = np.sqrt(np.sum(x * x, axis=1))
    bound = float(np.median(norms))
    clipped = np.array([row * min(1.0, bound / v) if v > 0 else row for row, v in zip(x, norms)])
    kept = np.zeros(x.shape, dtype=bool)
    if d > 0:
        place = math.ceil(Fraction(str(sparsity)) * (d - 1))
        kept = np.abs(x) >= np.sort(np.abs(x), axis=1)[:, [place]]
    update, weights, moved = np.zeros(d), np.zeros(n), 0
    for j in range(d):
        middle = float(np.median(np.abs(clipped[:, j])))
        voters = [k for k in range(n) if variant == "paper" or kept[k, j]]
        elected = np.sign(sum(votes[k] * int(signs[k, j]) for k in voters))
        source = clipped if variant == "paper" else x
        taken = {
            k: min(middle, abs(source[k, j]))
            for k in range(n)
            if kept[k, j] and elected != 0 and signs[k, j] == elected
        }
        taken = {k: v for k, v in taken.items() if v > 0}
        if taken:
            update[j] = elected * np.mean(list(taken.values()))
            moved += 1
        for k in taken:
            weights[k] += 1 / len(taken) / d
    return {
        "update": update,
        "weights": weights,
        "suspicion": 1 - np.array(votes) / n,
        "rejected": [],
        "report": {"bound": bound, "moved": moved},
    }


def add(name, x, matrix=None, sparsity=0.9, variant="paper"):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    CASES.append(
        {
            "name": f"{name} fedseca:sparsity={sparsity},variant={variant}",
            "rule": "fedseca",
            "arguments": {"sparsity": sparsity, "variant": variant},
            "matrix": x if matrix is None else matrix,
            "expected": fedseca(x, sparsity, variant),
        }
    )
    return CASES[-1]["expected"]


def main():
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 12, 2), (24, 66, 5), (12, 130, 2)]):
        x = exact(0.5 + normal(1600 + seed, n, d))
        y = x.copy()
        y[:f] = exact(-4 * y[:f])
        for variant in ["paper", "authors-code"]:
            for sparsity in [0, 0.3, 0.9, 1] if d < 50 else [0.9]:
                add(f"normal {n}x{d}", x, sparsity=sparsity, variant=variant)
            got = add(f"turned {n}x{d}", y, sparsity=0.5, variant=variant)
        if d > 50:
            assert np.all(got["suspicion"][:f] == 1), "attackers have no standing"
    form = (50, 1000, 7919, 104729, 2039, 819, 512)
    x, json = formula(*form, [[i, -2, 0] for i in range(2, 13)])
    for variant in ["paper", "authors-code"]:
        add("formula, eleven flipped 50x1000", x, matrix=json, variant=variant)
    add("formula, eleven flipped 50x1000", x, matrix=json, sparsity=0.29)
    whole = np.random.default_rng(1611).integers(-2, 3, (12, 40)).astype(float)
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (5, 1))
    for variant in ["paper", "authors-code"]:
        add("small whole numbers 12x40", whole, sparsity=0.4, variant=variant)
        add("identical 5x4", same, sparsity=0.5, variant=variant)
        add("zero rows 4x3", np.zeros((4, 3)), variant=variant)
        add("most rows zero", [[0, 0], [0, 0], [0, 0], [1, 2], [2, 1]], variant=variant)
        add("no columns 4x0", np.zeros((4, 0)), variant=variant)
        add("one row", [[1, -2, 3]], variant=variant)
        add("two opposite rows", [[1, -2, 3], [-1, 2, -3]], sparsity=0, variant=variant)
        add("signs alone", np.sign(normal(1612, 9, 20) + 0.3), variant=variant)
    far = exact(normal(1613, 9, 20) + 0.3)
    far[2] = exact([3e38] * 20)
    add("one row of 3e38", far, sparsity=0.5)
    add("scale 1e-25", exact(1e-25 * (normal(1614, 9, 20) + 0.3)), sparsity=0.5)
    for case in CASES:
        print(case["name"], case["expected"]["report"])
    write(
        "DefensesTests/Fixtures/fedseca.json",
        {"script": "Tests/Reference/rules_fedseca.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
