"""Known answers for the attack critical-layers (Zhuang et al., Backdoor-Critical Layers, ICLR 2024).

    python3 Tests/Reference/attacks_critical_layers.py

Version 1. Inputs are exact in float32, the rest is float64. Both models are trained by steps on all
examples of the client at once; a layer is a weight or a bias, or both of one dense layer. Cases in which
a prediction hangs on rounding are refused.
"""

import numpy as np

from fixture import normal, write
from networks import count, forward, gradients


def ranges(sizes, unit):
    parts, at = [], 0
    for inputs, outputs in zip(sizes, sizes[1:]):
        ends = [at + inputs * outputs, at + inputs * outputs + outputs]
        if unit == "layer":
            parts.append((at, ends[1]))
        else:
            parts += [(at, ends[0]), (ends[0], ends[1])]
        at = ends[1]
    return parts


def train(sizes, flat, x, labels, steps, rate):
    p = flat.copy()
    for _ in range(steps):
        p = p - rate * gradients(sizes, p, x, labels)[1]
    return p


def hits(case, flat, x):
    logits = forward(case["sizes"], flat, x)[1]
    top = np.sort(logits, axis=1)
    assert (top[:, -1] - top[:, -2]).min() > 1e-4, case["name"]
    return int((logits.argmax(axis=1) == case["target"]).sum())


def attack(case, flat, x, labels):
    sizes, target = case["sizes"], case["target"]
    marked = x.copy()
    marked[:, case["places"]] = 1
    benign = train(sizes, flat, x, labels, case["steps"], 0.25)
    malicious = train(sizes, flat, marked, np.full(len(x), target), case["steps"], 0.25)
    probe = marked[labels != target]
    parts = ranges(sizes, case["unit"])
    whole = hits(case, malicious, probe)
    left = []
    for start, stop in parts:
        p = malicious.copy()
        p[start:stop] = benign[start:stop]
        left.append(hits(case, p, probe))
    chosen, model, reached = [], benign.copy(), 0
    for part in np.argsort(left, kind="stable"):
        if reached >= case["tau"] * whole:
            break
        start, stop = parts[part]
        model[start:stop] = malicious[start:stop]
        chosen.append(int(part))
        reached = hits(case, model, probe)
    sent = benign.copy()
    for part in chosen:
        at = slice(*parts[part])
        up, own = malicious[at] - flat[at], benign[at] - flat[at]
        factor = case["lambda"]
        step = -factor * up if case["mode"] == "flip" else factor * up + max(0, 1 - factor) * own
        sent[at] = flat[at] + step
    return {"whole": whole, "benign": hits(case, benign, probe), "left": left, "critical": chosen,
            "sent": sent}


def case(name, sizes, target, steps, tau, factor=1.0, mode="poison", unit="tensor"):
    return {"name": name, "sizes": sizes, "places": [0, 1], "target": target, "steps": steps,
            "tau": tau, "lambda": factor, "mode": mode, "unit": unit}


CASES = [
    case("tensors", [6, 5, 4, 3], 0, 6, 0.95),
    case("half the malicious update", [6, 5, 4, 3], 1, 6, 0.95, factor=0.5),
    case("twice the malicious update", [6, 5, 4, 3], 1, 6, 0.75, factor=2.0),
    case("turned round", [6, 5, 3], 2, 8, 0.95, mode="flip"),
    case("whole layers", [6, 5, 4, 3], 0, 8, 0.9, unit="layer"),
    case("logistic", [6, 3], 1, 8, 0.5),
]


def main():
    cases = []
    for seed, known in enumerate(CASES):
        for attempt in range(200):
            flat = normal(9000 + 1000 * seed + attempt, 1, count(known["sizes"]), scale=0.7)[0]
            x = normal(9500 + 1000 * seed + attempt, 28, known["sizes"][0])
            labels = np.arange(28) % 3
            try:
                # The first client has every example of the first half.
                expected = attack(known, flat, x[:14], labels[:14])
            except AssertionError:
                continue
            parts = len(ranges(known["sizes"], known["unit"]))
            if 0 < len(expected["critical"]) < parts and expected["whole"] >= 4 and (
                    expected["critical"] != sorted(expected["critical"]) or parts < 4):
                break
        else:
            raise ValueError(known["name"])
        cases.append({**known, "parameters": flat, "inputs": x, "labels": labels,
                      "expected": expected})
        print(known["name"], {k: v for k, v in expected.items() if k != "sent"})
    write("AttacksTests/Fixtures/critical-layers.json", {"cases": cases})


if __name__ == "__main__":
    main()
