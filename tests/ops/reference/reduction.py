"""The reductions, by NumPy, SciPy and PyTorch."""

import numpy as np
import scipy.special


def axes(axis):
    return None if axis is None else tuple(axis)


def sum(x, axis=None, keepdims=False):
    return np.sum(x, axes(axis), keepdims=keepdims)


def mean(x, axis=None, keepdims=False):
    return np.mean(x, axes(axis), keepdims=keepdims)


def max(x, axis=None, keepdims=False):
    return np.max(x, axes(axis), keepdims=keepdims)


def logsumexp(x, axis=None, keepdims=False):
    if x.size == 0:  # SciPy wants a maximum
        return np.log(np.sum(np.exp(x), axes(axis), keepdims=keepdims))
    return scipy.special.logsumexp(x, axes(axis), keepdims=keepdims)
