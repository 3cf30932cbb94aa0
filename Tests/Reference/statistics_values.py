"""Statistics in float64 -> Tests/StatisticsTests/Fixtures/statistics.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, mpmath 1.3.0:
`python3 Tests/Reference/statistics_values.py`; a script called
`statistics.py` would hide the standard module from the others.

Papers: k-means++, Arthur and Vassilvitskii, SODA 2007; gap statistic, Tibshirani, Walther and Hastie,
J. R. Stat. Soc. B 63, 2001.

Definitions.
- rank: the share below, ties half (percentileofscore of kind "mean"). area: roc_auc_score.
- erf, erfc, ln gamma and the normal quantile come from mpmath with 40 digits, rounded once. z is the
  factor of "A Little Is Enough": s = floor(n / 2 + 1) - f, z = quantile((n - f - s) / (n - f)).
- Student: tails and quantiles from scipy.stats.t.
- clusters: the best of 200 starts of sklearn's KMeans; centers sorted, labels numbered likewise.
- splits: 2-means of numbers, the best of all splits of the sorted numbers.
- gaps: mean and deviation of log W_k over 400 reference sets, and the gap; the test allows for its
  own, fewer sets.
- eigen: numpy.linalg.eigh, descending, entry of the largest magnitude positive. systems:
  numpy.linalg.solve.
"""

import math

import mpmath
import numpy as np
from scipy import special, stats
from sklearn.cluster import KMeans
from sklearn.metrics import roc_auc_score

from fixture import exact, normal, write

mpmath.mp.dps = 40


def order_cases():
    generator = np.random.default_rng(1)
    samples = [[3.0], [2.0, 5.0], [7.0, 7.0, 7.0], [-1.5, 4.0, 0.25, 9.0]]
    samples += [list(exact(generator.normal(size=n))) for n in (5, 12, 31, 100)]
    samples += [list(generator.integers(0, 4, 25).astype(float)), [1e9, 1e9 + 1, 1e9 + 2, 1e9]]
    return [
        {
            "values": values,
            "median": np.median(values),
            "mean": np.mean(values),
            "population": np.var(values),
            "sample": np.var(values, ddof=1) if len(values) > 1 else None,
            "probe": values[-1],
            "rank": stats.percentileofscore(values, values[-1], kind="mean") / 100,
        }
        for values in samples
    ]


def area_cases():
    generator = np.random.default_rng(2)
    cases = []
    for p, q, levels in [(1, 1, 2), (3, 5, 3), (20, 7, 6), (50, 80, 10), (40, 40, 10**6)]:
        positives = generator.integers(0, levels, p) / 4 + 0.25
        negatives = generator.integers(0, levels, q) / 4
        labels = [1] * p + [0] * q
        area = roc_auc_score(labels, np.concatenate([positives, negatives]))
        cases.append({"positives": positives, "negatives": negatives, "area": area})
    return cases


def function_cases():
    xs = [0.0, 1e-300, 1e-9, 0.1, 0.3, 0.5, 0.75, 0.9, 0.999, 1.0, 1.001, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0]
    xs += [5.0, 7.5, 10.0, 15.0, 20.0, 26.5]
    xs += [-x for x in xs[1:]]
    errors = [[x, float(mpmath.erf(x)), float(mpmath.erfc(x))] for x in xs]
    gs = [1e-8, 0.25, 0.5, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.75, 6.5, 9.0, 11.99, 12.0, 15.5, 50.0, 200.5, 1e4]
    gammas = [[x, float(mpmath.loggamma(x))] for x in gs]
    ps = [1e-300, 1e-100, 1e-30, 1e-10, 1e-5, 1e-3, 0.01, 0.025, 0.1, 0.2, 0.249, 0.25, 0.251, 0.3, 0.4]
    ps += [0.45, 0.499, 0.5 - 1e-7, 0.5 - 1e-12, 0.5, 0.5 + 1e-10, 0.50001, 0.51, 0.6, 0.75, 0.76, 0.9]
    ps += [0.95, 0.975, 0.99, 0.999, 1 - 1e-6, 1 - 1e-12, 1 - 2**-53]
    quantiles = []
    for p in ps:
        # Phi(z) = erfc(-z / sqrt 2) / 2, solved with 60 digits from scipy's value.
        with mpmath.workdps(60):
            z = mpmath.mpf(0)
            if p != 0.5:
                z = mpmath.mpf(float(special.ndtri(p)))
                for _ in range(6):
                    gap = mpmath.erfc(-z / mpmath.sqrt(2)) / 2 - mpmath.mpf(p)
                    z -= gap * mpmath.sqrt(2 * mpmath.pi) * mpmath.exp(z * z / 2)
            quantiles.append([p, float(z)])
    return errors, gammas, quantiles


def factors():
    pairs = [(10, 2), (10, 3), (10, 4), (20, 1), (20, 4), (25, 5), (25, 11), (50, 5), (50, 10), (50, 24)]
    pairs += [(51, 24), (60, 18), (100, 20)]
    rows = []
    for n, f in pairs:
        s = math.floor(n / 2 + 1) - f
        rows.append([n, f, stats.norm.ppf((n - f - s) / (n - f))])
    return rows


def student_cases():
    def tail(t, v):
        """P(T > t); close to 0 by the tangent, where scipy loses digits."""
        return 0.5 - t * stats.t.pdf(0, v) if abs(t) <= 1e-6 else stats.t.sf(t, v)

    degrees = [1, 2, 3, 4, 5, 6, 6.5, 8, 10, 12.25, 30, 100, 400.75]
    ts = [0, 1e-9, 1e-6, 1e-3, 0.1, 0.5, 1, 1.5, 2, 3, 4.5, 7, 12, 40, 300]
    tails = [[t, v, tail(t, v)] for v in degrees for t in ts + [-0.3, -2, -20]]
    levels = [0.5, 0.4, 0.25, 0.1, 0.05, 0.025, 0.01, 1e-3, 1e-4, 1e-6, 1e-9]
    quantiles = [[p, v, stats.t.isf(p, v)] for v in degrees for p in levels]
    return tails, quantiles


def groups(seed, sizes, width, distance):
    parts = [
        normal(seed + k, size, width, scale=0.3, shift=distance * k) for k, size in enumerate(sizes)
    ]
    return np.concatenate(parts)


def cluster_cases():
    data = [
        (groups(10, [8, 8], 2, 3), 2),
        (groups(20, [6, 9, 5], 3, 4), 3),
        (groups(30, [10, 10, 10, 10], 1, 5), 4),
        (normal(40, 30, 2), 3),
        (normal(41, 12, 4), 1),
    ]
    cases = []
    for points, k in data:
        fit = KMeans(k, n_init=200, random_state=0, tol=0, algorithm="lloyd").fit(points)
        order = np.lexsort(fit.cluster_centers_.T[::-1])
        names = np.argsort(order)
        cases.append(
            {
                "points": points,
                "count": k,
                "centers": fit.cluster_centers_[order],
                "labels": names[fit.labels_],
                "inertia": fit.inertia_,
            }
        )
    return cases


def split_cases():
    generator = np.random.default_rng(3)
    samples = [[0.0, 1.0], [1.0, 1.0, 1.0, 4.0], [0.0, 0.0, 5.0, 5.0], [3.0, -2.0, 3.5, -1.0, 2.75]]
    samples += [list(exact(generator.normal(size=n))) for n in (6, 20, 61)]
    samples += [list(generator.integers(0, 9, 30).astype(float))]
    cases = []
    for values in samples:
        ordered = np.sort(values)
        best = None
        for cut in range(1, len(ordered)):
            low, high = ordered[:cut], ordered[cut:]
            if low[-1] == high[0]:
                continue
            inertia = low.var() * len(low) + high.var() * len(high)
            if best is None or inertia < best[0] - 1e-12:
                best = (inertia, cut, low.mean(), high.mean())
        cases.append({"values": values, "lowCount": best[1], "means": [best[2], best[3]]})
    return cases


def gap_cases():
    generator = np.random.default_rng(4)
    data = [
        ("two", groups(50, [12, 12], 2, 4), 2),
        ("three", groups(60, [10, 8, 12], 2, 5), 3),
        ("one", exact(np.random.default_rng(70).uniform(size=(25, 2))), 1),
        ("line", groups(80, [15, 5], 1, 6), 2),
    ]
    cases = []
    for name, points, expected in data:
        low, high = points.min(axis=0), points.max(axis=0)

        def log_inertia(values, k):
            return math.log(KMeans(k, n_init=10, random_state=0).fit(values).inertia_)

        rows = []
        sets = [generator.uniform(low, high, size=points.shape) for _ in range(400)]
        for k in range(1, 6):
            logs = [log_inertia(values, k) for values in sets]
            rows.append([np.mean(logs) - log_inertia(points, k), np.std(logs)])
        cases.append({"name": name, "points": points, "count": expected, "gaps": rows})
    return cases


def eigen_cases():
    matrices = [np.diag([3.0, -1.0, 2.0]), np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[5.0]])]
    for seed, n in [(90, 4), (91, 9), (92, 20)]:
        half = normal(seed, n, n)
        matrices.append(half + half.T)
    thin = normal(93, 10, 3)
    matrices.append(thin @ thin.T)
    cases = []
    for matrix in matrices:
        values, vectors = np.linalg.eigh(matrix)
        values, vectors = values[::-1], vectors.T[::-1]
        signs = np.sign(vectors[np.arange(len(values)), np.abs(vectors).argmax(axis=1)])
        cases.append({"matrix": matrix, "values": values, "vectors": vectors * signs[:, None]})
    return cases


def system_cases():
    data = [(np.array([[2.0]]), np.array([3.0])), (np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([4.0, 5.0]))]
    for seed, n in [(95, 3), (96, 7), (97, 20)]:
        data.append((normal(seed, n, n), normal(seed + 100, 1, n)[0]))
    return [{"matrix": a, "right": b, "solution": np.linalg.solve(a, b)} for a, b in data]


errors, gammas, quantiles = function_cases()
tails, student = student_cases()
write(
    "StatisticsTests/Fixtures/statistics.json",
    {
        "samples": order_cases(),
        "areas": area_cases(),
        "errorFunctions": errors,
        "logGammas": gammas,
        "normalQuantiles": quantiles,
        "factors": factors(),
        "tails": tails,
        "quantiles": student,
        "clusters": cluster_cases(),
        "splits": split_cases(),
        "gaps": gap_cases(),
        "eigen": eigen_cases(),
        "systems": system_cases(),
    },
)
