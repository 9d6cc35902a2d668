"""The ops on the graph itself, of the functions that their records pass."""

import numpy as np


def stop_gradient(x):
    return x


def custom_gradient(x):
    return x * np.exp(x)


def checkpoint(x):
    return np.exp(np.tanh(x))
