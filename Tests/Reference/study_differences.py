"""What paired seeds tell apart, in float64: prints the numbers of SmallestDifferenceTests.swift.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1: `python3 Tests/Reference/study_differences.py`.

For each pair: half the 95 % interval of scipy.stats.ttest_rel, and (t(0.975) + t(0.8)) s / sqrt(n).
The last lines hold that against the power of the noncentral t, integrated here.
"""

from itertools import combinations

import numpy as np
from scipy import integrate, optimize, stats

TABLE = {
    "a": [0.90, 0.80, 0.85, 0.70],
    "b": [0.60, 0.75, 0.72, 0.71],
    "c": [0.60, 0.75, 0.72, 0.81],
}


def visible(n):
    return stats.t.isf(0.025, n - 1) + stats.t.isf(0.2, n - 1)


def exact(n):
    limit = stats.t.isf(0.025, n - 1)

    def power(shift):
        def integrand(u):
            bound = limit * u / np.sqrt(n - 1)
            tails = stats.norm.sf(bound - shift) + stats.norm.cdf(-bound - shift)
            return tails * stats.chi2.pdf(u * u, n - 1) * 2 * u

        return integrate.quad(integrand, 0, 12, limit=400)[0]

    return optimize.brentq(lambda shift: power(shift) - 0.8, 0.1, 60)


for (first, x), (second, y) in combinations(TABLE.items(), 2):
    difference = np.subtract(x, y)
    interval = stats.ttest_rel(x, y).confidence_interval(0.95)
    error = difference.std(ddof=1) / np.sqrt(len(x))
    print(first, second, (interval.high - interval.low) / 2, visible(len(x)) * error)
for n in (2, 3, 5, 10):
    print(n, visible(n) / exact(n))
