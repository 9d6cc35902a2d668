#!/usr/bin/env python3
"""Writes reference.txt: activations, regularizers with their gradients, and constraints, in float64.

By Keras 3's formulas in NumPy, SciPy and PyTorch. Run by hand; the tests read the file. One array a line: name,
extents joined by x ("-" for a scalar), then the elements as hexadecimal numbers.
"""

import pathlib

import numpy as np
import scipy.special
import torch

EPSILON = 1e-7
LINES = []


def put(name, array):
    array = np.asarray(array, np.float64)
    shape = "x".join(map(str, array.shape)) or "-"
    LINES.append(" ".join([name, shape] + [float(value).hex() for value in array.ravel()]))


# Every kink of every activation, both sides of it, and values so large that exp overflows.
X = np.array([-800, -7, -6, -3, -2.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 2.5, 3, 5, 6, 7, 800.0])
X = X.reshape(5, 4)
T = torch.from_numpy(X)
F = torch.nn.functional


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """The three branches of Keras's documentation."""
    y = np.where(x > threshold, x, negative_slope * (x - threshold))
    return y if max_value is None else np.where(x >= max_value, max_value, y)


def softplus(x):
    return np.logaddexp(x, 0)


def sparsemax(row):
    """By trying every support size: the largest k with 1 + k z_k > sum of the k largest."""
    z = np.sort(row)[::-1]
    k = max(k for k in range(1, len(z) + 1) if 1 + k * z[k - 1] > z[:k].sum())
    return np.maximum(row - (z[:k].sum() - 1) / k, 0)


ACTIVATIONS = {
    "celu": F.celu(T),
    "elu": F.elu(T),
    "exponential": np.exp(X),
    "gelu": X * scipy.special.ndtr(X),
    "glu": X[:, :2] * scipy.special.expit(X[:, 2:]),
    "hard_shrink": np.where(np.abs(X) > 0.5, X, 0),
    "hard_sigmoid": np.clip(X / 6 + 0.5, 0, 1),
    "hard_silu": X * np.clip(X / 6 + 0.5, 0, 1),
    "hard_tanh": np.clip(X, -1, 1),
    "leaky_relu": np.where(X >= 0, X, 0.2 * X),
    "linear": X,
    "log_sigmoid": scipy.special.log_expit(X),
    "log_softmax": scipy.special.log_softmax(X, -1),
    "mish": X * np.tanh(softplus(X)),
    "relu": np.maximum(X, 0),
    "relu6": np.clip(X, 0, 6),
    "selu": F.selu(T),
    "sigmoid": scipy.special.expit(X),
    "silu": X * scipy.special.expit(X),
    "soft_shrink": np.sign(X) * np.maximum(np.abs(X) - 0.5, 0),
    "softmax": scipy.special.softmax(X, -1),
    "softplus": softplus(X),
    "softsign": X / (1 + np.abs(X)),
    "sparse_plus": np.where(X <= -1, 0, np.where(X >= 1, X, (X + 1) ** 2 / 4)),
    "sparse_sigmoid": np.where(X <= -1, 0, np.where(X >= 1, 1, (X + 1) / 2)),
    "sparsemax": np.apply_along_axis(sparsemax, -1, X),
    "squareplus": np.where(X < 0, 2 / (np.hypot(X, 2) - X), (X + np.hypot(X, 2)) / 2),
    "tanh": np.tanh(X),
    "tanh_shrink": X - np.tanh(X),
    "threshold": np.where(X > 0, X, 0),
}

put("x", X)
for name, y in ACTIVATIONS.items():
    put("activation." + name, y)
put("relu.slope", relu(X, negative_slope=0.3))
put("relu.max", relu(X, max_value=2.5))
put("relu.six", relu(X, max_value=6))
put("relu.threshold", relu(X, threshold=0.5))
put("relu.all", relu(X, negative_slope=0.3, max_value=5, threshold=0.75))
put("relu.slope_and_max", relu(X, negative_slope=0.1, max_value=3))

RANDOM = np.random.RandomState(5)
WEIGHTS = {
    "matrix": RANDOM.normal(size=(4, 3)),
    "wide": RANDOM.normal(size=(2, 5)),
    "row": RANDOM.normal(size=(1, 3)),
    "zero_row": np.array([[1.0, -2, 3], [0, 0, 0], [4, 5, -6]]),
    "zero_column": np.array([[0.0, 1, 2], [0, 3, 0.25], [0, -1, 0.5]]),
    "vector": RANDOM.normal(size=5) * 3,
    "kernel": RANDOM.normal(size=(2, 3, 2, 4)),
    "empty": np.zeros((0, 3)),
}


def orthogonal(w, rows):
    """The mean of |cos| over the pairs, by two loops."""
    w = w if rows else w.T
    norms = torch.linalg.norm(w.detach(), dim=1)
    total = w.sum() * 0
    for i in range(len(w)):
        for j in range(i):
            # The norms of zero rows are held at EPSILON, and have no gradient.
            a, b = (
                torch.linalg.norm(w[k]) if norms[k] > EPSILON else torch.tensor(EPSILON, dtype=torch.float64)
                for k in (i, j)
            )
            total = total + torch.abs((w[i] * w[j]).sum()) / (a * b)
    pairs = len(w) * (len(w) - 1) / 2
    return total / pairs if pairs else total


REGULARIZERS = {
    "l1": lambda w: 0.01 * w.abs().sum(),
    "l2": lambda w: 0.01 * (w * w).sum(),
    "l1_l2": lambda w: 0.01 * w.abs().sum() + 0.01 * (w * w).sum(),
    "l1_l2_options": lambda w: 0.3 * w.abs().sum() + 0.7 * (w * w).sum(),
    "rows": lambda w: 0.01 * orthogonal(w, True),
    "columns": lambda w: 2.5 * orthogonal(w, False),
}


def constrained(w, axis, desired):
    norms = np.sqrt(np.sum(np.square(w), axis=axis, keepdims=True))
    return w * (desired(norms) / (EPSILON + norms))


def min_max(minimum, maximum, rate):
    return lambda norms: rate * np.clip(norms, minimum, maximum) + (1 - rate) * norms


CONSTRAINTS = {
    "max_norm": lambda w: constrained(w, 0, lambda norms: np.clip(norms, 0, 2)),
    "max_norm_all": lambda w: constrained(w, None, lambda norms: np.clip(norms, 0, 0.5)),
    "min_max_norm": lambda w: constrained(w, 0, min_max(0, 1, 1)),
    "min_max_norm_rate": lambda w: constrained(w, -1, min_max(1.5, 2, 0.25)),
    "non_neg": lambda w: np.maximum(w, 0),
    "unit_norm": lambda w: w / (EPSILON + np.sqrt(np.sum(np.square(w), axis=0, keepdims=True))),
}

for name, w in WEIGHTS.items():
    put("weight." + name, w)
    for kind, function in REGULARIZERS.items():
        if kind in ("rows", "columns") and w.ndim != 2:
            continue
        t = torch.tensor(w, requires_grad=True)
        penalty = function(t)
        put(f"{kind}.{name}", penalty.detach().numpy())
        put(f"{kind}.{name}.gradient", torch.autograd.grad(penalty, t)[0].numpy())
    for kind, function in CONSTRAINTS.items():
        put(f"{kind}.{name}", function(w))
put("max_norm_kernel", constrained(WEIGHTS["kernel"], (0, 1, 2), lambda norms: np.clip(norms, 0, 2)))

pathlib.Path(__file__).with_name("reference.txt").write_text("\n".join(LINES) + "\n")
