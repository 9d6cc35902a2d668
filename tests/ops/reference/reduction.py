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


def min(x, axis=None, keepdims=False):
    return np.min(x, axes(axis), keepdims=keepdims)


def prod(x, axis=None, keepdims=False):
    return np.prod(x, axes(axis), keepdims=keepdims)


def var(x, axis=None, keepdims=False, ddof=0):
    return np.var(x, axes(axis), keepdims=keepdims, ddof=ddof)


def std(x, axis=None, keepdims=False, ddof=0):
    return np.std(x, axes(axis), keepdims=keepdims, ddof=ddof)


def norm(x, ord=2, axis=None, keepdims=False):
    # Not numpy.linalg.norm, which takes two axes for a matrix; nor does longdouble overflow.
    x = np.abs(x).astype(np.longdouble)
    if ord == np.inf:
        return np.max(x, axes(axis), keepdims=keepdims)
    return np.sum(x**ord, axes(axis), keepdims=keepdims) ** (np.longdouble(1) / ord)


def argmax(x, axis=None, keepdims=False):
    return np.argmax(x, axis, keepdims=keepdims)


def argmin(x, axis=None, keepdims=False):
    return np.argmin(x, axis, keepdims=keepdims)


def all(x, axis=None, keepdims=False):
    return np.all(x, axes(axis), keepdims=keepdims)


def any(x, axis=None, keepdims=False):
    return np.any(x, axes(axis), keepdims=keepdims)


def cumsum(x, axis=None):
    return np.cumsum(x, axis)


def cumprod(x, axis=None):
    return np.cumprod(x, axis)


def logcumsumexp(x, axis=None):
    x = np.ravel(x) if axis is None else np.moveaxis(x, axis, -1)
    parts = [scipy.special.logsumexp(x[..., : i + 1], -1) for i in range(x.shape[-1])]
    y = np.stack(parts, -1) if parts else x
    return y if axis is None else np.moveaxis(y, -1, axis)


def sort(x, axis):
    return np.sort(x, axis)


def top_k(x, k, sorted=True, indices=False):
    # NaN first, as the largest; a stable order of the negated values keeps equal ones as they stand.
    order = np.argsort(np.where(np.isnan(x), -np.inf, -x), -1, kind="stable")[..., :k]
    order = order if sorted else np.sort(order, -1)
    return order if indices else np.take_along_axis(x, order, -1)
