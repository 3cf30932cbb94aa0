"""Tiny multi-layer perceptrons for the references of training and attacks; not a script of its own.

Parameters lie layer by layer, the weights (inputs x outputs, row-major) before the bias; ReLU
between layers, softmax cross-entropy on top. Everything is float64, forward and backward by hand.
"""

import numpy as np


def layers(sizes, flat):
    views, at = [], 0
    for inputs, outputs in zip(sizes, sizes[1:]):
        w = flat[at : at + inputs * outputs].reshape(inputs, outputs)
        at += inputs * outputs
        views.append((w, flat[at : at + outputs]))
        at += outputs
    assert at == len(flat)
    return views


def count(sizes):
    return sum(inputs * outputs + outputs for inputs, outputs in zip(sizes, sizes[1:]))


def forward(sizes, flat, x):
    """What enters each layer, and the logits."""
    entering, views = [x], layers(sizes, flat)
    for index, (w, b) in enumerate(views):
        z = entering[-1] @ w + b
        entering.append(np.maximum(z, 0) if index + 1 < len(views) else z)
    return entering[:-1], entering[-1]


def cross_entropy(logits, labels):
    """The mean loss, and its gradient by the logits."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(logits))
    delta = np.exp(logarithms)
    delta[rows, labels] -= 1
    return -logarithms[rows, labels].mean(), delta / len(logits)


def gradients(sizes, flat, x, labels):
    """The mean loss, its gradient by the parameters, and that by each input."""
    entering, logits = forward(sizes, flat, x)
    loss, delta = cross_entropy(logits, labels)
    own, inputs = backward(sizes, flat, entering, delta, len(sizes) - 2)
    return loss, own, inputs


def backward(sizes, flat, entering, delta, last):
    """From the gradient by the output of layer `last`, before its ReLU, to the beginning."""
    own = np.zeros_like(flat)
    views, weights = layers(sizes, own), layers(sizes, flat)
    for index in reversed(range(last + 1)):
        views[index][0][:] = entering[index].T @ delta
        views[index][1][:] = delta.sum(axis=0)
        delta = delta @ weights[index][0].T
        if index > 0:
            delta = delta * (entering[index] > 0)
    return own, delta


def check(value, point, gradient, step=1e-6, tolerance=1e-8):
    """Compare a gradient with central differences of `value`, coordinate by coordinate."""
    point = np.asarray(point, dtype=np.float64)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += step
        down[index] -= step
        estimate = (value(up) - value(down)) / (2 * step)
        assert abs(estimate - gradient[index]) < tolerance, (index, estimate, gradient[index])
