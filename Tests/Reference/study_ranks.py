"""Rank tests in float64 -> Tests/StatisticsTests/Fixtures/ranks.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1: `python3 Tests/Reference/study_ranks.py`.

Definitions, after J. Demšar, "Statistical Comparisons of Classifiers over Multiple Data Sets", JMLR
7, 2006.
- friedman: chi-square and its ties from scipy.stats.friedmanchisquare, F = (N - 1) chi / (N (k - 1) -
  chi), its p from scipy.stats.f; ranks by scipy.stats.rankdata.
- tails: f, degrees of freedom of numerator and denominator, scipy.stats.f.sf.
- ranges: q, number of values, scipy.stats.studentized_range.cdf with infinite degrees of freedom.
- quantiles: number of values, q with an upper tail of 0.05, found with brentq on an own integral
  (scipy.integrate.quad).
"""

import numpy as np
from scipy import integrate, optimize, stats

from fixture import write


def friedman_cases():
    generator = np.random.default_rng(11)
    tables = [generator.normal(size=(n, k)) for n, k in ((2, 2), (5, 3), (14, 4), (24, 20))]
    tables += [generator.integers(0, 4, (n, k)).astype(float) for n, k in ((6, 5), (30, 8))]
    tables += [generator.normal(size=(20, 6)) + np.arange(6) * shift for shift in (0.2, 1.0)]
    cases = []
    for table in tables:
        n, k = table.shape
        ranks = stats.rankdata(table, axis=1)
        if k > 2:
            chi = stats.friedmanchisquare(*table.T).statistic
        else:
            # Without ties: 12 / (N k (k + 1)) sum R^2 - 3 N (k + 1).
            chi = 12 / (n * k * (k + 1)) * (ranks.sum(axis=0) ** 2).sum() - 3 * n * (k + 1)
        if n * (k - 1) - chi < 1e-9:
            continue
        f = (n - 1) * chi / (n * (k - 1) - chi)
        cases.append(
            {
                "values": table,
                "meanRanks": ranks.mean(axis=0),
                "chiSquare": chi,
                "f": f,
                "pValue": stats.f.sf(f, k - 1, (k - 1) * (n - 1)),
            }
        )
    return cases


def tail_cases():
    cases = []
    for f in (1e-6, 0.3, 1.0, 2.7, 9.0, 60.0, 1e4):
        for a, b in ((1, 1), (2, 7), (3, 39), (42, 1722), (5.5, 0.7)):
            cases.append([f, a, b, stats.f.sf(f, a, b)])
    # scipy underflows to 0 before it has to.
    return [case for case in cases if case[3] > 1e-200]


def probability(q, k):
    def integrand(z):
        return k * stats.norm.pdf(z) * (stats.norm.cdf(z) - stats.norm.cdf(z - q)) ** (k - 1)

    return integrate.quad(integrand, -12, 12, epsabs=1e-13, epsrel=1e-13, limit=400)[0]


def range_cases():
    cells = [(q, k) for q in (0.1, 1.0, 2.5, 4.0, 7.0) for k in (2, 3, 10, 45)]
    return [[q, k, stats.studentized_range.cdf(q, k, np.inf)] for q, k in cells]


def quantile_cases():
    counts = list(range(2, 11)) + [20, 45, 100]
    return [[k, optimize.brentq(lambda q: probability(q, k) - 0.95, 0.5, 12, xtol=1e-12)] for k in counts]


write(
    "StatisticsTests/Fixtures/ranks.json",
    {
        "friedman": friedman_cases(),
        "tails": tail_cases(),
        "ranges": range_cases(),
        "quantiles": quantile_cases(),
    },
)
