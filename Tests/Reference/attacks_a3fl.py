"""Known answers for the attack a3fl (Zhang et al., A3FL, NeurIPS 2023, Algorithm 1).

    python3 Tests/Reference/attacks_a3fl.py

Version 1. Inputs are exact in float32, the rest is float64. Per step on the trigger: the global model
is trained to take marked examples for what they are (full gradients, anew every `every` steps), then
the values go against the sign of the gradient of L(global) + balance * cos(unlearned, global) *
L(unlearned), both with the target as label, and are clipped. Cases in which a sign hangs on rounding
are refused.
"""

import numpy as np

from fixture import normal, write
from networks import check, count, gradients


def marked(x, places, values):
    x = x.copy()
    x[:, places] = values
    return x


def unlearn(sizes, flat, x, labels, steps, rate, checks):
    p = flat.copy()
    for step in range(steps):
        _, slope, _ = gradients(sizes, p, x, labels)
        if checks and step == 0:
            check(lambda q: gradients(sizes, q, x, labels)[0], p, slope)
        p = p - rate * slope
    return p


def optimise(case, flat, x, labels):
    sizes, places, target = case["sizes"], case["places"], case["target"]
    values = np.array(case["start"], dtype=np.float64)
    aims = np.full(len(x), target)
    first, weight, losses = None, 0.0, []
    for step in range(case["steps"]):
        now = marked(x, places, values)
        if step % case["every"] == 0 and case["balance"] > 0:
            other = unlearn(
                sizes, flat, now, labels, case["unlearnSteps"], case["unlearnRate"], step == 0)
            weight = case["balance"] * (other @ flat) / np.sqrt((other @ other) * (flat @ flat))
            if first is None:
                first = (other, weight)

        def loss(v):
            own = gradients(sizes, flat, marked(x, places, v), aims)[0]
            return own + (weight * gradients(sizes, other, marked(x, places, v), aims)[0]
                          if weight else 0)

        slope = gradients(sizes, flat, now, aims)[2].sum(axis=0)[places]
        if weight:
            slope = slope + weight * gradients(sizes, other, now, aims)[2].sum(axis=0)[places]
        if step == 0:
            check(loss, values, slope)
        losses.append(loss(values))
        assert np.abs(slope).min() > 1e-4, (case["name"], slope)
        values = np.clip(values - case["rate"] * np.sign(slope), case["low"], case["high"])
    return values, first, losses


def case(name, sizes, places, target, start, steps, rate, balance, every, unlearn_steps,
         unlearn_rate, low, high):
    return {
        "name": name, "sizes": sizes, "places": places, "target": target, "start": start,
        "steps": steps, "rate": rate, "balance": balance, "every": every,
        "unlearnSteps": unlearn_steps, "unlearnRate": unlearn_rate, "low": low, "high": high,
    }


CASES = [
    case("vector", [6, 4, 3], [0, 1], 0, [1, 1], 6, 0.0625, 1.0, 2, 3, 0.25, -1, 1),
    case("every step", [6, 5, 4, 3], [0, 1, 2], 1, [1, 1, 1], 5, 0.125, 0.5, 1, 4, 0.5, 0, 2),
    case("global alone", [6, 4, 3], [0, 1], 2, [1, 1], 4, 0.25, 0.0, 1, 3, 0.25, -1, 1),
    case("logistic", [6, 3], [0, 1, 2], 0, [1, 1, 1], 4, 0.0625, 2.0, 3, 2, 1.0, -1, 1.5),
]


def main():
    cases = []
    for seed, known in enumerate(CASES):
        flat = normal(740 + seed, 1, count(known["sizes"]), scale=0.7)[0]
        x = normal(760 + seed, 14, known["sizes"][0])
        labels = np.arange(14) % 3
        useful = labels != known["target"]
        values, first, losses = optimise(known, flat, x[useful], labels[useful])
        cases.append({
            **known, "parameters": flat, "inputs": x, "labels": labels,
            "expected": {
                "values": values, "losses": losses,
                "unlearned": first[0] if first else [], "weight": first[1] if first else 0,
            },
        })
    write("AttacksTests/Fixtures/a3fl.json", {"cases": cases})


if __name__ == "__main__":
    main()
