"""Linear algebra, by NumPy."""

import numpy as np


def matmul(a, b, transpose_a=False, transpose_b=False):
    return np.matmul(np.swapaxes(a, -1, -2) if transpose_a else a, np.swapaxes(b, -1, -2) if transpose_b else b)


def dense(x, kernel, bias=0):
    return x @ kernel + bias


def dot(a, b):
    return np.dot(a, b)


def outer(a, b):
    return np.outer(a, b)


def trace(x, offset=0, axis1=0, axis2=1):
    return np.trace(x, offset, axis1, axis2)


def diagonal(x, offset=0, axis1=0, axis2=1):
    return np.diagonal(x, offset, axis1, axis2)


def diag(x, k=0):
    return np.diag(x, k)


def _offsets(x):
    return np.subtract.outer(np.zeros(x.shape[-2], int), -np.arange(x.shape[-1])) - np.arange(x.shape[-2])[:, None]


def tril(x, k=0):
    return np.where(_offsets(x) <= k, x, 0)


def triu(x, k=0):
    return np.where(_offsets(x) >= k, x, 0)


def tensordot(a, b, axes=2):
    return np.tensordot(a, b, axes)


def kron(a, b):
    return np.kron(a, b)


def cross(a, b, axis=-1):
    return np.cross(a, b, axis=axis)


def einsum(*operands, subscripts):
    return np.einsum(subscripts, *operands)
