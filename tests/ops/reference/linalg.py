"""Linear algebra, by NumPy."""

import numpy as np


def matmul(a, b, transpose_a=False, transpose_b=False):
    return np.matmul(np.swapaxes(a, -1, -2) if transpose_a else a, np.swapaxes(b, -1, -2) if transpose_b else b)


def dense(x, kernel, bias=0):
    return x @ kernel + bias
