"""Writes reference.json beside this file: losses by Keras's formulas, with their gradients from PyTorch, in float64.

Needs NumPy and PyTorch. Each case has labels, predictions and weights, the values of the samples, what the
reductions make of them, and the gradient of the weighted "sum_over_batch_size" by the predictions.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

EPS = 1e-7
random = np.random.RandomState(7)


def tensor(x):
    return torch.tensor(np.asarray(x), dtype=torch.float64)


def clip(p):
    return torch.clamp(p, EPS, 1 - EPS)


def binary(y, p):
    p = clip(p)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


def smooth(y, smoothing, classes):
    return y * (1 - smoothing) + smoothing / classes


def binary_crossentropy(y, p, from_logits=False, label_smoothing=0.0, axis=-1):
    y = smooth(y, label_smoothing, 2)
    each = F.binary_cross_entropy_with_logits(p, y, reduction="none") if from_logits else binary(y, p)
    return each.mean(axis)


def categorical_crossentropy(y, p, from_logits=False, label_smoothing=0.0, axis=-1):
    y = smooth(y, label_smoothing, y.shape[axis])
    log = F.log_softmax(p, axis) if from_logits else torch.log(clip(p / p.sum(axis, keepdim=True)))
    return -(y * log).sum(axis)


def sparse_categorical_crossentropy(y, p, from_logits=False, axis=-1):
    one_hot = torch.movedim(F.one_hot(y.long(), p.shape[axis]).double(), -1, axis)
    return categorical_crossentropy(one_hot, p, from_logits, axis=axis)


def binary_focal(y, p, balance=False, alpha=0.25, gamma=2.0, label_smoothing=0.0):
    y = smooth(y, label_smoothing, 2)
    focal = (1 - (y * p + (1 - y) * (1 - p))) ** gamma
    weight = y * alpha + (1 - y) * (1 - alpha) if balance else 1
    return (weight * focal * binary(y, p)).mean(-1)


def categorical_focal(y, p, alpha=0.25, gamma=2.0, label_smoothing=0.0):
    y = smooth(y, label_smoothing, y.shape[-1])
    p = clip(p / p.sum(-1, keepdim=True))
    return (alpha * (1 - p) ** gamma * -y * torch.log(p)).sum(-1)


def generalized(y, p, q=0.5):
    one_hot = F.one_hot(y.long().reshape(-1), p.shape[-1]).double()
    return (1 - (p * one_hot).sum(-1) ** q) / q


def huber(y, p, delta=1.0):
    e = p - y
    return torch.where(e.abs() <= delta, 0.5 * e * e, delta * e.abs() - 0.5 * delta**2).mean(-1)


def log_cosh(y, p):
    x = p - y
    return (x + F.softplus(-2 * x) - np.log(2.0)).mean(-1)


def cosine(y, p, axis=-1):
    return -(F.normalize(y, dim=axis, eps=1e-12) * F.normalize(p, dim=axis, eps=1e-12)).sum(axis)


def msle(y, p):
    return ((torch.log(torch.clamp(p, min=EPS) + 1) - torch.log(torch.clamp(y, min=EPS) + 1)) ** 2).mean(-1)


def kl(y, p):
    y, p = torch.clamp(y, EPS, 1), torch.clamp(p, EPS, 1)
    return (y * torch.log(y / p)).sum(-1)


def hinge(y, p, power=1):
    y = 2 * y - 1 if bool(((y == 0) | (y == 1)).all()) else y
    return (torch.clamp(1 - y * p, min=0) ** power).mean(-1)


def categorical_hinge(y, p):
    return torch.clamp(((1 - y) * p).max(-1).values - (y * p).sum(-1) + 1, min=0)


def dice(y, p, axis):
    return 1 - 2 * (y * p).sum(axis) / (y.sum(axis) + p.sum(axis) + EPS)


def tversky(y, p, axis, alpha=0.5, beta=0.5):
    both = (y * p).sum(axis)
    return 1 - both / (both + alpha * ((1 - y) * p).sum(axis) + beta * (y * (1 - p)).sum(axis) + EPS)


def circle(y, p, gamma=80.0, margin=0.4, remove_diagonal=True):
    y = y.reshape(-1)
    d = torch.clamp(1 - p @ p.T, min=0)
    alike = y[:, None] == y[None, :]
    different = ~alike
    if remove_diagonal:
        alike = alike & ~torch.eye(len(y), dtype=torch.bool)
    drawn = -gamma * torch.clamp(margin + d, min=0) * (margin - d)
    pushed = gamma * torch.clamp(1 + margin - d, min=0) * (1 - margin - d)
    minus = torch.tensor(-1e300, dtype=torch.float64)
    return F.softplus(
        torch.logsumexp(torch.where(alike, drawn, minus), 1)
        + torch.logsumexp(torch.where(different, pushed, minus), 1)
    )


def ctc(y, p):
    lengths = (y != 0).sum(-1).long()
    steps = torch.full((p.shape[0],), p.shape[1], dtype=torch.long)
    log = F.log_softmax(p.transpose(0, 1), -1)
    return F.ctc_loss(log, y.long(), steps, lengths, blank=0, reduction="none")


cases = {}


def encode(x):
    x = np.asarray(x)
    return {"shape": list(x.shape), "values": [int(v) if v == int(v) else float(v) for v in x.reshape(-1)]}


def case(name, function, y, p, weight=None, mask=None):
    y, p = tensor(y), tensor(p).requires_grad_()
    values = function(y, p)
    shape = tuple(values.shape)
    counts = torch.ones(shape, dtype=torch.float64) if mask is None else mask(y, values.detach()).double()
    weight = tensor(random.uniform(0, 2, shape)) if weight is None else tensor(weight)
    whole = weight
    while whole.dim() < values.dim():  # a weight stands for all values of its place
        whole = whole.unsqueeze(-1)
    whole = whole * counts
    values = torch.where(counts > 0, values, torch.zeros_like(values))
    weighted = (values * whole).sum() / counts.sum()
    (gradient,) = torch.autograd.grad(weighted, p, retain_graph=True)
    total = whole.expand(shape).sum()
    cases[name] = {
        "y_true": encode(y),
        "y_pred": encode(p.detach()),
        "sample_weight": encode(weight),
        "values": encode(values.detach()),
        "mean": float((values * counts).sum() / counts.sum()),
        "sum": float((values * counts).sum()),
        "weighted": float(weighted),
        "weighted_sum": float((values * whole).sum()),
        "mean_with_sample_weight": float((values * whole).sum() / total),
        "gradient": encode(gradient),
    }


def one_hot(labels, classes):
    return np.eye(classes)[np.asarray(labels)]


def probabilities(*shape):
    x = np.exp(random.normal(size=shape))
    return x / x.sum(-1, keepdims=True)


numbers, others = random.normal(size=(6, 4)), random.normal(size=(6, 4))
zeros = numbers.copy()
zeros[0] = 0
case("mean_squared_error", lambda y, p: ((p - y) ** 2).mean(-1), numbers, others)
case("mean_squared_error_of_sequences", lambda y, p: ((p - y) ** 2).mean(-1), random.normal(size=(3, 5, 2)),
     random.normal(size=(3, 5, 2)), weight=[0.5, 2, 0])
case("mean_absolute_error", lambda y, p: (p - y).abs().mean(-1), numbers, others)
case("mean_absolute_percentage_error", lambda y, p: 100 * ((y - p).abs() / torch.clamp(y.abs(), min=EPS)).mean(-1),
     numbers, others)
case("mean_absolute_percentage_error_of_zeros",
     lambda y, p: 100 * ((y - p).abs() / torch.clamp(y.abs(), min=EPS)).mean(-1), zeros, others)
case("mean_squared_logarithmic_error", msle, np.abs(numbers), others)
case("huber", huber, numbers, 2 * others)
case("huber_narrow", lambda y, p: huber(y, p, 0.3), numbers, others)
case("log_cosh", log_cosh, numbers, 20 * others)
case("cosine_similarity", cosine, numbers, others)
case("cosine_similarity_axis", lambda y, p: cosine(y, p, 0), numbers, others)

bits = random.randint(0, 2, (6, 4)).astype(float)
chances = random.uniform(0.05, 0.95, (6, 4))
saturated = chances.copy()
saturated[0], saturated[1] = 0, 1
case("binary_crossentropy", binary_crossentropy, bits, chances)
case("binary_crossentropy_saturated", binary_crossentropy, bits, saturated)
case("binary_crossentropy_logits", lambda y, p: binary_crossentropy(y, p, True), bits, 30 * others)
case("binary_crossentropy_smooth", lambda y, p: binary_crossentropy(y, p, label_smoothing=0.2), bits, chances)
case("binary_crossentropy_axis", lambda y, p: binary_crossentropy(y, p, axis=0), bits, chances)
case("binary_focal_crossentropy", binary_focal, bits, chances)
case("binary_focal_crossentropy_balanced", lambda y, p: binary_focal(y, p, True, 0.4, 1.5, 0.1), bits, chances)

labels = random.randint(0, 5, 6)
rows = one_hot(labels, 5)
unscaled = random.uniform(0.05, 1, (6, 5))  # need not sum to 1
case("categorical_crossentropy", categorical_crossentropy, rows, unscaled)
case("categorical_crossentropy_logits", lambda y, p: categorical_crossentropy(y, p, True), rows,
     100 * random.normal(size=(6, 5)))
case("categorical_crossentropy_smooth", lambda y, p: categorical_crossentropy(y, p, label_smoothing=0.3), rows,
     unscaled)
case("categorical_crossentropy_axis", lambda y, p: categorical_crossentropy(y, p, axis=1),
     np.moveaxis(one_hot(random.randint(0, 3, (2, 4)), 3), -1, 1), random.uniform(0.05, 1, (2, 3, 4)))
case("categorical_focal_crossentropy", categorical_focal, rows, unscaled)
case("categorical_focal_crossentropy_other", lambda y, p: categorical_focal(y, p, 0.6, 1.0, 0.1), rows, unscaled)
case("sparse_categorical_crossentropy", sparse_categorical_crossentropy, labels, unscaled)
case("sparse_categorical_crossentropy_axis", lambda y, p: sparse_categorical_crossentropy(y, p, axis=1),
     random.randint(0, 3, (2, 4)), random.uniform(0.05, 1, (2, 3, 4)))


def ignoring(ignored, from_logits):
    def function(y, p):
        return sparse_categorical_crossentropy(torch.where(y == ignored, torch.zeros_like(y), y), p, from_logits)
    return function


holes = random.randint(0, 5, (3, 4))
holes[0, 1] = holes[2, 3] = holes[2, 0] = -1
case("sparse_ignoring", ignoring(-1, False), holes, random.uniform(0.05, 1, (3, 4, 5)),
     mask=lambda y, v: y != -1)
case("sparse_ignoring_logits", ignoring(2, True), random.randint(0, 4, (3, 4)), random.normal(size=(3, 4, 4)),
     weight=[1.5, 0.25, 1], mask=lambda y, v: y != 2)
case("categorical_generalized_cross_entropy", generalized, labels, probabilities(6, 5))
case("categorical_generalized_cross_entropy_q", lambda y, p: generalized(y, p, 0.9), labels[:, None],
     probabilities(6, 5))
case("kl_divergence", kl, probabilities(6, 5), probabilities(6, 5))
case("kl_divergence_of_certainty", kl, rows, probabilities(6, 5))
case("poisson", lambda y, p: (p - y * torch.log(p + EPS)).mean(-1), random.poisson(3, (6, 4)),
     random.uniform(0.1, 5, (6, 4)))
case("hinge", hinge, bits, others)
case("hinge_of_signs", hinge, 2 * bits - 1, others)
case("squared_hinge", lambda y, p: hinge(y, p, 2), bits, others)
case("categorical_hinge", categorical_hinge, rows, random.normal(size=(6, 5)))
case("dice", lambda y, p: dice(y, p, (1, 2)), random.randint(0, 2, (4, 3, 2)), random.uniform(0, 1, (4, 3, 2)))
case("tversky", lambda y, p: tversky(y, p, (1,), 0.3, 0.7), bits, chances)

embeddings = random.normal(size=(7, 3))
embeddings /= np.linalg.norm(embeddings, axis=-1, keepdims=True)
positive = lambda y, v: v > 0
case("circle", circle, [0, 1, 0, 2, 1, 0, 3], embeddings, mask=positive)
case("circle_gentle", lambda y, p: circle(y, p, 2.0, 0.25, False), [[0], [1], [0], [2], [1], [0], [3]], embeddings,
     mask=positive)

case("ctc", ctc, [[1, 2, 0, 0], [3, 3, 0, 0], [2, 1, 2, 3]], 2 * random.normal(size=(3, 7, 4)))
case("ctc_tight", ctc, [[1, 1, 2], [0, 0, 0], [2, 0, 0]], random.normal(size=(3, 4, 3)))
case("ctc_sharp", ctc, [[1, 2], [2, 2]], 40 * random.normal(size=(2, 5, 3)))

path = pathlib.Path(__file__).with_name("reference.json")
path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in cases.items()) + "\n}\n")
