"""Smallest maximum eigenvalue averaging in float64 -> Tests/DefensesTests/Fixtures/smea.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_smea.py`.

Paper: Allouah, Guerraoui, Gupta, Pinot, Stephan, "On the privacy-robustness-utility trilemma in
distributed learning", ICML 2023. Of all sets S of n - f rows the one with the least largest
eigenvalue of its covariance, 1/|S| sum (x_i - m)(x_i - m)^T with m their mean, is averaged. The
eigenvalue comes from the singular values of the centered rows. Within 1e-12 the lexicographically
first set counts; `tied` says that others came within 1e-6. `suspicion` is the distance to the
average.
"""

import numpy as np

from subsets import Cases, search


def largest_eigenvalue(rows):
    if rows.shape[1] == 0:
        return 0.0
    size = np.max(np.abs(rows - rows[0]))
    if size == 0:
        return 0.0
    centered = (rows - rows[0]) / size
    centered = centered - centered.mean(axis=0)
    return float(np.linalg.svd(centered, compute_uv=False)[0] * size) ** 2 / len(rows)


def smea(x, f):
    n = len(x)
    kept, cost, ties = search(n, f, lambda s: largest_eigenvalue(x[s]))
    mean = x[kept].mean(axis=0)
    return {
        "update": mean,
        "weights": [1 / len(kept) if i in kept else 0 for i in range(n)],
        "suspicion": np.sqrt(np.sum((x - mean) ** 2, axis=1)),
        "selected": kept,
        "report": {"eigenvalue": cost},
    }, ties


def main():
    cases = Cases("smea", smea)
    cases.add_all()
    cases.write("Tests/Reference/rules_smea.py")


if __name__ == "__main__":
    main()
