"""BackdoorIndicator -> Tests/DefensesTests/Fixtures/backdoor_indicator.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_backdoor_indicator.py`.

Paper: Li, Dai, "BackdoorIndicator", USENIX Security 2024: the server trains the global model on
examples of another distribution with labels of its own and rejects local models that still know
them.

Conventions
- Models, parameters and gradients as in training.py. Labels: example k of the examples gets k mod
  the number of classes, and these are shuffled by Fisher and Yates from the last place down, in the
  first round, or anew in every round, by the stream of the round, the one at (root seed 3, index of
  the round). Every round goes on with its own stream and shuffles the identity for each epoch of
  planting. Rows are judged by the labels that were planted before.
- Judging, from the second round on: a row is rejected if the model w + x_i predicts the label of at
  least `threshold` of the examples of some label; its suspicion is the largest such share. Ties of
  scores go to the lowest class; here no two scores are closer than 1e-4.
- Planting: u = w + mean of the kept rows (w if none), trained with momentum and decay as in
  training.py on cross-entropy + mu / 2 ||v - u||, gradient 0 at u, or mu / 2 ||v - u||^2. The update
  is v - w, and the next w is w + update rounded to float32.
Computed in float64; the package trains in float32, so updates differ by rounding per step.
"""

import numpy as np

from fixture import exact, formula, write
from finishers_fine_tune import shuffled
from seeds import stream
from training import count, forward, loss_and_gradient

DEFAULTS = {
    "threshold": 0.95,
    "epochs": 40,
    "lr": 0.1,
    "momentum": 0.9,
    "decay": 0.0005,
    "batch": 8,
    "mu": 0.4,
    "proximity": "distance",
    "labels": "fixed",
}


def plant(sizes, start, x, labels, settings, source):
    w, velocity = start.copy(), np.zeros_like(start)
    for _ in range(settings["epochs"]):
        order = shuffled(source, len(labels))
        for begin in range(0, len(labels), settings["batch"]):
            batch = order[begin : begin + settings["batch"]]
            _, g, _ = loss_and_gradient(sizes, w, x[batch], labels[batch])
            difference = w - start
            distance = np.linalg.norm(difference)
            if settings["proximity"] == "square":
                g = g + settings["mu"] * difference
            elif distance > 0:
                g = g + settings["mu"] / 2 * difference / distance
            velocity = settings["momentum"] * velocity + g + settings["decay"] * w
            w = w - settings["lr"] * velocity
    return w


def accuracy(sizes, w, x, labels):
    scores = forward(sizes, w, x)[1]
    ordered = np.sort(scores, axis=1)
    assert np.min(ordered[:, -1] - ordered[:, -2]) > 1e-4
    hits = scores.argmax(axis=1) == labels
    return max(float(hits[labels == c].mean()) for c in sorted(set(labels)))


def case(name, sizes, n, examples, seed, loyal, rounds=3, **given):
    """`loyal` rows hardly move, so that they keep the watermark; the others move at random."""
    settings = {**DEFAULTS, **given}
    g = np.random.default_rng(seed)
    d = count(sizes)
    w = exact(0.3 * g.standard_normal(d))
    x = exact(g.standard_normal((examples, sizes[0])))
    labels = np.zeros(examples, dtype=int)
    result = []
    for number in range(rounds):
        source = stream(3, [number])
        fresh = labels
        if number == 0 or settings["labels"] == "redrawn":
            fresh = np.array([k % sizes[-1] for k in range(examples)])[shuffled(source, examples)]
        if n * d > 10_000:
            edits = [[i, 1 / 256, 0] for i in loyal]
            rows, written = formula(n, d, 37 + number, 101, 251, 125, 64, edits)
        else:
            spread = np.where(np.isin(np.arange(n), loyal), 0.01, 1.5)[:, None]
            rows = written = exact(spread * g.standard_normal((n, d)))
        shares = [accuracy(sizes, w + row, x, labels) for row in rows]
        kept = [i for i in range(n) if number == 0 or shares[i] < settings["threshold"]]
        start = w + rows[kept].mean(axis=0) if kept else w
        v = plant(sizes, start, x, fresh, settings, source)
        result.append(
            {
                "global": w,
                "rows": written,
                "count": n,
                "update": v - w,
                "rejected": [i for i in range(n) if i not in kept],
                "suspicion": None if number == 0 else shares,
                "planted": accuracy(sizes, v, x, fresh),
            }
        )
        labels = fresh
        w = exact(v)
    return {
        "name": name,
        "sizes": sizes,
        "settings": settings,
        "examples": x,
        "rounds": result,
    }


def main():
    seven = case("one of seven keeps it", [9, 3], 7, 12, 1, [3], rounds=4)
    hidden = case("hidden layer", [9, 6, 3], 9, 12, 2, [0, 8], epochs=60)
    twelve = case("three of twelve", [16, 4], 12, 16, 3, [1, 2, 11], proximity="square", mu=0.1)
    everybody = case("everybody", [9, 3], 4, 12, 4, [0, 1, 2, 3])
    vain = case("planted in vain", [9, 3], 5, 12, 5, [0], epochs=1, lr=1e-6)
    plain = case("plain descent", [12, 3], 6, 12, 6, [5], momentum=0.0, decay=0.0, lr=0.5)
    redrawn = case("labels redrawn", [12, 3], 6, 12, 8, [2, 4], labels="redrawn", rounds=4)
    fifty = case("fifty rows of 1,000", [99, 10], 50, 40, 7, range(11), rounds=2, epochs=15)
    # A row that moved far may hit all examples of some label by chance.
    for made, loyal in [(seven, {3}), (hidden, {0, 8}), (twelve, {1, 2, 11}), (plain, {5})] + [
        (fifty, set(range(11))),
        (redrawn, {2, 4}),
    ]:
        for r in made["rounds"][1:]:
            assert loyal <= set(r["rejected"]) and len(r["rejected"]) < r["count"], r["rejected"]
    assert all(len(r["rejected"]) == 4 for r in everybody["rounds"][1:])
    assert not any(r["rejected"] for r in vain["rounds"])
    cases = [seven, hidden, twelve, everybody, vain, plain, redrawn, fifty]
    write(
        "DefensesTests/Fixtures/backdoor_indicator.json",
        {"script": "Tests/Reference/rules_backdoor_indicator.py", "cases": cases},
    )


if __name__ == "__main__":
    main()
