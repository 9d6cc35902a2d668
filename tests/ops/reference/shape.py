"""The ops that move values, by NumPy."""

import numpy as np


def reshape(x, shape):
    return np.reshape(x, shape)


def transpose(x, axes=None):
    return np.transpose(x, axes)


def concatenate(*xs, axis=0):
    return np.concatenate(xs, axis)


def slice(x, slices):
    return eval(f"x[{slices}]") if slices else x


def broadcast_to(x, shape):
    return np.broadcast_to(x, shape)
