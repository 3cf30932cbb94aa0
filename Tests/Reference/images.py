"""Known answers of networks on images: scores, loss, and gradients by central differences.

    python3 Tests/Reference/images.py > Tests/TrainingTests/Fixtures/images.json

A plain forward pass in double precision, written from the definitions (cross-correlation with zero
padding; windows that do not fit are left out); numpy 2. Arrays are height x width x channels, weights of
a convolution kernel x kernel x input x output channels. PyTorch 2 (`group_norm`, `conv2d` in
double precision) gives the same scores and, to 3e-10, the same gradients of the last three networks.
"""

import json
import sys

import numpy as np


def convolution(x, weight, bias, stride, padding):
    x = np.pad(x, ((padding, padding), (padding, padding), (0, 0)))
    kernel = weight.shape[0]
    height = (x.shape[0] - kernel) // stride + 1
    width = (x.shape[1] - kernel) // stride + 1
    out = np.empty((height, width, weight.shape[3]))
    for row in range(height):
        for column in range(width):
            window = x[row * stride : row * stride + kernel, column * stride : column * stride + kernel]
            out[row, column] = np.einsum("uvc,uvcn->n", window, weight) + bias
    return out


def pooling(x, size, stride, reduce):
    height = (x.shape[0] - size) // stride + 1
    width = (x.shape[1] - size) // stride + 1
    return np.array([
        [reduce(x[r * stride : r * stride + size, c * stride : c * stride + size], axis=(0, 1)) for c in range(width)]
        for r in range(height)
    ])


def group_norm(x, weight, bias, groups):
    """Wu and He, 2018; the features of a vector are channels at one place."""
    split = x.reshape(-1, groups, x.shape[-1] // groups)
    mean = split.mean(axis=(0, 2), keepdims=True)
    variance = ((split - mean) ** 2).mean(axis=(0, 2), keepdims=True)
    return ((split - mean) / np.sqrt(variance + 1e-5)).reshape(x.shape) * weight + bias


def residual(x, arrays, stride, groups, has_shortcut):
    """The basic block of He et al., 2016, with group normalization; without the ReLU behind."""
    y = group_norm(convolution(x, arrays.pop(0), 0, stride, 1), arrays.pop(0), arrays.pop(0), groups)
    y = convolution(np.maximum(y, 0), arrays.pop(0), 0, 1, 1)
    y = group_norm(y, arrays.pop(0), arrays.pop(0), groups)
    if has_shortcut:
        x = group_norm(convolution(x, arrays.pop(0), 0, stride, 0), arrays.pop(0), arrays.pop(0), groups)
    return y + x


class Network:
    """Layers as (kind, settings); `text` is how a scenario writes them."""

    def __init__(self, shape, layers, classes):
        self.shape, self.layers, self.classes = shape, layers, classes
        self.sizes = []
        height, width, channels = shape
        count = None
        for kind, *settings in layers:
            if kind == "convolution":
                outputs, kernel, stride, padding = settings
                self.sizes += [(kernel, kernel, channels, outputs), (outputs,)]
                height = (height + 2 * padding - kernel) // stride + 1
                width = (width + 2 * padding - kernel) // stride + 1
                channels = outputs
            elif kind == "residual":
                outputs, stride, _ = settings
                norm = [(outputs,), (outputs,)]
                self.sizes += [(3, 3, channels, outputs)] + norm + [(3, 3, outputs, outputs)] + norm
                if stride > 1 or channels != outputs:
                    self.sizes += [(1, 1, channels, outputs)] + norm
                height, width = (height - 1) // stride + 1, (width - 1) // stride + 1
                channels = outputs
            elif kind == "group-norm":
                self.sizes += 2 * [(channels if count is None else count,)]
            elif kind in ("max-pool", "average-pool"):
                size, stride = settings
                height, width = (height - size) // stride + 1, (width - size) // stride + 1
            elif kind == "dense":
                count = height * width * channels if count is None else count
                self.sizes += [(count, settings[0]), (settings[0],)]
                count = settings[0]
        count = height * width * channels if count is None else count
        self.sizes += [(count, classes), (classes,)]

    def text(self):
        names = {
            "convolution": "convolution:channels={},kernel={},stride={},padding={}",
            "max-pool": "max-pool:size={},stride={}",
            "average-pool": "average-pool:size={},stride={}",
            "group-norm": "group-norm:groups={}",
            "residual": "residual:channels={},stride={},groups={}",
            "dense": "dense:units={}",
            "relu": "relu",
        }
        return [names[kind].format(*settings) for kind, *settings in self.layers]

    def count(self):
        return sum(int(np.prod(size)) for size in self.sizes)

    def scores(self, parameters, example):
        arrays, position = [], 0
        for size in self.sizes:
            arrays.append(parameters[position : position + int(np.prod(size))].reshape(size))
            position += int(np.prod(size))
        x = example.reshape(self.shape)
        for kind, *settings in self.layers:
            if kind == "convolution":
                x = convolution(x, arrays.pop(0), arrays.pop(0), *settings[2:])
            elif kind == "max-pool":
                x = pooling(x, *settings, np.max)
            elif kind == "average-pool":
                x = pooling(x, *settings, np.mean)
            elif kind == "relu":
                x = np.maximum(x, 0)
            elif kind == "group-norm":
                x = group_norm(x, arrays.pop(0), arrays.pop(0), *settings)
            elif kind == "residual":
                channels, stride, groups = settings
                x = residual(x, arrays, stride, groups, stride > 1 or x.shape[2] != channels)
                x = np.maximum(x, 0)
            else:
                x = x.reshape(-1) @ arrays.pop(0) + arrays.pop(0)
        return x.reshape(-1) @ arrays.pop(0) + arrays.pop(0)

    def sample(self, batch, random):
        return random.normal(size=(batch, int(np.prod(self.shape))))

    def loss(self, parameters, inputs, labels):
        total = 0.0
        for example, label in zip(inputs, labels):
            scores = self.scores(parameters, example)
            top = scores.max()
            total += top + np.log(np.exp(scores - top).sum()) - scores[label]
        return total / len(labels)


def differences(function, at):
    step, result = 1e-6, np.empty(at.size)
    for index in range(at.size):
        above, below = at.copy(), at.copy()
        above.flat[index] += step
        below.flat[index] -= step
        result[index] = (function(above) - function(below)) / (2 * step)
    return result


def case(name, network, batch, random):
    parameters = np.float64(np.float32(random.uniform(-0.5, 0.5, network.count())))
    inputs = np.float64(np.float32(network.sample(batch, random)))
    labels = random.integers(0, network.classes, batch)
    return {
        "name": name,
        "shape": list(network.shape),
        "layers": network.text(),
        "classes": network.classes,
        "parameters": parameters.tolist(),
        "inputs": inputs.tolist(),
        "labels": labels.tolist(),
        "logits": [network.scores(parameters, x).tolist() for x in inputs],
        "loss": network.loss(parameters, inputs, labels),
        "gradient": differences(lambda p: network.loss(p, inputs, labels), parameters).tolist(),
        "inputGradient": differences(
            lambda x: network.loss(parameters, x, labels), inputs).tolist(),
    }


def main():
    random = np.random.default_rng(13)
    networks = {
        "padding, then maximum": Network(
            (6, 5, 2), [("convolution", 3, 3, 1, 1), ("relu",), ("max-pool", 2, 2), ("dense", 4), ("relu",)], 3),
        "stride 2, nine channels, average": Network(
            (9, 8, 1), [("convolution", 9, 3, 2, 1), ("relu",), ("average-pool", 2, 1), ("convolution", 3, 2, 1, 0), ("relu",)], 4),
        "two convolutions as in LeNet": Network(
            (12, 12, 1),
            [("convolution", 2, 5, 1, 2), ("relu",), ("max-pool", 2, 2), ("convolution", 4, 5, 1, 0), ("relu",),
             ("max-pool", 2, 2), ("dense", 3), ("relu",)], 3),
        "overlapping windows": Network((5, 7, 3), [("max-pool", 3, 2), ("convolution", 2, 1, 1, 0), ("relu",)], 2),
        "group normalization of an image and of a vector": Network(
            (4, 3, 2), [("group-norm", 1), ("convolution", 6, 3, 1, 1), ("group-norm", 3), ("relu",), ("dense", 9),
                        ("group-norm", 3), ("relu",)], 3),
        "groups of nine channels": Network(
            (3, 3, 1), [("convolution", 18, 2, 1, 0), ("group-norm", 2), ("relu",), ("average-pool", 2, 1)], 2),
        "residual blocks, same and half the size": Network(
            (6, 5, 2), [("residual", 4, 1, 2), ("residual", 4, 1, 1), ("residual", 6, 2, 3), ("average-pool", 3, 1)], 3),
    }
    cases = [case(name, network, batch, random) for (name, network), batch in zip(networks.items(), (3, 2, 2, 4, 3, 2, 2))]
    json.dump({"cases": cases}, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
