"""The AGR-tailored attack in float64 -> Tests/AttacksTests/Fixtures/agr-tailored.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/attacks_agr_tailored.py`.

Paper: Shejwalkar, Houmansadr, "Manipulating the Byzantine", NDSS 2021. Everybody sends mu + gamma p,
p = -mu/|mu| (unit), -sigma (std, population) or -sign(mu) (sign). Krum, Multi-Krum and Bulyan: the
largest gamma at which the rule selects as many of the f crafted rows as it does at any gamma.
Trimmed mean and median: the gamma >= 0 of the largest |aggregate - mu|.

Conventions
- gamma = strength * max_i |x_i - mu| / |p|, with 0 <= strength <= 100: under the mean the deviation
  grows without end.
- Rules as in rules.py and rules_bulyan.py, with f = the number of attackers; honest rows come first
  and win ties, and the equal rows of the attackers have one score.
- The largest strength is found by 400 geometric steps from 100 to 1e-3 and bisection; `interval`
  says whether all smaller steps are accepted as well. The best deviation by the same steps, 2,000
  equal ones, and three zooms; there is more than one best where it is flat.
"""

import numpy as np

from fixture import exact, normal, write

RANGE = 100.0
STEPS = np.concatenate([[0.0], np.geomspace(1e-3, RANGE, 400)])


def direction(honest, word):
    mu = honest.mean(axis=0)
    if word == "std":
        return -honest.std(axis=0)
    if word == "sign":
        return -np.sign(mu)
    return -mu / np.linalg.norm(mu) if np.any(mu) else 0 * mu


def unit(honest, p):
    mu = honest.mean(axis=0)
    radius = np.max(np.linalg.norm(honest - mu, axis=1))
    scale = np.linalg.norm(p)
    return (radius if radius > 0 else np.linalg.norm(mu)) / scale if scale > 0 else 0.0


def krum_order(squared, rows, h, f, k):
    """The rows by score, ties to the lowest; crafted ones (h and above) have one score."""
    scores = {}
    for i in rows:
        scores[i] = sum(sorted(squared[i, j] for j in rows if j != i)[:k])
    crafted = [i for i in rows if i >= h]
    for i in crafted:
        scores[i] = scores[crafted[0]]
    return sorted(rows, key=lambda i: (scores[i], i))


def selected(rule, honest, f, row):
    """The rows that a selecting rule keeps."""
    h = len(honest)
    x = np.concatenate([honest, np.tile(row, (f, 1))])
    n = len(x)
    squared = np.sum((x[:, None, :] - x[None, :, :]) ** 2, axis=2)
    if rule in ("krum", "multi-krum"):
        order = krum_order(squared, list(range(n)), h, f, n - f - 2)
        return order[: 1 if rule == "krum" else n - f]
    left, picked = list(range(n)), []
    while len(picked) < n - 2 * f:
        best = krum_order(squared, left, h, f, max(1, len(left) - f - 2))[0]
        picked.append(best)
        left.remove(best)
    return picked


def aggregate(rule, honest, f, row):
    x = np.concatenate([honest, np.tile(row, (f, 1))])
    if rule == "mean":
        return x.mean(axis=0)
    if rule == "median":
        return np.median(x, axis=0)
    return np.sort(x, axis=0)[f : len(x) - f].mean(axis=0)


def largest(accepts):
    """The largest accepted strength, and whether all smaller steps are accepted."""
    flags = [accepts(t) for t in STEPS]
    last = max(i for i, flag in enumerate(flags) if flag)
    inner = float(STEPS[last])
    if last + 1 < len(STEPS):
        outer = float(STEPS[last + 1])
        for _ in range(60):
            middle = (inner + outer) / 2
            inner, outer = (middle, outer) if accepts(middle) else (inner, middle)
    return inner, all(flags[: last + 1])


def best(value):
    steps = np.unique(np.concatenate([STEPS, np.linspace(0, RANGE, 2001)]))
    values = [value(t) for t in steps]
    at, top = float(steps[int(np.argmax(values))]), max(values)
    width = RANGE / 2000
    for _ in range(3):
        near = np.clip(np.linspace(at - width, at + width, 201), 0, RANGE)
        found = [value(t) for t in near]
        if max(found) > top:
            at, top = float(near[int(np.argmax(found))]), max(found)
        width /= 100
    return at, top


def case(name, honest, f, rule, word):
    honest = np.array(honest, dtype=np.float64)
    assert np.array_equal(honest, exact(honest))
    mu, p = honest.mean(axis=0), direction(honest, word)
    scale = unit(honest, p)

    def row(t):
        return mu + t * scale * p

    known = {
        "name": f"{name}, {rule}, {word}",
        "rule": rule,
        "perturbation": word,
        "attackers": f,
        "honest": honest,
        "direction": p,
        "unit": scale,
    }
    if rule in ("krum", "multi-krum", "bulyan"):

        def count(t):
            return sum(i >= len(honest) for i in selected(rule, honest, f, row(t)))

        most = max(count(t) for t in STEPS)
        known["strength"], known["interval"] = largest(lambda t: count(t) == most)
        known["selected"] = most
    else:

        def value(t):
            return float(np.linalg.norm(aggregate(rule, honest, f, row(t)) - mu))

        known["strength"], known["best"] = best(value)
        known["samples"] = [[t, value(t)] for t in [0, 0.25, 0.5, 1, 2, 3, 10, 100]]
    print({k: known.get(k) for k in ("name", "strength", "interval", "selected", "best")})
    return known


def main():
    cases = []
    for word in ["std", "unit", "sign"]:
        for rule in ["krum", "multi-krum", "bulyan", "trimmed-mean", "median"]:
            cases.append(case("9+2 x6", normal(2600, 9, 6, shift=0.5), 2, rule, word))
    for rule in ["krum", "multi-krum", "bulyan", "trimmed-mean", "median", "mean"]:
        cases.append(case("6+1 x5", normal(2601, 6, 5, shift=0.5), 1, rule, "std"))
        cases.append(case("16+4 x10", normal(2602, 16, 10, shift=0.2), 4, rule, "std"))
    write(
        "AttacksTests/Fixtures/agr-tailored.json",
        {"script": "Tests/Reference/attacks_agr_tailored.py", "cases": cases},
    )


if __name__ == "__main__":
    main()
