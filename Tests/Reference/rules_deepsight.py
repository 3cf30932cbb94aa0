"""DeepSight in float64 -> Tests/DefensesTests/Fixtures/deepsight.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_deepsight.py`.

Paper: Rieger, Nguyen, Miettinen, Sadeghi, "DeepSight", NDSS 2022. Rows are updates of a dense network
with ReLU between its layers, laid out layer by layer, weights (inputs x outputs, row-major) before
biases; `global` are the parameters that they start from.

Conventions
- energies of the output layer e_c = |db_c| + sum_h |dW_hc|; NEUP_c = e_c^2 / sum e^2, zeros without
  energy; TE = the number of NEUP_c > max(0.01, 1 / C) max NEUP; suspicious if TE <= median(TE) / 2.
- DDif_c, for each set of inputs: the mean of softmax(local)_c / softmax(global)_c. Inputs are the
  upper 24 bits of the words of the streams (round, set, batch) of the rule, 500 inputs to a batch.
  The local model is global + update rounded to single precision.
- HDBSCAN (`density_clusters.py`, no single cluster) of NEUPs and DDifs by Euclidean distance and of db
  by 1 - cos, 1 where one is zero. Rows of one cluster are 0 apart in a view, others 1, noise too; the
  mean of the three views, DDif's being the mean over its sets, is clustered again.
- noise is a cluster of its own row each. A cluster with a suspicious share below 1/3 is accepted.
- S = median of all norms; weights min(1, S / ||x_i||) / accepted; zeros if nobody is accepted.
- suspicion: the suspicious share of the row's cluster.
Scores are single precision in the library: the final clusters must stay when the DDifs are changed by
1e-4 of their spread at random, or the script fails.
"""

import numpy as np

from density_clusters import cluster
from fixture import exact, normal, write
from seeds import stream

CASES = []
LIMIT = 300


def layers(parameters, widths):
    found, start = [], 0
    for a, b in zip(widths, widths[1:]):
        weight = parameters[start : start + a * b].reshape(a, b)
        found.append((weight, parameters[start + a * b : start + a * b + b]))
        start += a * b + b
    return found


def log_softmax(inputs, parameters, widths):
    x = inputs
    for index, (weight, bias) in enumerate(layers(parameters, widths)):
        x = np.maximum(x, 0) if index else x
        x = x @ weight + bias
    x = x - x.max(axis=1, keepdims=True)
    return x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))


def random_inputs(round_number, set_number, count, width):
    batches = []
    for batch in range((count + 499) // 500):
        draws = stream(3, [round_number, set_number, batch])
        size = min(500, count - 500 * batch) * width
        batches += [(draws.word() >> 8) * 2.0**-24 for _ in range(size)]
    return np.array(batches).reshape(count, width)


def views(x, w, widths, samples, sets):
    classes = widths[-1]
    shares, biases = [], []
    for row in x:
        weight, bias = layers(row, widths)[-1]
        squares = (np.abs(bias) + np.sum(np.abs(weight), axis=0)) ** 2
        shares.append(squares / squares.sum() if squares.sum() > 0 else squares)
        biases.append(bias)
    shares, biases = np.array(shares), np.array(biases)
    limits = max(0.01, 1 / classes) * shares.max(axis=1, keepdims=True)
    exceedings = np.sum(shares > limits, axis=1)
    gap = np.abs(shares - limits)[limits[:, 0] > 0]
    assert gap.size == 0 or gap.min() > 1e-9, "a share at the threshold"
    differences = []
    for number in range(sets):
        inputs = random_inputs(0, number, samples, widths[0])
        reference = log_softmax(inputs, w, widths)
        logs = [log_softmax(inputs, exact(w + row), widths) - reference for row in x]
        differences.append([np.mean(np.exp(np.clip(g, -LIMIT, LIMIT)), axis=0) for g in logs])
    return shares, exceedings, biases, np.array(differences)


def euclidean(points):
    return np.sqrt(np.sum((points[:, None] - points[None]) ** 2, axis=2))


def cosine(points):
    norms = np.linalg.norm(points, axis=1)
    n = len(points)
    table = np.ones((n, n))
    for i in range(n):
        for j in range(n):
            if norms[i] > 0 and norms[j] > 0:
                table[i, j] = np.sum((points[i] / norms[i] - points[j] / norms[j]) ** 2) / 2
    np.fill_diagonal(table, 0)
    return (table + table.T) / 2


def apart(table, least, neighbors):
    labels, _ = cluster(table, least, neighbors, False)
    n = len(labels)
    return np.array(
        [[int(i != j and (labels[i] < 0 or labels[i] != labels[j])) for j in range(n)] for i in range(n)]
    )


def final_labels(shares, biases, differences, least, neighbors, single):
    sets = len(differences)
    total = sets * (apart(euclidean(shares), least, neighbors) + apart(cosine(biases), least, neighbors))
    for points in differences:
        total = total + apart(euclidean(points), least, neighbors)
    return cluster(total / (3 * sets), least, neighbors, single)[0]


def deepsight(x, w, widths, samples, sets=3, least=5, neighbors=5, single=False, noise="alone"):
    n = len(x)
    shares, exceedings, biases, differences = views(x, w, widths, samples, sets)
    labels = final_labels(shares, biases, differences, least, neighbors, single)
    generator = np.random.default_rng(1)
    for _ in range(5):
        shift = 1e-4 * generator.standard_normal(differences.shape) * np.std(differences)
        again = final_labels(shares, biases, differences + shift, least, neighbors, single)
        assert again == labels, "clusters that hang on digits"
    suspicious = exceedings <= np.median(exceedings) / 2
    suspicion = np.zeros(n)
    for i in range(n):
        members = [j for j in range(n) if labels[j] == labels[i]] if labels[i] >= 0 else [i]
        suspicion[i] = np.mean(suspicious[members])
        if labels[i] < 0 and noise == "reject":
            suspicion[i] = 1
    accepted = [i for i in range(n) if 3 * suspicion[i] < 1]
    norms = np.sqrt(np.sum(x * x, axis=1))
    bound = float(np.median(norms))
    weights = np.zeros(n)
    for i in accepted:
        weights[i] = (bound / norms[i] if norms[i] > bound else 1) / len(accepted)
    return {
        "update": weights @ x,
        "weights": weights,
        "dispositions": [
            "rejected" if i not in accepted else "downweighted" if norms[i] > bound else "accepted"
            for i in range(n)
        ],
        "suspicion": suspicion,
        "report": {
            "accepted": len(accepted),
            "bound": bound,
            "clusters": max(labels) + 1,
            "suspicious": int(suspicious.sum()),
        },
    }, (shares, exceedings, biases, differences)


def add(name, x, w, widths, samples=200, show=True, **arguments):
    x, w = np.array(x, dtype=np.float64), np.array(w, dtype=np.float64)
    assert np.array_equal(x, exact(x)) and np.array_equal(w, exact(w)), name
    expected, found = deepsight(x, w, widths, samples, **arguments)
    names = {"least": "cluster-size", "neighbors": "neighbours", "sets": "sets", "noise": "noise"}
    given = {names[key]: value for key, value in arguments.items() if key in names}
    if arguments.get("single"):
        given["final"] = "single"
    CASES.append(
        {
            "name": name,
            "arguments": {"samples": samples, **given},
            "widths": widths,
            "matrix": x,
            "global": w,
            "expected": expected,
            "exceedings": found[1],
        }
    )
    if show:
        CASES[-1].update(shares=found[0], biases=found[2], differences=found[3])
    return expected


def size(widths):
    return sum(a * b + b for a, b in zip(widths, widths[1:]))


def population(seed, n, widths, groups, spread=0.05):
    """Groups of rows: a common direction each, at the output layer on some classes only."""
    generator = np.random.default_rng(seed)
    d, classes = size(widths), widths[-1]
    rows, start = np.zeros((n, d)), 0
    for count, touched, strength in groups:
        base = generator.standard_normal(d)
        for i in range(start, start + count):
            row = strength * (base + spread * generator.standard_normal(d))
            weight, bias = layers(row, widths)[-1]
            factor = np.array([1.0 if c in touched else 0.02 for c in range(classes)])
            weight *= factor  # both are views of the row
            bias *= factor
            rows[i] = row
        start += count
    assert start == n
    return exact(rows)


def main():
    # Logistic regression of 1 feature and 4 classes: weights (1 x 4), then 4 biases.
    x = np.zeros((3, 8))
    x[0] = [1, 1, 1, 1, 1, 1, 1, 1]
    x[1] = [2, 0, -1, 1, 0, 2, 1, -1]
    x[2] = [0, 0, 0, 3, 0, 0, 0, 0]
    got = add("known answer 3x8", x, np.zeros(8), [1, 4])
    # Energies (2, 2, 2, 2), (2, 2, 2, 2), (0, 0, 0, 3): exceedings 4, 4, 1 with median 4.
    assert CASES[-1]["exceedings"].tolist() == [4, 4, 1]
    assert got["dispositions"] == ["accepted", "downweighted", "rejected"]
    assert np.allclose(got["weights"], [0.5, 0.5 * np.sqrt(9 / 12), 0])

    wide = [6, 5]
    everything = range(5)
    for seed, (n, f) in enumerate([(7, 1), (12, 3), (20, 6), (50, 11)]):
        w = normal(1600 + seed, 1, size(wide))[0]
        x = population(1610 + seed, n, wide, [(n - f, everything, 0.5), (f, [2], 1.0)])
        add(f"{f} of {n} on one class", x, w, wide, show=n < 20)
        least = max(2, f)
        if n == 50:
            break
        add(f"{f} of {n}, smaller clusters", x, w, wide, least=least, neighbors=2, show=n < 20)
    deep = [4, 9, 5]
    w = normal(1620, 1, size(deep))[0]
    for seed, groups in enumerate(
        [
            [(6, everything, 0.5), (6, everything, 0.7), (5, [0], 0.6)],
            [(8, everything, 0.5), (4, [1, 2], 2.0), (5, everything, 0.6), (1, [3], 0.4)],
        ]
    ):
        x = population(1630 + seed, sum(g[0] for g in groups), deep, groups)
        for single, noise in [(False, "alone"), (True, "reject")][: 1 + seed]:
            add(
                f"two honest groups {seed}, {single}, {noise}", x, w, deep, least=4, neighbors=2,
                single=single, noise=noise, show=False,
            )
    wanted = ["a suspicious row in an accepted cluster", "an unsuspicious row in a rejected cluster"]
    for seed in range(1700, 1900):
        generator = np.random.default_rng(seed)
        w = exact(normal(seed, 1, size(wide))[0] / 4)
        groups = [(4, everything, 0.25), (4, everything, 0.5)]
        groups += [(1, generator.permutation(5)[: 1 + k % 4], 0.25) for k in range(4)]
        x = population(seed, 12, wide, groups, spread=0.4)
        expected, _ = deepsight(x, w, wide, 200, least=3, neighbors=1)
        share = np.array(expected["suspicion"])
        mixed = [np.any((share > 0) & (share < 1 / 3)), np.any((share >= 1 / 3) & (share < 1))]
        for name in [n for n, found in zip(list(wanted), mixed) if found and n in wanted]:
            add(name, x, w, wide, least=3, neighbors=1)
            wanted.remove(name)
        if not wanted:
            break
    assert not wanted, wanted
    w = normal(1641, 1, size(wide))[0]
    x = population(1640, 12, wide, [(12, everything, 0.5)], spread=0.3)
    for single in [False, True]:
        add(f"one cluster of all, {single}", x, w, wide, least=3, neighbors=2, single=single)
    add("two sets, three batches", x[:6], w, wide, samples=1203, sets=2)
    add("one row", x[:1], w, wide)
    add("two rows", x[:2], w, wide)
    add("two rows, noise rejected", x[:2], w, wide, noise="reject")
    add("identical 6 rows", np.tile(x[:1], (6, 1)), w, wide)
    add("zero 4 rows", np.zeros((4, size(wide))), w, wide)
    hidden = x[:5].copy()
    hidden[2] = 0
    add("a zero row", hidden, w, wide)
    steep = exact(1000 * x[:6])
    add("quotients beyond the limit", steep, exact(1000 * w), wide, show=False)
    for case in CASES:
        print(case["name"], case["expected"]["report"])
    write(
        "DefensesTests/Fixtures/deepsight.json",
        {"script": "Tests/Reference/rules_deepsight.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
