"""Clipped super-fine-tuning -> Tests/DefensesTests/Fixtures/fine_tune.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/finishers_fine_tune.py`.

Papers: Fenaux, Wang, Yan, Chung, Kerschbaum, "Hammer and Anvil", arXiv 2509.08089; the schedule is
that of Sha, He, Berrang, Humbert, Zhang, arXiv 2212.09067.

Conventions
- Models, their flat parameters and gradients as in training.py; plain SGD on the mean
  cross-entropy, no momentum, no decay.
- An epoch is a pass in a fresh order, batches of B, the last one smaller. The order is the identity
  shuffled by Fisher and Yates from the last place down (j below i + 1), by the stream at (root seed
  3, index of the round), one stream for all epochs of a run.
- Rate in epoch e: base + (peak - base) (1 - |2 (e mod cycle) / cycle - 1|), peak = lr for
  e < high epochs, then the low rate.
- clip "gradient": each step's gradient times min(1, bound / norm). clip "change": nothing of that,
  and w + (v - w) min(1, bound / ||v - w||) in the end. No bound: null.
Computed in float64; the package trains in float32, so results differ by rounding per step.
"""

import numpy as np

from fixture import exact, normal, write
from seeds import stream
from training import count, loss_and_gradient


def shuffled(source, n):
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        j = source.index(i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def rate(settings, epoch):
    peak = settings["lr"] if epoch < settings["high"] else settings["low"]
    position = 2 * (epoch % settings["cycle"]) / settings["cycle"]
    return settings["base"] + (peak - settings["base"]) * (1 - abs(position - 1))


def fine_tune(sizes, start, x, labels, settings, number):
    w, source = start.copy(), stream(3, [number])
    rates, clipped, steps = [], 0, 0
    for epoch in range(settings["epochs"]):
        order = shuffled(source, len(labels))
        rates.append(rate(settings, epoch))
        for begin in range(0, len(labels), settings["batch"]):
            batch = order[begin : begin + settings["batch"]]
            _, g, _ = loss_and_gradient(sizes, w, x[batch], labels[batch])
            norm = np.linalg.norm(g)
            if settings["clip"] == "gradient" and settings["bound"] is not None:
                clipped += norm > settings["bound"]
                g = g * min(1, settings["bound"] / norm)
            w = w - rates[-1] * g
            steps += 1
    change = float(np.linalg.norm(w - start))
    if settings["clip"] == "change" and settings["bound"] is not None:
        clipped += change > settings["bound"]
        w = start + (w - start) * min(1, settings["bound"] / change)
    return w, rates, int(clipped), steps, change


DEFAULTS = {
    "epochs": 4,
    "lr": 0.1,
    "low": 0.001,
    "base": 0.0003,
    "high": 10,
    "cycle": 4,
    "batch": 32,
    "bound": 5,
    "clip": "gradient",
}


def case(name, sizes, examples, seed, number=0, wants=None, model=None, **given):
    settings = {**DEFAULTS, **given}
    start = normal(seed, 1, count(sizes), scale=0.5)[0] if model is None else exact(model)
    x = normal(seed + 1, examples, sizes[0])
    labels = np.random.default_rng(seed + 2).integers(0, sizes[-1], examples)
    w, rates, clipped, steps, change = fine_tune(sizes, start, x, labels, settings, number)
    if wants == "some":
        assert 0 < clipped < steps, (name, clipped, steps)
    if wants == "acts":
        assert clipped > 0, name
    if wants == "none":
        assert clipped == 0, name
    return {
        "name": name,
        "sizes": sizes,
        "round": number,
        "settings": settings,
        "model": start,
        "inputs": x,
        "labels": labels,
        "rates": rates,
        "clipped": clipped,
        "change": change,
        "expected": w,
    }


def main():
    one_step = case(
        "one step by hand: zero model, one example",
        [1, 2],
        1,
        30,
        model=np.zeros(4),
        epochs=1,
        lr=0.5,
        base=0.25,
        cycle=1,
        bound=None,
    )
    # Scores 0 and 0: the gradient of the scores is 1/2 and -1/2.
    y = 1 - 2 * one_step["labels"][0]
    v = 0.125 * y * one_step["inputs"][0][0]
    assert np.allclose(one_step["expected"], [v, -v, 0.125 * y, -0.125 * y], rtol=1e-15)
    write(
        "DefensesTests/Fixtures/fine_tune.json",
        {
            "script": "Tests/Reference/finishers_fine_tune.py",
            "cases": [
                one_step,
                case("defaults", [6, 3], 20, 1),
                case("two peaks", [6, 3], 20, 4, number=1, epochs=9, high=4, low=0.02),
                case("some gradients clipped", [6, 3], 11, 7, wants="some", bound=1.1, batch=3),
                case("all gradients clipped", [6, 3], 11, 7, wants="acts", bound=0.01, batch=3),
                case("a bound never reached", [6, 3], 11, 7, wants="none", bound=1e6, batch=3),
                case("change clipped", [6, 3], 11, 7, wants="acts", bound=0.05, clip="change"),
                case("change within", [6, 3], 11, 7, wants="none", bound=50.0, clip="change"),
                case("no bound", [6, 3], 11, 7, bound=None, batch=1, number=3),
                case("hidden layer", [5, 4, 3], 13, 10, wants="some", bound=0.5, batch=4),
                case("hidden layer, change", [5, 4, 3], 13, 10, clip="change", bound=0.02),
                case("only low peaks", [5, 4, 3], 13, 10, high=0, low=0.01, number=2),
                case("odd cycle", [5, 4, 3], 13, 10, cycle=3, epochs=7, high=5),
                case("650 parameters", [64, 10], 24, 13, batch=8, wants="some", bound=3.5),
            ],
        },
    )


if __name__ == "__main__":
    main()
