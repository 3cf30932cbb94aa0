"""Rules by signs in float64 -> Tests/DefensesTests/Fixtures/sign-majority.json, rlr.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_signs.py`.

Papers: Bernstein, Zhao, Azizzadenesheli, Anandkumar, "signSGD with majority vote is communication
efficient and fault tolerant", ICLR 2019; Ozdayi, Kantarcioglu, Gel, "Defending against backdoors in
federated learning with robust learning rate", AAAI 2021. Rows are client updates (local - global).

Conventions
- sign(0) = 0. votes_j = sum_i sign(x_ij), one vote for each row, whatever its samples.
- sign-majority: step * sign(votes_j); step "auto" is the median over rows of ||x_i|| / sqrt(d) (the
  mean of the two middle ones when n is even). `weights`: the mean over columns of 1 / (number of rows
  of the winning sign) where the row is one of them; a column without a majority gives nothing.
- rlr: m_j = sum_i p_i x_ij with p_i = samples_i / sum samples, or 1/n; the result is m_j where
  |votes_j| >= threshold, else -m_j. threshold "auto" is floor(2 n / 5). `flipped` counts the columns
  below the threshold. n >= threshold; otherwise `infeasible`.
"""

import numpy as np

from fixture import exact, formula, normal, write

CASES = {"sign-majority": [], "rlr": []}


def sign_majority(x, p, step):
    votes = np.sign(x).sum(axis=0)
    if step == "auto":
        step = float(np.median(np.sqrt(np.mean(x**2, axis=1))))
    with_it = (np.sign(x) == np.sign(votes)) & (votes != 0)
    weights = (with_it / np.maximum(with_it.sum(axis=0), 1)).mean(axis=1)
    return {"update": step * np.sign(votes), "weights": weights, "report": {"step": step}}


def rlr(x, p, threshold):
    votes = np.sign(x).sum(axis=0)
    if threshold == "auto":
        threshold = (2 * len(x)) // 5
    mean = (p[:, None] * x).sum(axis=0)
    kept = np.abs(votes) >= threshold
    return {
        "update": np.where(kept, mean, -mean),
        "weights": p,
        "report": {"flipped": int(np.sum(~kept))},
    }


def add(rule, name, x, samples=None, matrix=None, **arguments):
    x = np.array(x, dtype=np.float64)
    assert np.array_equal(x, exact(x)), name
    counts = np.ones(len(x)) if samples is None else np.array(samples, dtype=np.float64)
    evaluate = {"sign-majority": sign_majority, "rlr": rlr}[rule]
    expected = evaluate(x, counts / counts.sum(), **arguments)
    expected |= {"dispositions": ["not-judged"] * len(x), "suspicion": None}
    label = ",".join(f"{key}={value}" for key, value in arguments.items())
    CASES[rule].append(
        {
            "name": f"{name} {rule}:{label}",
            "rule": rule,
            "arguments": arguments,
            "samples": samples,
            "matrix": x if matrix is None else matrix,
            "expected": expected,
        }
    )
    return expected


def both(name, x, samples=None, matrix=None):
    n = len(x)
    for step in [1.0, 0.0625, "auto"]:
        add("sign-majority", name, x, samples, matrix, step=step)
    for threshold in sorted({0, 1, n // 3, n // 2 + 1, n}):
        add("rlr", name, x, samples, matrix, threshold=threshold)
    add("rlr", name, x, samples, matrix, threshold="auto")


def main():
    # By hand: three columns of two against one, a tie with a zero, and all equal.
    x = [[1, -2, 3, 4], [2, -1, -8, 4], [-9, 9, 0, 4]]
    got = add("sign-majority", "by hand", x, step=0.5)
    assert got["update"].tolist() == [0.5, -0.5, 0, 0.5]
    assert np.allclose(got["weights"], [1 / 3, 1 / 3, 1 / 12], rtol=1e-15, atol=0)
    got = add("rlr", "by hand", x, threshold=2)
    assert np.allclose(got["update"], [2, -2, 5 / 3, 4], rtol=1e-15, atol=0)
    assert got["report"]["flipped"] == 3
    got = add("rlr", "by hand, no column turned but the tie", x, threshold=1)
    assert np.allclose(got["update"], [-2, 2, 5 / 3, 4], rtol=1e-15, atol=0)
    for seed, (n, d) in enumerate([(1, 3), (7, 5), (10, 17), (12, 33), (20, 8)]):
        both(f"normal {n}x{d}", normal(1000 + seed, n, d, shift=0.25))
    samples = [3, 41, 7, 7, 12, 5, 9]
    both("normal, samples 7x5", normal(1010, 7, 5, shift=0.25), samples=samples)
    y = normal(1011, 10, 17, scale=0.01, shift=0.02)
    y[7:] = exact(y[7:] * -10.0)
    both("three flipped 10x17", y)
    edits = [[i, -8, 0.5] for i in range(2, 13)]
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, edits)
    both("formula, eleven flipped 50x1000", x, matrix=json)
    both("identical 7x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (7, 1)))
    both("zero rows 7x4", np.zeros((7, 4)))
    both("small whole numbers 15x6", np.random.default_rng(1020).integers(-1, 2, (15, 6)) * 1.0)
    z = normal(1030, 9, 5)
    z[4] = exact(np.array([3e38, -3e38, 1e30, 1e-44, -1e-44]))
    both("ends of float32 9x5", z)
    for rule, cases in CASES.items():
        names = [case["name"] for case in cases]
        assert len(set(names)) == len(names)
        infeasible = [
            {"rule": rule, "arguments": {"threshold": t}, "rows": n, "reason": "n < threshold"}
            for t, n in [(2, 1), (8, 7), (51, 50)]
        ]
        write(
            f"DefensesTests/Fixtures/{rule}.json",
            {"script": "Tests/Reference/rules_signs.py", "cases": cases}
            | ({"infeasible": infeasible} if rule == "rlr" else {}),
        )
        print(len(cases), "cases")


if __name__ == "__main__":
    main()
