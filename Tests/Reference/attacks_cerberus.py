"""Known answers for the attack cerberus (Lyu et al., Poisoning with Cerberus, AAAI 2023).

    python3 Tests/Reference/attacks_cerberus.py

Version 1. Inputs are exact in float32, the rest is float64. The trigger takes steps of gradient descent
on the loss of the global model, is clipped, and drawn back into the ball around the scenario's. Local
training minimises cross-entropy + alpha * |w - b| + beta * sum of cos(w - G, u_j).
"""

import numpy as np

from fixture import exact, normal, write
from networks import check, count, gradients


def marked(x, places, values):
    x = x.copy()
    x[:, places] = values
    return x


def tune(case, flat, x):
    start = np.array(case["start"], dtype=np.float64)
    values, losses = start.copy(), []
    aims = np.full(len(x), case["target"])

    def loss(v):
        return gradients(case["sizes"], flat, marked(x, case["places"], v), aims)[0]

    for step in range(case["steps"]):
        slope = gradients(case["sizes"], flat, marked(x, case["places"], values), aims)[2]
        slope = slope.sum(axis=0)[case["places"]]
        check(loss, values, slope)
        losses.append(loss(values))
        values = np.clip(values - case["rate"] * slope, case["low"], case["high"])
        distance = np.linalg.norm(values - start)
        if distance > case["radius"]:
            values = start + case["radius"] / distance * (values - start)
    assert np.linalg.norm(values - start) <= case["radius"] + 1e-12
    return values, losses + [loss(values)]


def term(w, g, b, others, alpha, beta):
    value = alpha * np.linalg.norm(w - b)
    u = w - g
    for v in others:
        norms = np.linalg.norm(u) * np.linalg.norm(v)
        if norms > 0:
            value += beta * (u @ v) / norms
    return value


def term_gradient(w, g, b, others, alpha, beta):
    slope = np.zeros_like(w)
    distance = np.linalg.norm(w - b)
    if distance > 0:
        slope += alpha * (w - b) / distance
    u = w - g
    own = np.linalg.norm(u)
    for v in others:
        other = np.linalg.norm(v)
        if own > 0 and other > 0:
            cosine = u @ v / (own * other)
            slope += beta * (v / (own * other) - cosine * u / own**2)
    return slope


TRIGGERS = [
    {"name": "inside the ball", "sizes": [6, 4, 3], "places": [0, 1], "target": 0, "start": [1, 1],
     "steps": 4, "rate": 0.25, "radius": 4.0, "low": -2.0, "high": 2.0},
    {"name": "on the ball", "sizes": [6, 5, 4, 3], "places": [0, 1, 2], "target": 1,
     "start": [1, 1, 1], "steps": 5, "rate": 2.0, "radius": 0.25, "low": -2.0, "high": 2.0},
    {"name": "clipped", "sizes": [6, 3], "places": [0, 1], "target": 2, "start": [1, 1], "steps": 5,
     "rate": 4.0, "radius": 9.0, "low": 0.5, "high": 1.25},
]


def triggers():
    cases = []
    for seed, case in enumerate(TRIGGERS):
        flat = normal(780 + seed, 1, count(case["sizes"]), scale=0.7)[0]
        x = normal(790 + seed, 14, case["sizes"][0])
        labels = np.arange(14) % 3
        values, losses = tune(case, flat, x[labels != case["target"]])
        cases.append({**case, "parameters": flat, "inputs": x, "labels": labels,
                      "expected": {"values": values, "losses": losses}})
    return cases


def terms():
    cases = []
    for seed, (name, others, alpha, beta) in enumerate([
        ("both", 2, 0.5, 0.25), ("distance alone", 0, 2.0, 0.5), ("cosines alone", 3, 0.0, 1.0),
    ]):
        w, g, b = normal(800 + seed, 3, 9)
        v = normal(810 + seed, others, 9) if others else np.zeros((0, 9))
        before = normal(820 + seed, 1, 9)[0]
        slope = term_gradient(w, g, b, v, alpha, beta)
        check(lambda p: term(p, g, b, v, alpha, beta), w, slope)
        cases.append({"name": name, "local": w, "global": g, "benign": b, "others": v,
                      "alpha": alpha, "beta": beta, "gradient": before, "expected": before + slope})
    w = exact([1, 2, 3])
    zero = np.zeros(3)
    cases.append({"name": "nothing has a direction", "local": w, "global": w, "benign": w,
                  "others": [zero, w], "alpha": 1.0, "beta": 1.0, "gradient": zero,
                  "expected": zero})
    g = exact([1, 0, 0])
    cases.append({"name": "a zero update of another", "local": w, "global": g, "benign": w,
                  "others": [zero], "alpha": 1.0, "beta": 1.0, "gradient": w, "expected": w})
    return cases


def main():
    write("AttacksTests/Fixtures/cerberus.json", {"triggers": triggers(), "terms": terms()})


if __name__ == "__main__":
    main()
