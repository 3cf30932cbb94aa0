"""Stealth measures and detectability in float64, a part of metrics.py.

Run with numpy 2.4.6, scipy 1.17.1 through `python3 Tests/Reference/metrics.py`.

Papers: AUROC as Mann and Whitney 1947 with mid-ranks; Krum score, Blanchard et al. NeurIPS 2017;
outlier share after Baruch et al. NeurIPS 2019; sign statistics after Xu et al. "SignGuard" 2022.

Conventions. H = honest rows, h of them, A = malicious rows, n rows in all, d columns.
- cos(x, y) does not exist where x or y is zero. The cosine detector scores such a row 0; the
  measure leaves it out of the mean over honest rows, and is null for a malicious one and where no
  honest one is left.
- A round in which all rows are equal shows nothing: it has no AUROC and no measures.
- normRatio: ||a|| / median honest norm (middle two averaged), null where that median is 0.
- cosine: cos(a, mu_H) - mean over i in H of cos(x_i, mu_(H without i)); null for h < 2.
- distancePercentile: of q_i = ||x_i - mu_(H without i)||, i in H, and q = ||a - mu_H||:
  (count of q_i < q + half the count of q_i = q) / h; null for h < 2.
- krumScore(i): sum of squared distances to the k nearest other rows of all n,
  k = min(max(1, n - f - 2), n - 1), f as given (the number of malicious rows). A metric has to
  answer for every round, so k is clamped here where the rule would be infeasible; null for n < 2.
- krumRank: (count of other rows with a smaller score + half of those with an equal one) / (n - 1).
- outlierShare: share of j with |a_j - mu_j| > 3 sigma_j (strict), mu and sigma over H, sigma
  divided by h; sigma 0 counts every a_j unequal to mu_j. `outlierShareSample` divides by h - 1
  (null for h < 2).
- balance(x) = (count of x_j > 0 - count of x_j < 0) / d, both zeros count as neither;
  signBalance: |balance(a) - mean honest balance|.
- ks: largest gap between the two empirical distribution functions, the d coordinates of a against
  the h d pooled honest ones, no subsampling (scipy.stats.ks_2samp, statistic only).
- All of these are per malicious row; `median` and `mean` pool the malicious rows of all rounds.
- Detector scores for all n rows: norm; cosine to the mean of the other n - 1 rows; distance to the
  coordinate-wise median of all rows; krum score; principal = |projection of the row minus the mean
  of all rows on the first right singular vector of the centered matrix|; sign = |balance(i) -
  mean balance of the other rows|. `signBalanceRaw` (balance(i) itself) is listed as an
  alternative; `detectabilityRawSign` uses it instead of sign.
- AUROC = (pairs with malicious above honest + half the equal pairs) / (f h), no orientation.
- detectability: per detector the mean AUROC over rounds with both kinds and rows that differ, made
  two-sided max(a, 1 - a) after averaging; then the maximum over the six. null without such a
  round. `roundCount` is the number of these rounds.
- stealth.score = clip(1 - (D - D0) / (1 - D0), 0, 1); 1 where D0 = 1 (the same clients are told
  apart as well without the attack).
- Sampling. Of a round of n > limit rows krumRank and the detectors krum and principal are those of a
  smaller round of `limit` rows: f' = floor(limit f / n + 1/2) malicious ones, at least one of each
  kind, and limit - f' honest ones; k of the m rows of a kind are those in places floor(j m / k) of
  their order, j = 0 ... k - 1. krumRank exists for the malicious rows of the sample. ks is that of
  every malicious row against the honest rows of the sample. Everything else counts all rows.
Every fixture with ties uses small whole numbers, where scores tie exactly; otherwise neighboring
scores differ by more than 1e-9 relatively (cosine and principal: also with whole numbers, except
between equal rows; sign: except between equal balances), and the first two singular values by
more than 2 %.
"""

import math

import numpy as np
from scipy import stats

from fixture import exact, normal

DETECTORS = ["norm", "cosine", "medianDistance", "krum", "principal", "sign"]
PAIRED = ["krum", "principal"]
MEASURES = [
    "normRatio",
    "cosine",
    "distancePercentile",
    "krumRank",
    "outlierShare",
    "outlierShareSample",
    "signBalance",
    "ks",
]


def known_cosine(x, y):
    a, b = np.linalg.norm(x), np.linalg.norm(y)
    return None if a == 0 or b == 0 else float(x @ y / (a * b))


def cosine(x, y):
    return known_cosine(x, y) or 0.0


def cosine_gap(a, mu, honest):
    """The cosine of a malicious row minus the mean of those honest ones that exist."""
    usual = [value for value in honest if value is not None]
    own = known_cosine(a, mu)
    return None if own is None or not usual else own - np.mean(usual)


def balance(x):
    return float(np.sum(x > 0) - np.sum(x < 0)) / x.shape[-1]


def krum_scores(x, f):
    n = len(x)
    k = min(max(1, n - f - 2), n - 1)
    scores = []
    for i in range(n):
        squared = sorted(float(np.sum((x[i] - x[j]) ** 2)) for j in range(n) if j != i)
        scores.append(sum(squared[:k]))
    return scores


def ks(a, b):
    """The two-sample statistic by definition, which must be scipy's."""
    points = np.sort(np.concatenate([a, b]))
    left = np.searchsorted(np.sort(a), points, side="right") / len(a)
    right = np.searchsorted(np.sort(b), points, side="right") / len(b)
    gap = float(np.max(np.abs(left - right)))
    with np.errstate(divide="ignore"):  # p-values of one-element samples, not used
        assert abs(gap - stats.ks_2samp(a, b, method="asymp").statistic) < 1e-12
    return gap


def auroc(scores, malicious):
    scores, malicious = np.asarray(scores), np.asarray(malicious, dtype=bool)
    f, h = int(np.sum(malicious)), int(np.sum(~malicious))
    if f == 0 or h == 0:
        return None
    a, b = scores[malicious][:, None], scores[~malicious][None, :]
    area = float(np.sum(a > b) + 0.5 * np.sum(a == b)) / (f * h)
    ranks = stats.rankdata(scores)
    again = (np.sum(ranks[malicious]) - f * (f + 1) / 2) / (f * h)
    assert abs(area - again) < 1e-12
    return area


def row_measures(x, malicious, f):
    """The stealth measures of every malicious row of one round."""
    honest = x[~malicious]
    h, n = len(honest), len(x)
    mu = honest.mean(axis=0)
    total = honest.sum(axis=0)
    left = [(total - row) / (h - 1) for row in honest] if h > 1 else []
    honest_cosines = [known_cosine(r, m) for r, m in zip(honest, left)]
    distances = np.array([np.linalg.norm(r - m) for r, m in zip(honest, left)])
    norm = float(np.median(np.linalg.norm(honest, axis=1)))
    scores = np.array(krum_scores(x, f))
    result = []
    for index in np.flatnonzero(malicious):
        a = x[index]
        q = np.linalg.norm(a - mu)
        gap = np.abs(a - mu)
        assert np.all(np.abs(distances - q) > 1e-9), "a tie that rounding may break"
        for ddof in range(min(2, h)):
            spread = 3 * honest.std(axis=0, ddof=ddof)
            assert np.all((np.abs(gap - spread) > 1e-9) | (spread == 0)), "on the 3 sigma edge"
        below = np.sum(scores < scores[index]) + 0.5 * (np.sum(scores == scores[index]) - 1)
        percentile = None
        if h > 1:
            percentile = (np.sum(distances < q) + 0.5 * np.sum(distances == q)) / h
        result.append(
            {
                "row": int(index),
                "normRatio": np.linalg.norm(a) / norm if norm > 0 else None,
                "cosine": cosine_gap(a, mu, honest_cosines),
                "distancePercentile": percentile,
                "krumRank": below / (n - 1),
                "outlierShare": np.mean(gap > 3 * honest.std(axis=0)),
                "outlierShareSample": (
                    np.mean(gap > 3 * honest.std(axis=0, ddof=1)) if h > 1 else None
                ),
                "signBalance": abs(balance(a) - np.mean([balance(r) for r in honest])),
                "ks": ks(a, honest.ravel()),
            }
        )
    return result


def sign_scores(balances):
    """|balance - mean of the others|; balances apart must not tie, which rounding may break."""
    n, total = len(balances), sum(balances)
    scores = np.array([abs(b - (total - b) / (n - 1)) for b in balances])
    for i in range(n):
        for j in range(i):
            assert balances[i] == balances[j] or abs(scores[i] - scores[j]) > 1e-9, (i, j)
    return scores


def detector_scores(x, f, whole):
    n = len(x)
    others = [(x.sum(axis=0) - row) / (n - 1) for row in x]
    balances = [balance(row) for row in x]
    centered = x - x.mean(axis=0)
    _, sizes, right = np.linalg.svd(centered, full_matrices=False)
    scores = {
        "norm": np.linalg.norm(x, axis=1),
        "cosine": np.array([cosine(row, mean) for row, mean in zip(x, others)]),
        "medianDistance": np.linalg.norm(x - np.median(x, axis=0), axis=1),
        "krum": np.array(krum_scores(x, f)),
        "principal": np.abs(centered @ right[0]),
        "sign": sign_scores(balances),
        "signBalanceRaw": np.array(balances),
    }
    assert sizes[0] > 1.02 * sizes[1], sizes[:2]
    inexact = ["cosine", "principal"]
    for name in inexact if whole else inexact + ["norm", "medianDistance", "krum"]:
        largest = np.max(np.abs(scores[name]))
        for i in range(n):
            for j in range(i):
                apart = abs(scores[name][i] - scores[name][j]) > 1e-9 * largest
                assert apart or (whole and np.array_equal(x[i], x[j])), (name, i, j)
    return scores


def two_sided(areas):
    known = [area for area in areas if area is not None]
    if not known:
        return None
    mean = float(np.mean(known))
    return max(mean, 1 - mean)


def pooled(rows):
    result = {}
    for measure in MEASURES:
        known = [row[measure] for row in rows if row[measure] is not None]
        result[measure] = {
            "median": float(np.median(known)) if known else None,
            "mean": float(np.mean(known)) if known else None,
        }
    return result


def window(name, rounds, whole=False):
    """Everything about a window: per round, pooled, and the detectability."""
    described, rows, areas = [], [], []
    for x, malicious in rounds:
        malicious = np.asarray(malicious, dtype=bool)
        f = int(np.sum(malicious))
        if np.all(x == x[0]):
            scores, measures, area = {}, [], dict.fromkeys(DETECTORS + ["signBalanceRaw"])
        else:
            scores = detector_scores(x, f, whole)
            measures = row_measures(x, malicious, f) if 0 < f < len(x) else []
            area = {key: auroc(value, malicious) for key, value in scores.items()}
        described.append(
            {
                "rows": x,
                "malicious": malicious,
                "f": f,
                "measures": measures,
                "scores": scores,
                "auroc": area,
            }
        )
        rows += measures
        areas.append(area)
    sided = {key: two_sided([area[key] for area in areas]) for key in areas[0]}
    best = [sided[key] for key in DETECTORS if sided[key] is not None]
    raw = [sided[k] for k in DETECTORS[:-1] + ["signBalanceRaw"] if sided[k] is not None]
    return {
        "name": name,
        "rounds": described,
        "expected": {
            **pooled(rows),
            "twoSided": sided,
            "detectability": max(best) if best else None,
            "roundCount": sum(area["norm"] is not None for area in areas),
            "detectabilityRawSign": max(raw) if raw else None,
        },
    }


def attacked(seed, n, f, d, kind):
    """The first draw from the seed on in which nothing hangs on rounding."""
    while True:
        x, malicious = draw(seed, n, f, d, kind)
        try:
            detector_scores(x, f, whole=False)
            return x, malicious
        except AssertionError:
            seed += 10000


def draw(seed, n, f, d, kind):
    """Honest rows around a common direction and f malicious ones in seeded places."""
    x = exact(normal(seed, n, d) + 0.5 * normal(seed + 1000, 1, d))
    malicious = np.zeros(n, dtype=bool)
    malicious[np.random.default_rng(seed + 2000).permutation(n)[:f]] = True
    if kind == "boost":
        x[malicious] = exact(6 * x[malicious])
    if kind == "flip":
        x[malicious] = exact(-x[malicious])
    if kind == "shift":
        x[malicious] = exact(x[malicious] + 4.0)
    if kind in ["plus", "minus"]:
        x[malicious] = exact(np.abs(x[malicious]) * (1 if kind == "plus" else -1))
    if kind == "small":
        x[malicious] = exact(0.125 * x[malicious])
    return x, malicious


def windows():
    def alternating(round_index):
        return attacked(540 + round_index, 10, 3, 16, "plus" if round_index % 2 else "minus")

    cases = [
        window("boosted", [attacked(500 + r, 10, 2, 20, "boost") for r in range(3)]),
        window("flipped", [attacked(505 + r, 9, 3, 20, "flip") for r in range(2)]),
        window("shifted", [attacked(510, 12, 4, 33, "shift")]),
        window("small", [attacked(515 + r, 8, 2, 20, "small") for r in range(4)]),
        window("honest", [attacked(520 + r, 11, 3, 24, "none") for r in range(3)]),
        window(
            "changing count",
            [attacked(530 + r, 8 + r, [1, 0, 3, 2][r], 12, "boost") for r in range(4)],
        ),
        window("alternating signs", [alternating(r) for r in range(4)]),
    ]
    line = np.array([[1, 2], [1, 2], [2, 1], [2, 1], [0, -1], [1, 2], [-3, 0], [-3, 0]], float)
    cases.append(window("ties", [(line, [0, 1, 0, 0, 0, 0, 1, 1])], whole=True))
    zeros = np.array([[0, 0, 0], [0, 0, 0], [0, 0, 0], [1, -2, 2], [1, 1, 1], [2, 0, -1]], float)
    cases.append(window("honest median norm zero", [(zeros, [0, 0, 0, 1, 0, 0])], whole=True))
    cases.append(window("nobody honest", [(line, [1] * 8)], whole=True))
    still, alike = (np.zeros((4, 3)), [0, 1, 0, 1]), (np.ones((5, 3)), [0, 1, 0, 1, 0])
    loud = np.array([[5, -3, 4], [1, 2, 1], [2, 1, 5], [1, 1, 3], [3, 1, 2]], float)
    first = (loud, [1, 0, 0, 0, 0])
    cases.append(window("dies after a round", [first, still, still, alike], whole=True))
    cases.append(window("dead from the start", [still, still], whole=True))
    quiet = np.array([[0, 0, 0], [1, 2, 1], [2, 1, 5], [1, 1, 3], [0, 0, 0]], float)
    cases.append(window("zero updates", [(quiet, [1, 0, 0, 0, 0])], whole=True))
    few = np.array([[1, 0, 2], [4, -3, 1], [3, 5, -5]], float)
    cases.append(window("one honest row", [(few, [1, 0, 1])], whole=True))
    return cases


def spaced(rows, count):
    return [int(rows[j * len(rows) // count]) for j in range(count)]


def sampled(name, x, malicious, limit):
    """A round of which only some rows are compared in pairs; areas are of the sampled ones."""
    malicious = np.asarray(malicious, dtype=bool)
    n, bad, good = len(x), np.flatnonzero(malicious), np.flatnonzero(~malicious)
    assert n > limit and len(bad) > 0 and len(good) > 0
    count = min(max(math.floor(limit * len(bad) / n + 0.5), 1), limit - 1)
    count = max(count, limit - len(good))
    rows = sorted(spaced(bad, count) + spaced(good, limit - count))
    part, kinds = x[rows], malicious[rows]
    whole = detector_scores(x, len(bad), False)
    inner = detector_scores(part, count, False)
    scores = {key: inner[key] if key in PAIRED else whole[key] for key in DETECTORS}
    measures = row_measures(x, malicious, len(bad))
    places = {row: place for place, row in enumerate(rows)}
    for measure in measures:
        measure["krumRank"] = None
        measure["ks"] = ks(x[measure["row"]], part[~kinds].ravel())
        if measure["row"] in places:
            score = inner["krum"][places[measure["row"]]]
            equal = np.sum(inner["krum"] == score) - 1
            measure["krumRank"] = (np.sum(inner["krum"] < score) + 0.5 * equal) / (limit - 1)
    return {
        "name": name,
        "limit": limit,
        "rows": x,
        "malicious": malicious,
        "sample": rows,
        "measures": measures,
        "scores": scores,
        "auroc": {
            key: auroc(value, kinds if key in PAIRED else malicious)
            for key, value in scores.items()
        },
    }


def samples():
    cases = []
    for seed, n, f, d, kind, limit in [
        (560, 30, 9, 8, "shift", 12),
        (561, 41, 2, 9, "boost", 10),
        (562, 25, 10, 7, "small", 7),
        (563, 19, 5, 8, "none", 18),
        (564, 120, 30, 16, "flip", 90),
    ]:
        while not cases or cases[-1]["name"] != f"{kind} {limit} of {n}":
            x, malicious = attacked(seed, n, f, d, kind)
            try:
                cases.append(sampled(f"{kind} {limit} of {n}", x, malicious, limit))
            except AssertionError:
                seed += 10000
    return cases


def areas():
    cases = []
    given = [
        ([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]),
        ([1, 1, 1, 1], [0, 1, 0, 1]),
        ([3, 2, 1], [1, 0, 0]),
        ([1, 2, 3], [1, 0, 0]),
        ([1, 2, 2, 3, 2], [0, 1, 0, 1, 0]),
        ([1, 2], [1, 1]),
        ([1, 2], [0, 0]),
        ([-1e300, 0, 1e300, 0], [0, 1, 1, 0]),
    ]
    for scores, malicious in given:
        cases.append(
            {
                "scores": scores,
                "malicious": [bool(m) for m in malicious],
                "expected": auroc(scores, malicious),
            }
        )
    return cases


def ks_cases():
    generator = np.random.default_rng(550)
    given = [
        (exact(generator.standard_normal(30)), exact(generator.standard_normal(90))),
        (np.round(generator.standard_normal(40), 0), np.round(generator.standard_normal(50), 0)),
        (np.array([1.0]), np.array([1.0])),
        (np.array([1.0]), np.array([0.0, 2.0])),
        (np.array([0.0, 1.0]), np.array([5.0, 6.0, 7.0])),
        (np.zeros(4), np.zeros(9)),
    ]
    return [
        {
            "first": a,
            "second": b,
            "expected": ks(a, b),
        }
        for a, b in given
    ]


def scores():
    cases = []
    pairs = [(0.9, 0.6), (1.0, 0.5), (0.5, 0.5), (0.6, 0.75), (1.0, 0.75), (1.0, 1.0), (0.9, 1.0)]
    for d, d0 in pairs:
        value = 1.0 if d0 == 1 else min(1.0, max(0.0, 1 - (d - d0) / (1 - d0)))
        assert math.isfinite(value)
        cases.append({"detectability": d, "null": d0, "expected": value})
    return cases


def sections():
    return {"stealth": windows(), "sampled": samples(), "auroc": areas(), "ks": ks_cases(), "stealthScore": scores()}
