"""Known answers for the attack f3ba (Fang and Chen, Vulnerability of Backdoor Defenses, AAAI 2023).

    python3 Tests/Reference/attacks_f3ba.py

Version 1. Inputs are exact in float32, the rest is float64. Networks are convolutions (no padding) and
dense layers with ReLUs between them; weights are kernel x kernel x input x output channels or inputs x
outputs, before the bias. Cases in which a sign, or a candidate, hangs on rounding are refused.
"""

import numpy as np

from fixture import exact, normal, write


class Network:
    def __init__(self, shape, layers):
        self.shape, self.layers, self.parts = shape, layers, []
        at = 0
        for kind, *sizes in layers:
            if kind == "conv":
                kernel, inputs, outputs = sizes
                dims = (kernel, kernel, inputs, outputs)
            else:
                inputs, outputs = sizes
                dims = (inputs, outputs)
            size = int(np.prod(dims))
            self.parts.append((kind, dims, slice(at, at + size), slice(at + size, at + size + outputs)))
            at += size + outputs
        self.count = at

    def entering(self, flat, x, layer):
        """What enters a layer; for one more than the last, the scores."""
        h = x.reshape((len(x),) + tuple(self.shape)) if self.layers[0][0] == "conv" else x
        for index, (kind, dims, weight, bias) in enumerate(self.parts[:layer]):
            w, b = flat[weight].reshape(dims), flat[bias]
            if kind == "conv":
                rows, columns = h.shape[1] - dims[0] + 1, h.shape[2] - dims[1] + 1
                out = np.zeros((len(h), rows, columns, dims[3]))
                for r in range(rows):
                    for c in range(columns):
                        out[:, r, c] = np.einsum(
                            "iuvc,uvcn->in", h[:, r : r + dims[0], c : c + dims[1]], w) + b
                h = out
            else:
                h = h.reshape(len(h), -1) @ w + b
            if index + 1 < len(self.parts):
                h = np.maximum(h, 0)
        return h


def marked(x, places, values):
    x = x.copy()
    x[:, places] = values
    return x


def candidates(now, before, part, rate):
    scores = (now[part] - before[part]) * now[part]
    ordered = np.sort(scores)
    place = min(int(rate * len(scores)), len(scores) - 1)
    if place > 0:
        assert ordered[place] - ordered[place - 1] > 1e-7
    return [int(i) + part.start for i in np.flatnonzero(scores < ordered[place])]


def blocks(count, low, high):
    size = high - low
    return [(low + i * size // count, low + -(-(i + 1) * size // count)) for i in range(count)]


def signs(net, layer, change, case):
    kind, dims = net.parts[layer][:2]
    if kind != "conv":
        return change.reshape(-1)
    height, width = change.shape[:2]
    rows, columns = (0, height), (0, width)
    if layer == 0:
        pixels = [p // net.shape[2] for p in case["places"]]
        down, across = [p // width for p in pixels], [p % width for p in pixels]
        rows, columns = (min(down), max(down) + 1), (min(across), max(across) + 1)
    out = np.array([[change[a:b, c:d].mean(axis=(0, 1)) for c, d in blocks(dims[1], *columns)]
                    for a, b in blocks(dims[0], *rows)])
    return out.reshape(-1)


def flip(net, case, flat, chosen, x, values, layers):
    p = flat.copy()
    for layer in range(layers):
        if not chosen[layer]:
            continue
        change = (net.entering(p, marked(x, case["places"], values), layer)
                  - net.entering(p, x, layer)).mean(axis=0)
        by = signs(net, layer, change, case)
        outputs = net.parts[layer][1][-1]
        for position in chosen[layer]:
            d = by[(position - net.parts[layer][2].start) // outputs]
            assert d == 0 or abs(d) > 1e-5
            if d != 0:
                p[position] = np.sign(d) * abs(p[position])
    return p


def excitement(net, p, x, places, values):
    change = (net.entering(p, marked(x, places, values), 1) - net.entering(p, x, 1)).mean(axis=0)
    if change.ndim == 3:
        change = change.mean(axis=2)
    return (change**2).sum()


def slope(net, p, x, places, values):
    """By central differences, which are exact here but for rounding: the first layer is piecewise linear."""
    step, out = 1e-6, []
    for index in range(len(values)):
        up, down = values.copy(), values.copy()
        up[index] += step
        down[index] -= step
        out.append((excitement(net, p, x, places, up) - excitement(net, p, x, places, down))
                   / (2 * step))
    return np.array(out)


def run(net, case, flat, before, x):
    hidden = len(net.parts) - 1
    chosen = [candidates(flat, before, net.parts[layer][2],
                         case["convRate"] if net.parts[layer][0] == "conv" else case["denseRate"])
              for layer in range(hidden)]
    values = np.ones(len(case["places"]))
    first = slope(net, flip(net, case, flat, chosen, x, values, min(1, hidden)), x, case["places"],
                  values)
    course = []
    for _ in range(case["steps"]):
        p = flip(net, case, flat, chosen, x, values, min(1, hidden))
        course.append(excitement(net, p, x, case["places"], values))
        values = np.clip(values + case["size"] * slope(net, p, x, case["places"], values),
                         case["low"], case["high"])
    start = flip(net, case, flat, chosen, x, values, hidden)
    turned = int((np.sign(start) != np.sign(flat)).sum())
    return {"candidates": chosen, "slope": first, "trigger": values, "start": start,
            "turned": turned}, course


def case(name, shape, layers, places, target, steps, size, conv, dense, low=-2.0, high=3.0):
    return {"name": name, "shape": shape, "layers": layers, "places": places, "target": target,
            "steps": steps, "size": size, "convRate": conv, "denseRate": dense, "low": low,
            "high": high}


CASES = [
    case("dense", [6], [("dense", 6, 5), ("dense", 5, 4), ("dense", 4, 3)], [0, 1], 0, 3, 0.125,
         0.1, 0.4),
    case("convolutions", [6, 6, 1], [("conv", 3, 1, 3), ("conv", 2, 3, 2), ("dense", 18, 5),
                                     ("dense", 5, 3)], [0, 1, 2, 6, 7, 8], 1, 2, 0.5, 0.4, 0.2),
    case("two channels", [5, 5, 2], [("conv", 2, 2, 3), ("dense", 48, 3)], [0, 1, 2, 3, 10, 11], 2,
         2, 0.25, 0.5, 0.5, low=-0.5, high=1.25),
    case("nothing hidden", [6], [("dense", 6, 3)], [0, 1], 0, 2, 0.125, 0.5, 0.5),
]


def main():
    cases = []
    for seed, known in enumerate(CASES):
        net = Network(known["shape"], known["layers"])
        for attempt in range(100):
            flat = normal(9100 + 500 * seed + attempt, 1, net.count, scale=0.6)[0]
            before = exact(flat + normal(9300 + 500 * seed + attempt, 1, net.count, scale=0.2)[0])
            x = normal(9700 + 500 * seed + attempt, 12, int(np.prod(known["shape"])))
            labels = np.arange(12) % 3
            try:
                expected, course = run(net, known, flat, before, x[labels != known["target"]])
            except AssertionError:
                continue
            hidden = len(net.parts) > 1
            if (expected["turned"] > 0) == hidden and course == sorted(course):
                break
        else:
            raise ValueError(known["name"])
        kinds = [{"kind": kind, "sizes": sizes} for kind, *sizes in known["layers"]]
        cases.append({**known, "layers": kinds, "parameters": flat, "before": before, "inputs": x,
                      "labels": labels, "expected": expected})
        print(known["name"], expected["turned"], expected["trigger"], course)
    write("AttacksTests/Fixtures/f3ba.json", {"cases": cases})


if __name__ == "__main__":
    main()
