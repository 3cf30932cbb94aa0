"""Stages before a rule in float64 -> Tests/DefensesTests/Fixtures/{arc,bucketing,quantile-clipping,
sparsify}.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/stages.py`.

Papers: Allouah et al., arXiv 2405.14432 (ARC); Karimireddy, He, Jaggi, ICLR 2022 (bucketing); Andrew,
Thakkar, McMahan, Ramaswamy, NeurIPS 2021 (adaptive clipping); Xu, Zhang, Hu, WACV 2025 (sparsify).
Rows are client updates (local - global).

Conventions
- arc: k = floor(2 f (n - f) / n); the k longest rows are scaled to the (k + 1)-th largest norm.
  n >= 2f + 1; otherwise `infeasible`.
- bucketing: a permutation of the rows, cut into ceil(n / size) consecutive groups, the last one smaller;
  each group is averaged. Rows of the result ascend by the lowest row of the group. `clients`: the rows
  of each group; `weights`: the sum of their weights. The permutation is a Fisher-Yates shuffle from the
  last position down with Lemire's bounded draws from Philox 4x32-10, as Gauntlet's streams make it.
- quantile-clipping: x_i min(1, C / ||x_i||) over several rounds; after each
  C <- C exp(-rate (b - quantile)), b = the share of rows with ||x_i|| <= C, without noise.
- sparsify: in each row the floor(keep d) largest |x| stay, at least one, ties to the lower index; keep
  is a decimal number.

`rows` is compared to 1e-6 of its largest value, and for sparsify to the bit.
"""

from fractions import Fraction

import numpy as np

from fixture import exact, formula, normal, write
from random_streams import philox

MASK = 0xFFFFFFFF


def block(position, tag, key):
    counter = [position & MASK, position >> 32, tag, 0]
    return philox(counter, [key & MASK, key >> 32])


def child_key(value, tag, key):
    words = block(value, tag, key)
    return words[0] | words[1] << 32


def permutation(seed, round_number, count):
    """The permutation of the stream at SeedPath(root: seed).child(round_number)."""
    key = child_key(round_number, 1, child_key(seed, 0, 0))
    words = (w for position in range(10**6) for w in block(position, 3, key))
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        bound = i + 1
        product = next(words) * bound
        while (product & MASK) < bound and (product & MASK) < (2**32 - bound) % bound:
            product = next(words) * bound
        j = product >> 32
        order[i], order[j] = order[j], order[i]
    return order


def case(cases, stage, name, matrices, expected, json=None, samples=None, **arguments):
    for x in matrices:
        assert np.array_equal(x, exact(x)), name
    label = ",".join(f"{key}={value}" for key, value in arguments.items())
    cases.append(
        {
            "name": f"{name} {stage}:{label}",
            "arguments": arguments,
            "samples": samples,
            "matrices": list(matrices) if json is None else json,
            "expected": expected,
        }
    )


def clipped(x, bound):
    norms = np.sqrt(np.sum(x**2, axis=1))
    return np.where(norms > bound, bound / np.where(norms > bound, norms, 1), 1)[:, None] * x


def arc(x, f):
    n = len(x)
    k = 2 * f * (n - f) // n
    return clipped(x, np.sort(np.sqrt(np.sum(x**2, axis=1)))[n - k - 1])


def arc_cases():
    cases = []

    def add(name, x, f, json=None):
        x = np.array(x, dtype=np.float64)
        case(cases, "arc", name, [x], [{"rows": arc(x, f)}], json, f=f)
        return cases[-1]["expected"][0]["rows"]

    # k = floor(2 (1/3) 2) = 1: the third row is cut to the length 8.775 of the second.
    got = add("known answer", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], 1)
    assert np.allclose(got[2], [4.4100, 5.0401, 5.6701], rtol=0, atol=1e-4)
    for seed, (n, d) in enumerate([(1, 3), (2, 3), (7, 5), (10, 17), (12, 33)]):
        x = normal(1100 + seed, n, d)
        for f in sorted({0, 1, 2, (n - 1) // 2}):
            if n >= 2 * f + 1:
                add(f"normal {n}x{d}", x, f)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512, [[i, -8, 0.5] for i in range(2, 13)])
    stated = {"norms": np.sqrt(np.sum(arc(x, 11) ** 2, axis=1))}
    case(cases, "arc", "formula, eleven long rows 50x1000", [x], [stated], [json], f=11)
    same = np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (7, 1))
    add("identical 7x4", same, 3)
    half = np.array(same)
    half[[0, 2, 4, 6]] = 0
    add("most rows zero 7x4", half, 3)
    y = normal(1110, 9, 5)
    y[4], y[1] = exact(np.full(5, 3e38)), exact(np.full(5, -3e38))
    add("two of 3e38 9x5", y, 2)
    add("scale 1e-25 9x5", normal(1111, 9, 5, scale=1e-25), 2)
    infeasible = [{"arguments": {"f": f}, "rows": n} for n, f in [(2, 1), (4, 2), (10, 5)]]
    return {"cases": cases, "infeasible": infeasible}


def bucketing(x, p, size, seed, round_number):
    order = permutation(seed, round_number, len(x))
    groups = sorted(sorted(order[i : i + size]) for i in range(0, len(x), size))
    return {
        "rows": np.array([x[group].mean(axis=0) for group in groups]),
        "weights": [p[group].sum() for group in groups],
        "clients": groups,
    }


def bucketing_cases():
    cases = []
    for seed, (n, d) in enumerate([(1, 3), (2, 3), (7, 5), (10, 17), (20, 8)]):
        rounds = [normal(1200 + 10 * seed + t, n, d) for t in range(3)]
        samples = np.random.default_rng(1250 + seed).integers(1, 60, n).tolist()
        p = np.array(samples) / sum(samples)
        for size in sorted({1, 2, 3, n, n + 1}):
            expected = [bucketing(x, p, size, 3, t) for t, x in enumerate(rounds)]
            case(cases, "bucketing", f"normal {n}x{d}", rounds, expected, None, samples, size=size)
    x, json = formula(50, 1000, 7919, 104729, 2039, 1019, 512)
    expected = bucketing(x, np.full(50, 0.02), 4, 3, 0)
    expected["rows"] = None
    case(cases, "bucketing", "formula 50x1000", [x], [expected], [json], size=4)
    z = normal(1260, 6, 5)
    z[[2, 5]] = exact(np.full(5, 3e38))
    p = np.full(6, 1 / 6)
    case(cases, "bucketing", "two of 3e38 6x5", [z], [bucketing(z, p, 6, 3, 0)], size=6)
    return {"cases": cases}


def quantile_cases():
    cases = []

    def add(name, rounds, quantile=0.5, rate=0.2, bound=0.1):
        expected, current = [], bound
        for x in rounds:
            norms = np.sqrt(np.sum(x**2, axis=1))
            assert np.all(np.abs(norms - current) > 1e-9 * current), name
            expected.append({"rows": clipped(x, current)})
            current *= np.exp(-rate * (np.mean(norms <= current) - quantile))
        arguments = {"quantile": quantile, "rate": rate, "bound": bound}
        case(cases, "quantile-clipping", name, rounds, expected, None, None, **arguments)
        return current

    for seed, (n, d) in enumerate([(1, 3), (7, 5), (10, 17)]):
        rounds = [normal(1300 + 10 * seed + t, n, d) for t in range(5)]
        add(f"normal {n}x{d}", rounds)
        add(f"normal {n}x{d}", rounds, bound=0.9 * float(np.sqrt(d)))
        add(f"normal {n}x{d}", rounds, quantile=0.0, rate=1.0, bound=3.0)
        add(f"normal {n}x{d}", rounds, quantile=1.0, rate=0.7, bound=0.01)
        add(f"normal, fixed {n}x{d}", rounds, rate=0.0, bound=1.0)
    long = [normal(1340 + t, 11, 3) for t in range(60)]
    final = add("arrives in sixty rounds 11x3", long, rate=0.5)
    assert 1.2 < final < 1.9  # the median of the norm of three normal values is 1.54
    add("zero rows 4x3", [np.zeros((4, 3)), normal(1350, 4, 3)], bound=0.5)
    z = normal(1351, 9, 5)
    z[2], z[6] = exact(np.full(5, 3e38)), exact(np.full(5, -3e38))
    add("opposite 3e38 9x5", [z, z], bound=2.0)
    return {"cases": cases}


def sparsify(x, keep):
    d = x.shape[1]
    count = max(1, int(Fraction(str(keep)) * d))
    kept = np.zeros_like(x, dtype=bool)
    for i, row in enumerate(x):
        kept[i, np.argsort(-np.abs(row), kind="stable")[:count]] = True
    return np.where(kept, x, 0)


def sparsify_cases():
    cases = []

    def add(name, x, keep):
        x = np.array(x, dtype=np.float64)
        expected = {"rows": sparsify(x, keep)}
        case(cases, "sparsify", name, [x], [expected], keep=keep)
        return expected["rows"].tolist()

    assert add("by hand", [[1, -3, 2, 0], [2, -2, 2, -2]], 0.5) == [[0, -3, 2, 0], [2, -2, 0, 0]]
    for seed, (n, d) in enumerate([(1, 3), (7, 5), (10, 17), (3, 100)]):
        for keep in [0.0, 0.01, 0.29, 0.5, 0.7, 1.0]:
            add(f"normal {n}x{d}", normal(1400 + seed, n, d), keep)
    whole = np.random.default_rng(1410).integers(-2, 3, (15, 30)).astype(float)
    for keep in [0.1, 0.4, 0.9]:
        add("small whole numbers 15x30", whole, keep)
    add("zero rows 3x4", np.zeros((3, 4)), 0.5)
    ends = [[3e38, -3e38, 1e-45, -1e-45, 0, 1, 1 + 2.0**-23, 1 - 2.0**-24]]
    for keep in [0.125, 0.25, 0.375, 0.5, 0.625, 0.75]:
        add("ends and neighbors 1x8", exact(ends), keep)
    return {"cases": cases}


def main():
    for stage, made in [
        ("arc", arc_cases()),
        ("bucketing", bucketing_cases()),
        ("quantile-clipping", quantile_cases()),
        ("sparsify", sparsify_cases()),
    ]:
        names = [known["name"] for known in made["cases"]]
        assert len(set(names)) == len(names), stage
        script = {"script": "Tests/Reference/stages.py", "stage": stage}
        write(f"DefensesTests/Fixtures/{stage}.json", script | made)
        print(len(names), "cases")


if __name__ == "__main__":
    main()
