"""Writes spiral.json: the tutorial's part F by NumPy, whose gradients are written out by hand.

/usr/bin/python3 spiral.py >spiral.json"""

import json

import numpy as np

np.random.seed(0)
x, y = [], []
for j in range(3):
    r = np.linspace(0, 1, 100)
    t = np.linspace(4 * j, 4 * j + 4, 100) + 0.2 * np.random.randn(100)
    x.append(np.c_[r * np.sin(t), r * np.cos(t)])
    y += [j] * 100
x = np.concatenate(x)
one_hot = np.eye(3)[y]


def draw():
    return [0.1 * np.random.randn(*shape) for shape in [(2, 50), (50, 50), (50, 3)]]


def losses(weights, slope):
    w1, w2, w3 = weights
    b1, b2, b3 = np.zeros(50), np.zeros(50), np.zeros(3)
    result = []
    for i in range(2001):
        h1 = np.tanh(x @ w1 + b1)
        h2 = np.tanh(h1 @ w2 + b2)
        e = np.exp(h2 @ w3 + b3)
        p = e / e.sum(axis=1, keepdims=True)
        if i % 100 == 0:
            penalty = 0.5 * 0.001 * sum((w * w).sum() for w in (w1, w2, w3))
            result.append(float(-np.log((p * one_hot).sum(axis=1)).mean() + penalty))
        d3 = (p - one_hot) / len(x)
        d2 = d3 @ w3.T * slope(h2)
        d1 = d2 @ w2.T * slope(h1)
        w1, b1 = w1 - 0.1 * (x.T @ d1 + 0.001 * w1), b1 - 0.1 * d1.sum(axis=0)
        w2, b2 = w2 - 0.1 * (h1.T @ d2 + 0.001 * w2), b2 - 0.1 * d2.sum(axis=0)
        w3, b3 = w3 - 0.1 * (h2.T @ d3 + 0.001 * w3), b3 - 0.1 * d3.sum(axis=0)
    return result


draw(), draw()  # of the notebook's sigmoid and relu nets
weights = draw()
result = {
    "x": x.ravel().tolist(),
    "w3": weights[2].ravel().tolist(),
    "by_hand": losses(weights, lambda h: 1 - np.tanh(h)**2),
    "by_backward": losses(weights, lambda h: 1 - h**2),
}
print("{" + ",\n".join(f"{json.dumps(name)}: {json.dumps(values)}" for name, values in result.items()) + "}")
