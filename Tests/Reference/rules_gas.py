"""Gradient splitting (GAS) in float64 -> Tests/DefensesTests/Fixtures/gas.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_gas.py`.

Paper: Liu, Chen, Lyu, Wu, Wu, Chen, "Byzantine-robust learning on heterogeneous data via gradient
splitting", ICML 2023. Rows are client updates (local - global).

Conventions
- The coordinates are permuted by the stream of the round (`seeds.py`: root seed 3, round 0), a
  Fisher-Yates shuffle from the last position down; group q of p = min(groups, d) takes the places
  floor(q d / p) ... floor((q + 1) d / p) - 1.
- The base rule makes one vector of each group: `rules.py`'s Multi-Krum with m = n - f, or
  `rules_bulyan.py`'s Bulyan, which average the values themselves.
- score(i) = sum over the groups of ||x_i - a_q||, distances not squared; the n - f rows of the
  lowest scores are averaged, ties to the lowest row.

Neighboring scores at the cut are apart by 1e-9 relative, or tie exactly.
"""

import numpy as np

from fixture import exact, formula, normal, write
from rules import multi_krum
from rules_bulyan import average_near_median, select
from seeds import stream

CASES = []


def permutation(random, count):
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        j = random.index(i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def base_update(x, rule, f):
    if rule == "multi-krum":
        return multi_krum(x, len(x) - f, f=f)["update"]
    picked, _ = select(x, f)
    return average_near_median(x, picked, len(x) - 4 * f)[0]


def gas(x, f, groups, rule):
    n, d = x.shape
    order = permutation(stream(3, [0]), d)
    p = min(groups, d)
    scores = np.zeros(n)
    for q in range(p):
        part = x[:, sorted(order[q * d // p : (q + 1) * d // p])]
        center = base_update(part, rule, f)
        scores += np.sqrt(np.sum((part - center) ** 2, axis=1))
    ranking = sorted(range(n), key=lambda i: (scores[i], i))
    kept = sorted(ranking[: n - f])
    if f > 0:
        inside, outside = scores[ranking[n - f - 1]], scores[ranking[n - f]]
        alike = np.array_equal(x[ranking[n - f - 1]], x[ranking[n - f]])
        assert alike or outside - inside > 1e-9 * outside, (inside, outside)
    weights = np.zeros(n)
    weights[kept] = 1 / len(kept)
    return {
        "update": x[kept].mean(axis=0),
        "weights": weights,
        "suspicion": scores,
        "selected": kept,
    }


def add(name, x, f, matrix=None, groups=100, rule="multi-krum"):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    CASES.append(
        {
            "name": f"{name} gas:f={f},groups={groups},rule={rule}",
            "rule": "gas",
            "arguments": {"f": f, "groups": groups, "rule": rule},
            "matrix": x if matrix is None else matrix,
            "expected": gas(x, f, groups, rule),
        }
    )
    return CASES[-1]["expected"]["selected"]


def main():
    for seed, (n, d, f) in enumerate([(7, 5, 1), (11, 12, 2), (23, 30, 5), (16, 41, 3)]):
        x = normal(1500 + seed, n, d)
        y = x.copy()
        y[:f] = exact(3 + 0.5 * y[:f])
        for rule in ["multi-krum", "bulyan"]:
            for groups in [1, 4, 100] if d < 20 else [4]:
                add(f"normal {n}x{d}", x, f, groups=groups, rule=rule)
            assert add(f"attackers {n}x{d}", y, f, groups=4, rule=rule) == list(range(f, n))
        add(f"f = 0 {n}x{d}", x, 0, groups=3)
    # Two attackers send zero, far from honest rows around 3.
    x = exact(3 + 0.5 * normal(1510, 11, 20))
    x[[4, 7]] = 0
    for rule in ["multi-krum", "bulyan"]:
        kept = add("zero rows among rows around 3", x, 2, groups=5, rule=rule)
        assert 4 not in kept and 7 not in kept
    form = (50, 1000, 7919, 104729, 2039, 1019, 512)
    x, json = formula(*form, [[i, 1, 1.5] for i in range(2, 13)])
    add("formula, eleven shifted 50x1000", x, 11, matrix=json)
    add("formula, eleven shifted 50x1000", x, 11, matrix=json, groups=7, rule="bulyan")
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (11, 1))
    for rule in ["multi-krum", "bulyan"]:
        add("identical 11x4", same, 2, groups=2, rule=rule)
        add("zero rows 7x4", np.zeros((7, 4)), 1, groups=2, rule=rule)
        add("no columns", np.zeros((7, 0)), 1, groups=2, rule=rule)
    far = normal(1511, 9, 20)
    far[3] = exact([3e38] * 20)
    add("one row of 3e38", far, 1, groups=4)
    add("scale 1e-25 9x20", exact(1e-25 * normal(1512, 9, 20)), 1, groups=4)
    for case in CASES:
        print(case["name"], case["expected"]["selected"][:6])
    infeasible = [
        {"rule": "gas", "arguments": {"f": f, "rule": rule}, "rows": n, "reason": reason}
        for n, f, rule, reason in [
            (4, 1, "multi-krum", "n < 2f + 3"),
            (24, 11, "multi-krum", "n < 2f + 3"),
            (6, 1, "bulyan", "n < 4f + 3"),
            (46, 11, "bulyan", "n < 4f + 3"),
        ]
    ]
    write(
        "DefensesTests/Fixtures/gas.json",
        {"script": "Tests/Reference/rules_gas.py", "cases": CASES, "infeasible": infeasible},
    )


if __name__ == "__main__":
    main()
