#!/usr/bin/env python3
"""Writes torch/<case>.json: how PyTorch trains small nets in float64, from fixed weights on fixed batches.

    make_torch.py [case ...]

Run by hand with Debian's python3-torch; torch_curves_test.cpp builds the same nets. A case is a function of its
name marked with @case: it gives the batches [(x, y), ...], the weights by Keras's names and layouts, in Keras's
order, and a function (x, weights) -> prediction. All are trained by gradient descent with momentum for 20 steps,
on the batches in their order, again and again.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
STEPS = 20
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def draw(*shape):
    return torch.round(torch.randn(*shape) * 100) / 100


def batches(count, rows, inputs, outputs):
    """x of a sample's shape `inputs`; `outputs` is y's, or the number of classes."""
    pairs = []
    for _ in range(count):
        x = draw(rows, *inputs)
        if isinstance(outputs, int):
            y = F.one_hot(torch.randint(outputs, (rows,)), outputs).double()
        else:
            y = draw(rows, *outputs)
        pairs.append((x, y))
    return pairs


def array(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().reshape(-1).tolist()}


def mean_squared_error(y, prediction):
    return F.mse_loss(prediction, y)


def crossentropy(y, logits):
    return F.cross_entropy(logits, y)


def train(name, data, weights, forward, loss, learning_rate=0.05, momentum=0.9, penalty=None, after=None):
    """`penalty(weights)` is added to the loss; `after(x, weights)` gives what evaluates the first batch last."""
    first = {key: array(w) for key, w in weights.items()}
    weights = {key: w.clone().requires_grad_() for key, w in weights.items()}
    optimizer = torch.optim.SGD(weights.values(), lr=learning_rate, momentum=momentum)
    losses = []
    for step in range(STEPS):
        x, y = data[step % len(data)]
        optimizer.zero_grad()
        value = loss(y, forward(x, weights))
        if penalty is not None:
            value = value + penalty(weights)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    with torch.no_grad():
        x, y = data[0]
        final = loss(y, (after or forward)(x, weights))
        if penalty is not None:
            final = final + penalty(weights)
    row = {
        "learning_rate": learning_rate,
        "momentum": momentum,
        "batches": [{"x": array(x), "y": array(y)} for x, y in data],
        "weights": first,
        "losses": losses,
        "final_weights": {key: array(w) for key, w in weights.items()},
        "final_loss": final.item(),
    }
    path = pathlib.Path(__file__).parent / "torch" / f"{name}.json"
    path.write_text(json.dumps(row) + "\n")


@case
def dense(name):
    """Dense(5, tanh, kernel_regularizer=L2(0.01)), Dense(3, relu), Dense(2)"""
    weights = {
        "a/kernel": draw(4, 5) / 2,
        "a/bias": draw(5),
        "b/kernel": draw(5, 3) / 2,
        "b/bias": draw(3),
        "c/kernel": draw(3, 2) / 2,
        "c/bias": draw(2),
    }

    def forward(x, w):
        x = torch.tanh(x @ w["a/kernel"] + w["a/bias"])
        x = F.relu(x @ w["b/kernel"] + w["b/bias"])
        return x @ w["c/kernel"] + w["c/bias"]

    def penalty(w):
        return 0.01 * (w["a/kernel"] ** 2).sum()

    train(name, batches(4, 6, [4], [2]), weights, forward, mean_squared_error, penalty=penalty)


def convolution(x, kernel, **options):
    """Of [batch, height, width, channels] with Keras's kernel."""
    y = F.conv2d(x.permute(0, 3, 1, 2), kernel.permute(3, 2, 0, 1), **options)
    return y.permute(0, 2, 3, 1)


@case
def cnn(name):
    """Conv2D(3, 3, same, relu), MaxPooling2D, Conv2D(4, 2, tanh), Flatten, Dense(3, softmax)"""
    weights = {
        "a/kernel": draw(3, 3, 2, 3) / 3,
        "a/bias": draw(3) / 3,
        "b/kernel": draw(2, 2, 3, 4) / 3,
        "b/bias": draw(4) / 3,
        "c/kernel": draw(16, 3) / 3,
        "c/bias": draw(3) / 3,
    }

    def forward(x, w):
        x = F.relu(convolution(x, w["a/kernel"], padding=1) + w["a/bias"])
        x = F.max_pool2d(x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)
        x = torch.tanh(convolution(x, w["b/kernel"]) + w["b/bias"])
        return x.flatten(1) @ w["c/kernel"] + w["c/bias"]

    train(name, batches(3, 4, [6, 6, 2], 3), weights, forward, crossentropy)


@case
def batch_normalization(name):
    """Dense(4, use_bias=False), BatchNormalization(momentum=0.8), ReLU, Dense(3, softmax)"""
    weights = {
        "a/kernel": draw(5, 4) / 2,
        "n/gamma": draw(4),
        "n/beta": draw(4),
        "c/kernel": draw(4, 3) / 2,
        "c/bias": draw(3),
    }
    moving = {"mean": torch.zeros(4), "variance": torch.ones(4)}

    def net(x, w, mean, variance):
        x = (x - mean) / torch.sqrt(variance + 1e-3) * w["n/gamma"] + w["n/beta"]
        return F.relu(x) @ w["c/kernel"] + w["c/bias"]

    def forward(x, w):
        x = x @ w["a/kernel"]
        mean, variance = x.mean(0), x.var(0, unbiased=False)
        for key, value in [("mean", mean), ("variance", variance)]:
            moving[key] = 0.8 * moving[key] + 0.2 * value.detach()
        return net(x, w, mean, variance)

    def after(x, w):
        return net(x @ w["a/kernel"], w, moving["mean"], moving["variance"])

    train(name, batches(3, 7, [5], 3), weights, forward, crossentropy, after=after)


if __name__ == "__main__":
    for chosen in sys.argv[1:] or CASES:
        torch.manual_seed(3)
        CASES[chosen](chosen)
