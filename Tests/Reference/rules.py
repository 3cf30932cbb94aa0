"""Aggregation rules in float64 -> Tests/DefensesTests/Fixtures/rules.json, rules-infeasible.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules.py`.

Rows are client updates (local - global); a rule's result is the update that the server adds.
Papers: mean, McMahan et al. AISTATS 2017; median and trimmed mean, Yin et al. ICML 2018; Krum and
Multi-Krum, Blanchard et al. NeurIPS 2017; norm clipping, Sun et al. arXiv 1911.07963.

Conventions
- mean: unweighted. median: the mean of the two middle values when n is even.
- trimmed-mean: per coordinate drop the f smallest and f largest, average the other n - 2f values;
  n > 2f. With `fraction` instead of `f`, f = floor(fraction * n), product in float64.
- krum: score(i) = sum over the k nearest *other* rows of ||x_i - x_j||^power, distances by
  differences, summed from the smallest up. Rows themselves are never their own neighbor, two
  equal rows are neighbors at distance 0. The winner has the smallest score, ties to the lowest
  row. n >= 2f + 3. `neighbours` names k: "n-f-2" (paper, default), "n-f-1", or "n-f" *others*, so
  that "n-f" needs f >= 1. `power`: 2 = squared distance (paper, default), 1 = plain, 4 = squared
  twice.
- multi-krum: one scoring pass, the m rows of smallest score (ties to the lowest row), unweighted
  mean; m = n - f unless given, 1 <= m <= n.
- norm-clipping: x_i * min(1, bound / ||x_i||), then the unweighted mean over all n rows. A zero row
  stays zero with factor 1. bound "auto" = median of the norms of all rows given (mean of the two
  middle ones when n is even, zero rows included); a bound of 0 then sends every other row to 0.

Keys of `expected`: `update`; `scores` and `ranking` (all rows, best first) for the Krum family;
`selected`, ascending rows; `norms`, `bound` (resolved) and `factors` for clipping; `weights`, what
each row's original vector is multiplied with in the sum, where the rule is linear in whole rows.

Each case that selects rows is checked for either exact ties (then on small whole numbers, exact in
any order of summation) or a relative gap above 1e-6 between neighboring scores at the cut.
Not covered: NaN and infinities, which are removed before a rule sees its rows.
"""

import math

import numpy as np

from fixture import exact, normal, write

CASES = []
INFEASIBLE = []


def neighbor_count(name, n, f):
    return {"n-f-2": n - f - 2, "n-f-1": n - f - 1, "n-f": n - f}[name]


def krum_scores(x, f, neighbours="n-f-2", power=2):
    n = len(x)
    k = neighbor_count(neighbours, n, f)
    assert n >= 2 * f + 3 and 1 <= k <= n - 1, (n, f, neighbours)
    scores = np.zeros(n)
    for i in range(n):
        squared = sorted(float(np.sum((x[i] - x[j]) ** 2)) for j in range(n) if j != i)
        term = {1: math.sqrt, 2: float, 4: lambda s: s * s}[power]
        scores[i] = sum(term(s) for s in squared[:k])
    return scores


def ranking(scores):
    return sorted(range(len(scores)), key=lambda row: (scores[row], row))


def check_cut(scores, order, m, whole):
    """The cut after m rows is a clear gap, or an exact tie on exact arithmetic."""
    if m == len(order):
        return
    inside, outside = scores[order[m - 1]], scores[order[m]]
    if inside == outside:
        assert whole or inside == 0, "a tie needs exact arithmetic"
    else:
        assert outside - inside > 1e-6 * outside, (inside, outside)


def multi_krum(x, m, **arguments):
    scores = krum_scores(x, **arguments)
    order = ranking(scores)
    whole = bool(np.all(x == np.round(x)) and np.max(np.abs(x)) < 1000)
    if arguments.get("power", 2) == 1 and whole:
        whole = scores[order[m - 1]] == round(scores[order[m - 1]])
    check_cut(scores, order, m, whole)
    selected = sorted(order[:m])
    weights = np.zeros(len(x))
    weights[selected] = 1 / m
    return {
        "update": x[selected].mean(axis=0) if m > 1 else x[selected[0]],
        "selected": selected,
        "ranking": order,
        "scores": scores,
        "weights": weights,
    }


def clipping(x, bound):
    norms = np.sqrt(np.sum(x * x, axis=1))
    resolved = float(np.median(norms)) if bound == "auto" else float(bound)
    factors = np.array([1.0 if v == 0 else min(1.0, resolved / v) for v in norms])
    return {
        "update": (x * factors[:, None]).mean(axis=0),
        "norms": norms,
        "bound": resolved,
        "factors": factors,
        "weights": factors / len(x),
    }


def trimmed(x, f):
    n = len(x)
    assert n > 2 * f
    return {"update": np.sort(x, axis=0)[f : n - f].mean(axis=0)}


def evaluate(rule, x, arguments):
    arguments = dict(arguments)
    if rule == "mean":
        return {"update": x.mean(axis=0), "weights": np.full(len(x), 1 / len(x))}
    if rule == "median":
        return {"update": np.median(x, axis=0)}
    if rule == "trimmed-mean":
        f = arguments["f"] if "f" in arguments else math.floor(arguments["fraction"] * len(x))
        return trimmed(x, f)
    if rule == "krum":
        return multi_krum(x, 1, **arguments)
    if rule == "multi-krum":
        m = arguments.pop("m", len(x) - arguments["f"])
        return multi_krum(x, m, **arguments)
    return clipping(x, arguments["bound"])


def add(name, rule, x, **arguments):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    expected = evaluate(rule, x, arguments)
    label = ",".join(f"{key}={value}" for key, value in arguments.items())
    CASES.append(
        {
            "name": f"{name} {rule}" + (f":{label}" if label else ""),
            "rule": rule,
            "arguments": arguments,
            "matrix": x,
            "expected": expected,
        }
    )


def refuse(rule, n, reason, **arguments):
    INFEASIBLE.append({"rule": rule, "arguments": arguments, "rows": n, "reason": reason})


def known_answers():
    x = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    add("known answer", "mean", x)
    add("known answer", "median", x)
    add("known answer", "trimmed-mean", x, f=1)
    add("known answer", "norm-clipping", x, bound=2.0)
    add("known answer", "norm-clipping", x, bound="auto")
    for case in CASES[:3]:
        assert case["expected"]["update"].tolist() == [4, 5, 6]
    first = np.array(x[0]) * CASES[3]["expected"]["factors"][0]
    assert np.allclose(first, [0.5345, 1.0690, 1.6036], atol=5e-5)
    assert abs(CASES[4]["expected"]["bound"] - 8.775) < 5e-4


def every_rule(name, x, declared):
    """Each rule once per declared f, with the peers' Krum variants for the largest f."""
    n = len(x)
    add(name, "mean", x)
    add(name, "median", x)
    for f in declared:
        if n > 2 * f:
            add(name, "trimmed-mean", x, f=f)
        if n >= 2 * f + 3:
            add(name, "krum", x, f=f)
            add(name, "multi-krum", x, f=f)
    add(name, "norm-clipping", x, bound="auto")
    add(name, "norm-clipping", x, bound=1.5)


def random_inputs():
    for seed, (n, d) in enumerate([(5, 1), (5, 17), (9, 17), (10, 17), (12, 64), (20, 64)]):
        x = normal(100 + seed, n, d)
        every_rule(f"normal {n}x{d}", x, [0, 1, 2] if d < 64 else [2])
    x = normal(110, 10, 17, scale=0.01)
    x[7:] = exact(x[7:] * -10.0)
    for neighbours in ["n-f-2", "n-f-1", "n-f"]:
        for power in [1, 2, 4]:
            arguments = {"f": 3, "neighbours": neighbours, "power": power}
            add("three flipped 10x17", "krum", x, **arguments)
            add("three flipped 10x17", "multi-krum", x, m=4, **arguments)
    for m in [1, 5, 9, 10]:
        add("explicit m 10x17", "multi-krum", x, f=3, m=m)
    for neighbours in ["n-f-2", "n-f-1"]:
        add("no attacker declared 10x17", "krum", x, f=0, neighbours=neighbours)
    add("largest f 9x17", "krum", normal(111, 9, 17), f=3)
    add("largest f 20x64", "multi-krum", normal(112, 20, 64), f=8)
    for fraction, n in [(0.1, 9), (0.1, 10), (0.2, 5), (0.2, 19), (0.4, 20)]:
        add(f"fraction {n}x5", "trimmed-mean", normal(113, n, 5), fraction=fraction)
    for bound in [1e-3, 0.5, 1e6]:
        add("bound 11x17", "norm-clipping", normal(114, 11, 17, shift=0.25), bound=bound)


def conventions_differ():
    """A layout on a line where each exponent and each neighbor count has a winner of its own."""
    x = np.array([[-8.0], [8.0], [7.0], [8.0], [4.0], [8.0], [6.0], [-1.0]])
    for varied in [
        [{"power": power} for power in [1, 2, 4]],
        [{"neighbours": neighbours} for neighbours in ["n-f-2", "n-f-1", "n-f"]],
    ]:
        winners = set()
        for arguments in varied:
            add("convention decides 8x1", "krum", x, f=1, **arguments)
            winners.add(CASES[-1]["expected"]["selected"][0])
            add("convention decides 8x1", "multi-krum", x, f=1, m=2, **arguments)
        assert len(winners) == 3, winners


def ties():
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (7, 1))
    every_rule("identical 7x4", same, [0, 1, 2])
    zero = np.zeros((7, 4))
    every_rule("zero rows 7x4", zero, [0, 1, 2])
    line = np.arange(9.0)[:, None]
    for power in [1, 2, 4]:
        add("line 9x1", "krum", line, f=2, power=power)
    add("line 9x1", "multi-krum", line, f=2, m=2)
    pairs = np.array([[2, 0], [2, 0], [0, 0], [0, 0], [-2, 0], [-2, 0], [0, 9], [0, -9]], float)
    add("mirror 8x2", "krum", pairs, f=2)
    add("mirror 8x2", "multi-krum", pairs, f=2)
    add("mirror 8x2", "multi-krum", pairs, f=2, m=3)
    late = np.array([[9, 9], [8, 1], [1, 0], [1, 0], [0, 1], [0, 1], [5, -7]], float)
    add("tie not in row 0", "krum", late, f=1)
    add("tie not in row 0", "multi-krum", late, f=1, m=3)
    repeated = np.array([[1, 5], [1, 4], [2, 4], [2, 3], [2, 3], [3, 3]], float)
    every_rule("repeated values 6x2", repeated, [0, 1, 2])
    half = normal(120, 9, 6)
    half[[0, 2, 4, 6, 8]] = 0
    add("median norm is zero 9x6", "norm-clipping", half, bound="auto")
    half[[0, 2]] = normal(121, 2, 6)
    add("three zero rows 9x6", "norm-clipping", half, bound="auto")
    add("three zero rows 9x6", "norm-clipping", half, bound=0.75)


def extremes():
    x = normal(130, 9, 5)
    x[4] = exact(np.array([1e30, -1e30, 1e30, 1e30, -1e30]))
    add("outlier 1e30 9x5", "mean", x)
    add("outlier 1e30 9x5", "median", x)
    for f in [1, 2]:
        add("outlier 1e30 9x5", "trimmed-mean", x, f=f)
        add("outlier 1e30 9x5", "krum", x, f=f)
        add("outlier 1e30 9x5", "multi-krum", x, f=f)
    add("outlier 1e30 9x5", "krum", x, f=1, power=4)
    add("outlier 1e30 9x5", "norm-clipping", x, bound="auto")
    add("outlier 1e30 9x5", "norm-clipping", x, bound=2.0)
    # Two rows near the float32 limit: their float32 difference, their sum, and every square
    # overflow, while the float64 results are ordinary numbers.
    y = normal(131, 9, 5)
    y[2] = exact(np.full(5, 3e38))
    y[6] = exact(np.full(5, -3e38))
    add("opposite 3e38 9x5", "median", y)
    add("opposite 3e38 9x5", "trimmed-mean", y, f=1)
    add("opposite 3e38 9x5", "krum", y, f=2)
    add("opposite 3e38 9x5", "multi-krum", y, f=2)
    add("opposite 3e38 9x5", "norm-clipping", y, bound="auto")
    y[6] = y[2]
    add("two of 3e38 9x5", "mean", y)
    # Tiny numbers whose float32 squares vanish: norms and distances need double precision.
    z = normal(132, 9, 5, scale=1e-25)
    add("scale 1e-25 9x5", "krum", z, f=2)
    add("scale 1e-25 9x5", "multi-krum", z, f=2)
    add("scale 1e-25 9x5", "norm-clipping", z, bound="auto")
    # A common offset: the Gram identity would lose every digit of these distances.
    w = exact(1000.0 + normal(133, 9, 5, scale=1e-2))
    add("offset 1000 9x5", "krum", w, f=2)
    add("offset 1000 9x5", "multi-krum", w, f=2)


def infeasible():
    for rule in ["krum", "multi-krum"]:
        for n, f in [(3, 1), (4, 1), (6, 2), (8, 3), (2, 0)]:
            refuse(rule, n, "n < 2f + 3", f=f)
    refuse("krum", 7, "n - f neighbors are more than the n - 1 others", f=0, neighbours="n-f")
    refuse("multi-krum", 7, "m > n", f=1, m=8)
    refuse("multi-krum", 7, "m < 1", f=1, m=0)
    for n, f in [(2, 1), (4, 2), (10, 5)]:
        refuse("trimmed-mean", n, "n <= 2f", f=f)
    refuse("trimmed-mean", 10, "n <= 2 floor(fraction n)", fraction=0.5)


def main():
    known_answers()
    random_inputs()
    conventions_differ()
    ties()
    extremes()
    infeasible()
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
    write("DefensesTests/Fixtures/rules.json", CASES)
    write("DefensesTests/Fixtures/rules-infeasible.json", INFEASIBLE)
    print(len(CASES), "cases,", len(INFEASIBLE), "infeasible")


if __name__ == "__main__":
    main()
