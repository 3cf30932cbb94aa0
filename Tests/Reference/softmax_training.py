"""Training of softmax regression on whole batches in float64; not a script of its own.

Parameters are one vector: the weights of shape (inputs, classes), row by row, then the biases. The
loss is the mean cross-entropy over the batch.
"""

import numpy as np


def scores(parameters, inputs, classes):
    d = inputs.shape[1]
    weights = parameters[: d * classes].reshape(d, classes)
    return inputs @ weights + parameters[d * classes :]


def loss(parameters, inputs, labels, classes):
    z = scores(parameters, inputs, classes)
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]))


def gradient(parameters, inputs, labels, classes):
    z = scores(parameters, inputs, classes)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    p /= len(labels)
    return np.concatenate([(inputs.T @ p).ravel(), p.sum(axis=0)])


def difference_quotients(function, parameters, step=1e-6):
    """Central differences of a function of the parameters."""
    result = np.zeros_like(parameters)
    for i in range(len(parameters)):
        high, low = parameters.copy(), parameters.copy()
        high[i] += step
        low[i] -= step
        result[i] = (function(high) - function(low)) / (2 * step)
    return result
