"""Fairness among honest clients in float64 -> Tests/MetricsTests/Fixtures/fairness.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1: `python3 Tests/Reference/metrics_fairness.py`.

Conventions. Where a value does not apply it is null.
- worst: the mean of the ceil(h / 10) lowest of h accuracies; gap: the mean of all minus that, null
  for fewer than two clients.
- skew of a client: total variation distance between its distribution of labels and that of all
  clients' examples together, max over sets of classes of the difference of their probabilities.
- loss of a client: 1 - mean over the rounds in which it took part of (the weight that the defense
  gave it / its share in a plain average); a dropped client (weight null) was given 0.
- correlation: Spearman, mid-ranks for ties, over the honest clients with a loss; null for fewer than
  two, and where all skews or all losses are equal.
"""

import itertools

import numpy as np
from scipy import stats

from fixture import write


def worst_case(accuracies):
    values = sorted(accuracies)
    count = -(-len(values) // 10)
    worst = float(np.mean(values[:count])) if values else None
    gap = float(np.mean(values)) - worst if len(values) > 1 else None
    return {"accuracies": accuracies, "worst": worst, "gap": gap}


def skews(counts):
    counts = np.asarray(counts, dtype=float)
    own = counts / counts.sum(axis=1, keepdims=True)
    everybody = counts.sum(axis=0) / counts.sum()
    difference = own - everybody
    classes = range(counts.shape[1])
    subsets = [s for k in classes for s in itertools.combinations(classes, k)]
    return np.max([difference[:, list(s)].sum(axis=1) for s in subsets], axis=0)


def correlation_case(name, counts, controlled, rounds):
    """`rounds`: lists of (client, weight or None, share)."""
    skew = skews(counts)
    parts = {}
    for entries in rounds:
        for client, weight, share in entries:
            if client not in controlled:
                parts.setdefault(client, []).append(0.0 if weight is None else weight / share)
    clients = sorted(parts)
    # What is equal but for rounding is a tie.
    losses = [round(1 - float(np.mean(parts[c])), 12) for c in clients]
    own = [round(float(skew[c]), 12) for c in clients]
    result = None
    if len(set(losses)) > 1 and len(set(own)) > 1:
        result = float(stats.spearmanr(own, losses).statistic)
    return {
        "name": name,
        "counts": counts,
        "controlled": controlled,
        "rounds": [
            [{"client": c, "weight": w, "share": s} for c, w, s in entries] for entries in rounds
        ],
        "skews": skew,
        "correlation": result,
    }


def drawn(seed, clients, classes, controlled, weigh):
    generator = np.random.default_rng(seed)
    shares = generator.dirichlet([0.5] * classes, size=clients)
    counts = [[int(v) for v in generator.multinomial(40, row)] for row in shares]
    rounds = []
    for _ in range(4):
        part = sorted(int(c) for c in generator.choice(clients, clients * 3 // 4, replace=False))
        weights = [weigh(generator, c, counts) for c in part]
        total = sum(w for w in weights if w is not None) or 1.0
        rounds.append(
            [
                (c, None if w is None else w / total, 1 / len(part))
                for c, w in zip(part, weights)
            ]
        )
    return counts, controlled, rounds


def against_minorities(generator, client, counts):
    """Full weight for the even, little for the others, and sometimes a dropped update."""
    largest = max(counts[client]) / sum(counts[client])
    if largest > 0.8:
        return 0.0 if generator.random() < 0.8 else None
    return float(round(1.5 - largest, 2))


def main():
    generator = np.random.default_rng(5)
    accuracies = [
        [],
        [0.75],
        [0.5, 0.75],
        [0.5, 0.5, 0.5],
        [0.9, 0.1, 0.8, 0.1, 0.7, 0.6, 0.9, 1.0, 0.4, 0.3],
        [0.9, 0.1, 0.8, 0.1, 0.7, 0.6, 0.9, 1.0, 0.4, 0.3, 0.2],
        [float(v) for v in np.round(generator.random(95), 3)],
    ]
    even = [[5, 5], [5, 5], [5, 5]]
    three = [[10, 0], [5, 5], [8, 2]]
    third = 1 / 3
    write(
        "MetricsTests/Fixtures/fairness.json",
        {
            "worst": [worst_case(values) for values in accuracies],
            "correlation": [
                # 23 of 30 labels are the first: skews of 7/30, 8/30 and 1/30.
                correlation_case(
                    "the skewed are rejected",
                    three,
                    [],
                    [[(0, 0.25, third), (1, 0.0, third), (2, 0.75, third)]],
                ),
                correlation_case(
                    "the skewed are preferred",
                    three,
                    [],
                    [[(0, 0.25, third), (1, 0.75, third), (2, 0.0, third)]],
                ),
                correlation_case("even labels", even, [], [[(0, 1.0, 0.5), (1, 0.0, 0.5)]]),
                correlation_case("nobody loses", three, [], [[(c, third, third) for c in range(3)]]),
                correlation_case("one honest", three, [0, 1], [[(c, third, third) for c in range(3)]]),
                correlation_case("nobody honest", three, [0, 1, 2], [[(0, 1.0, 1.0)]]),
                correlation_case(
                    "shares of samples are no loss",
                    [[20, 0], [5, 5], [8, 2]],
                    [],
                    [[(0, 0.5, 0.5), (1, 0.25, 0.25), (2, 0.25, 0.25)]],
                ),
                correlation_case("drawn", *drawn(1, 30, 5, [3, 7, 12], against_minorities)),
                correlation_case("drawn again", *drawn(2, 12, 3, [0], against_minorities)),
            ],
        },
    )


main()
