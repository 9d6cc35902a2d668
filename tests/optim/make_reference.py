#!/usr/bin/env python3
"""Writes reference.txt: trajectories of the optimizers by Keras 3's formulas, in NumPy's float64.

Run by hand; the tests read the file. Each case is a line "case <name>", one "w <float64>…" line with the
parameter's values after each of 25 updates, and one "slot <float64>…" line for each tensor of state at the end.
Numbers are hexadecimal. The gradient is that of a badly scaled quartic, so that it depends on the values.
"""

import pathlib

import numpy as np

STEPS = 25
START = np.array([1.5, -2.0, 0.25, 0.0, 3.0, -0.125, 1e-3])
SCALE = np.array([1.0, 0.1, 10.0, 2.0, 0.5, 1e-3, 100.0])
LINES = []


def gradient(w):
    return SCALE * w * (1 + 0.25 * w * w) - 0.5


def clip(g, clipnorm=None, clipvalue=None):
    if clipnorm is not None:
        norm = np.sqrt(np.sum(g * g))
        g = g * clipnorm / max(norm, clipnorm)
    if clipvalue is not None:
        g = np.clip(g, -clipvalue, clipvalue)
    return g


def sgd(lr=0.01, momentum=0.0, nesterov=False):
    m = np.zeros_like(START)

    def update(w, g, t):
        nonlocal m
        if momentum == 0:
            return w - lr * g, []
        m = momentum * m - lr * g
        return (w + momentum * m - lr * g if nesterov else w + m), [m]

    return update, lr


def adam(lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
    m, v, largest = (np.zeros_like(START) for _ in range(3))

    def update(w, g, t):
        nonlocal m, v, largest
        alpha = lr * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        m = m + (g - m) * (1 - beta_1)
        v = v + (g**2 - v) * (1 - beta_2)
        largest = np.maximum(largest, v)
        return w - m * alpha / (np.sqrt(largest if amsgrad else v) + epsilon), [m, v] + [largest] * amsgrad

    return update, lr


def rmsprop(lr=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
    v, m, average = (np.zeros_like(START) for _ in range(3))

    def update(w, g, t):
        nonlocal v, m, average
        v = rho * v + (1 - rho) * g**2
        average = rho * average + (1 - rho) * g
        step = lr * g / np.sqrt((v - average**2 if centered else v) + epsilon)
        m = momentum * m + step
        return w - m, [v] + [m] * (momentum > 0) + [average] * centered

    return update, lr


def adagrad(lr=0.001, initial_accumulator_value=0.1, epsilon=1e-7):
    a = np.full_like(START, initial_accumulator_value)

    def update(w, g, t):
        nonlocal a
        a = a + g**2
        return w - lr * g / np.sqrt(a + epsilon), [a]

    return update, lr


def put(name, rule, weight_decay=0.0, **clipping):
    update, lr = rule
    w = START.copy()
    LINES.append("case " + name)
    for t in range(1, STEPS + 1):
        g = clip(gradient(w), **clipping)
        w, slots = update(w - w * weight_decay * lr, g, t)
        LINES.append(" ".join(["w"] + [float(x).hex() for x in w]))
    for slot in slots:
        LINES.append(" ".join(["slot"] + [float(x).hex() for x in slot]))


put("sgd", sgd())
put("sgd_momentum", sgd(lr=0.002, momentum=0.9))
put("sgd_nesterov", sgd(lr=0.002, momentum=0.9, nesterov=True))
put("sgd_decay", sgd(), weight_decay=0.5)
put("sgd_clipnorm", sgd(lr=0.1), clipnorm=1.5)
put("sgd_clipvalue", sgd(lr=0.1), clipvalue=0.75)
put("adam", adam())
put("adam_options", adam(lr=0.05, beta_1=0.8, beta_2=0.99, epsilon=1e-3))
put("adam_amsgrad", adam(lr=0.1, beta_2=0.5, amsgrad=True))
put("adam_decay", adam(lr=0.01), weight_decay=0.004)
put("rmsprop", rmsprop())
put("rmsprop_momentum", rmsprop(lr=0.01, rho=0.8, momentum=0.5))
put("rmsprop_centered", rmsprop(lr=0.01, epsilon=1e-3, centered=True))
put("rmsprop_all", rmsprop(lr=0.01, momentum=0.9, epsilon=1e-3, centered=True), weight_decay=0.1)
put("adagrad", adagrad())
put("adagrad_options", adagrad(lr=0.3, initial_accumulator_value=0.0, epsilon=1e-5))

pathlib.Path(__file__).with_name("reference.txt").write_text("\n".join(LINES) + "\n")
