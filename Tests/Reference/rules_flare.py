"""FLARE in float64 -> Tests/DefensesTests/Fixtures/flare.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_flare.py`.

Paper: Wang, Xiao, Chen, Hu, Lou, Hou, "FLARE: defending federated learning against model poisoning
attacks via latent space representations", AsiaCCS 2022. Rows are client updates (local - global).

Conventions
- Models are perceptrons: layer by layer the weight matrix, inputs x outputs and row-major, then the
  bias; ReLU between layers. R_i = the output of the last hidden layer of global + row on the first
  `samples` examples; without a hidden layer the scores of the classes.
- D_ij = mean of k over pairs of different examples within R_i, plus that within R_j, minus twice the
  mean over all pairs of one of R_i and one of R_j; k = exp(-gamma |u - v|^2), gamma = 1 / width where
  it is `auto`. The means within are 1 with a single example.
- Each row votes for the k = max(1, floor(neighbours n)) others of least D, at most n - 1; those
  equally far share what is left for them. Trust = softmax of votes / k / temperature.
- update: the sum of trust x, with length = root times norm of the server's update / norm of x.
- `suspicion` = -votes / k.

Global models, rows and examples are multiples of 2^-10, so that sums are exact in single precision.
No D differs from the k-th least of its row by less than 2e-6, but for equal rows.
"""

import math
from fractions import Fraction

import numpy as np

from fixture import exact, formula, write

CASES = []


def grid(seed, n, d, scale=1.0):
    generator = np.random.default_rng(seed)
    return exact(np.round(scale * generator.standard_normal((n, d)) * 1024) / 1024)


def representation(parameters, widths, x):
    start = 0
    layers = list(zip(widths, widths[1:]))
    for number, (a, b) in enumerate(layers):
        weight = parameters[start : start + a * b].reshape(a, b)
        bias = parameters[start + a * b : start + a * b + b]
        start += a * b + b
        if number == len(layers) - 1 and len(layers) > 1:
            return x
        x = x @ weight + bias
        if number < len(layers) - 1:
            x = np.maximum(x, 0)
    return x


def kernel(u, v, gamma):
    return np.exp(-gamma * np.sum((u[:, None, :] - v[None, :, :]) ** 2, axis=2))


def flare(x, start, widths, data, root, samples, neighbours, temperature, gamma, length):
    n = len(x)
    data = data[:samples]
    m = len(data)
    latent = [representation(start + row, widths, data) for row in x]
    gamma = 1 / latent[0].shape[1] if gamma == "auto" else gamma
    within = []
    for r in latent:
        k = kernel(r, r, gamma)
        within.append((np.sum(k) - np.trace(k)) / (m * (m - 1)) if m > 1 else 1.0)
    count = min(max(math.floor(Fraction(str(neighbours)) * n), 1), n - 1)
    votes = np.zeros(n)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        far = {
            j: within[i] + within[j] - 2 * float(np.mean(kernel(latent[i], latent[j], gamma)))
            for j in others
        }
        # Equal rows are equally far.
        for j in others:
            for k in others:
                if k < j and np.array_equal(x[k], x[j]):
                    far[j] = far[k]
        last = sorted(far.values())[count - 1] if count else 0
        assert all(far[j] == last or abs(far[j] - last) > 2e-6 for j in others), (i, far, last)
        nearer = [j for j in others if far[j] < last]
        tied = [j for j in others if far[j] == last]
        for j in nearer:
            votes[j] += 1
        for j in tied:
            votes[j] += (count - len(nearer)) / len(tied)
    votes = votes / count if count else votes
    trusts = np.exp((votes - votes.max()) / temperature)
    trusts = trusts / trusts.sum()
    factors = trusts.copy()
    if length == "root":
        norms = np.sqrt(np.sum(x * x, axis=1))
        size = math.sqrt(float(np.sum(root * root)))
        factors = np.array([t * size / v if v > 0 else 0.0 for t, v in zip(trusts, norms)])
    return {"update": factors @ x, "weights": trusts, "suspicion": -votes}


def add(name, x, start, widths, data, root, matrices=None, **given):
    defaults = {
        "samples": 20, "neighbours": 0.5, "temperature": 1, "gamma": "auto", "length": "own",
    }
    arguments = {**defaults, **given}
    for part in (x, start, data, root):
        assert np.array_equal(part * 1024, np.round(part * 1024)), name
    expected = flare(x, start, widths, data, root, *arguments.values())
    parts = {"matrix": x.copy(), "global": start, "data": data, "root": root, **(matrices or {})}
    CASES.append({"name": f"{name} {given}", "arguments": given, "widths": widths, **parts,
                  "expected": expected})
    return expected


def size(widths):
    return sum((a + 1) * b for a, b in zip(widths, widths[1:]))


def main():
    for index, (n, widths) in enumerate([(7, [2, 3, 2]), (8, [4, 6, 5, 3]), (9, [5, 3])]):
        d = size(widths)
        start, data = grid(2400 + index, 1, d)[0], grid(2410 + index, 6, widths[0])
        x = grid(2420 + index, n, d, 0.25)
        x[2] = -4 * x[2]
        root = grid(2430 + index, 1, d, 0.25)[0]
        add(f"{widths}", x, start, widths, data, root)
        add(f"{widths}", x, start, widths, data, root, samples=3, temperature=0.25)
        add(f"{widths}", x, start, widths, data, root, neighbours=0.2, gamma=0.5)
        add(f"{widths}", x, start, widths, data, root, neighbours=1, length="root")
        x[4] = x[1]
        x[5] = x[1]
        add(f"three equal rows {widths}", x, start, widths, data, root)
    widths = [2, 3, 2]
    start, data, root = grid(2450, 1, 17)[0], grid(2451, 6, 2), grid(2452, 1, 17)[0]
    add("one row", grid(2453, 1, 17), start, widths, data, root)
    add("two rows", grid(2454, 2, 17), start, widths, data, root)
    add("a zero row", np.vstack([np.zeros((1, 17)), grid(2455, 4, 17)]), start, widths, data, root,
        length="root")
    widths = [20, 32, 10]
    d = size(widths)
    flipped = [[i, -8, 0] for i in range(2, 13)]
    x, json = formula(50, d, 7919, 104729, 409, 204, 1024, flipped)
    start, start_json = formula(1, d, 31, 7907, 1009, 504, 1024)
    data, data_json = formula(12, 20, 17, 29, 211, 90, 64)
    root, root_json = formula(1, d, 37, 7907, 1009, 504, 1024)
    matrices = {"matrix": json, "global": start_json, "data": data_json, "root": root_json}
    got = add("formula, eleven flipped 50x1002", x, start[0], widths, data, root[0], matrices)
    print(np.round(np.array(got["suspicion"])[:15], 2))
    for case in CASES:
        print(case["name"], np.round(case["expected"]["weights"], 3)[:9])
    write(
        "DefensesTests/Fixtures/flare.json",
        {"script": "Tests/Reference/rules_flare.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()
