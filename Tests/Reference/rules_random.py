"""Rules drawn anew in each round -> Tests/DefensesTests/Fixtures/random-rule.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_random.py`.

Paper: Zhao, Xie, Ren, Ding, Yang, Li, "Understanding Byzantine robustness in federated learning with
a black-box server", arXiv 2024. Rows are client updates (local - global).

Conventions
- The rule of round t is drawn with the first index of the stream of the round (`seeds.py`: root seed
  3, round t), each of the k listed ones with the chance 1 / k; `drawn` is its place in the list.
- The drawn rule has its defaults and the declared f: mean, median, trimmed-mean, and cge, which
  averages the n - f shortest rows.
"""

import numpy as np

from fixture import normal, write
from seeds import stream


def evaluate(rule, x, f):
    if rule == "mean":
        return {"update": x.mean(axis=0)}
    if rule == "median":
        return {"update": np.median(x, axis=0)}
    if rule == "trimmed-mean":
        return {"update": np.sort(x, axis=0)[f : len(x) - f].mean(axis=0)}
    norms = np.sqrt(np.sum(x * x, axis=1))
    order = np.argsort(norms, kind="stable")[: len(x) - f]
    return {"update": x[order].mean(axis=0), "suspicion": norms, "selected": sorted(order)}


def case(name, rules, n, d, f, rounds):
    matrices, expected = [], []
    for number in range(rounds):
        x = normal(1700 + 20 * n + number, n, d)
        drawn = stream(3, [number]).index(len(rules))
        matrices.append(x)
        expected.append(evaluate(rules[drawn], x, f) | {"report": {"drawn": drawn}})
    print(name, [item["report"]["drawn"] for item in expected])
    return {
        "name": name,
        "rule": "random-rule",
        "arguments": {"rules": rules, "f": f},
        "matrices": matrices,
        "expected": expected,
    }


def main():
    every = ["mean", "median", "trimmed-mean", "cge"]
    cases = [
        case("four rules", every, 9, 5, 2, 12),
        case("one rule", ["cge"], 7, 4, 1, 3),
        case("one rule with two chances of three", ["mean", "median", "mean"], 8, 3, 0, 9),
    ]
    assert {item["report"]["drawn"] for item in cases[0]["expected"]} == {0, 1, 2, 3}
    infeasible = [
        {"rule": "random-rule", "arguments": {"f": f, "rules": rules}, "rows": n, "reason": reason}
        for rules, n, f, reason in [
            (["median", "krum"], 6, 2, "n < 2f + 3"),
            (["trimmed-mean", "mean"], 4, 2, "n < 2f + 1"),
            (["bulyan"], 10, 2, "n < 4f + 3"),
        ]
    ]
    write(
        "DefensesTests/Fixtures/random-rule.json",
        {"script": "Tests/Reference/rules_random.py", "cases": cases, "infeasible": infeasible},
    )


if __name__ == "__main__":
    main()
