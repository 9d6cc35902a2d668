"""The activations, by NumPy, SciPy, PyTorch and mpmath."""

import mpmath
import numpy as np
import scipy.special
import torch


def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    return scipy.special.expit(x)


def softmax(x, axis=-1):
    return torch.softmax(torch.from_numpy(x), axis)


def log_softmax(x, axis=-1):
    return torch.log_softmax(torch.from_numpy(x), axis)


def sparsemax(x, axis=-1):
    """The threshold by bisection on sum(max(x - t, 0)) = 1."""
    x = np.moveaxis(x, axis, -1)
    largest = np.max(x, -1, keepdims=True) if x.size else 0
    low, high = largest - 1 + np.zeros(x.shape[:-1] + (1,)), largest + np.zeros(x.shape[:-1] + (1,))
    for _ in range(200):
        middle = (low + high) / 2
        above = np.sum(np.maximum(x - middle, 0), -1, keepdims=True) > 1
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    kept = x > low  # what the bisection leaves to say: the threshold itself follows exactly
    exact = np.sum(np.where(kept, x - largest, 0), -1, keepdims=True) - 1
    y = np.where(kept, x - largest - exact / np.sum(kept, -1, keepdims=True), 0)
    return np.moveaxis(np.where(np.isfinite(largest), y, np.nan), -1, axis)


def of_torch(function):
    return lambda x, **arguments: function(torch.from_numpy(x.astype(np.float64)), **arguments)


relu6 = of_torch(torch.nn.functional.relu6)
softsign = of_torch(torch.nn.functional.softsign)
silu = of_torch(torch.nn.functional.silu)
mish = of_torch(torch.nn.functional.mish)
hard_sigmoid = of_torch(torch.nn.functional.hardsigmoid)
hard_swish = of_torch(torch.nn.functional.hardswish)
hard_tanh = of_torch(torch.nn.functional.hardtanh)
log_sigmoid = of_torch(torch.nn.functional.logsigmoid)
elu = of_torch(torch.nn.functional.elu)
selu = of_torch(torch.nn.functional.selu)
celu = of_torch(torch.nn.functional.celu)


def leaky_relu(x, negative_slope=0.2):
    return of_torch(torch.nn.functional.leaky_relu)(x, negative_slope=negative_slope)


def hard_shrink(x, threshold=0.5):
    return of_torch(torch.nn.functional.hardshrink)(x, lambd=threshold)


def soft_shrink(x, threshold=0.5):
    return np.sign(x) * np.maximum(np.abs(x) - threshold, 0)  # PyTorch makes 0 of NaN


def threshold(x, threshold, default_value):
    return of_torch(torch.nn.functional.threshold)(x, threshold=threshold, value=default_value)


def prelu(x, alpha):
    return np.maximum(x, 0) + alpha * np.minimum(x, 0)


def softplus(x):
    return np.logaddexp(0, x)


def by_mpmath(function):
    def of_each(x, **arguments):
        with mpmath.workdps(60):
            values = [function(mpmath.mpf(float(value)), **arguments) for value in x.ravel()]
            return np.reshape(np.array([float(value) for value in values]), x.shape)

    return of_each


@by_mpmath
def squareplus(x, b=4):
    return mpmath.mpf(0) if x == -mpmath.inf else (x + mpmath.sqrt(x * x + mpmath.mpf(b))) / 2


@by_mpmath
def tanh_shrink(x):
    return x - mpmath.tanh(x)


@by_mpmath
def gelu(x, approximate=False):
    if approximate:
        return x * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3))) / 2
    return x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def glu(x, axis=-1):
    a, b = np.split(x, 2, axis)
    return a * scipy.special.expit(b)
