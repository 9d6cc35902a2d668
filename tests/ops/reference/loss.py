"""The losses, by NumPy: each gives the values of the samples, which `reduced` weighs and reduces."""

import functools

import numpy as np
import scipy.special


def reduced(loss):
    """A loss of one value a sample with Keras's sample weights and reduction."""

    @functools.wraps(loss)
    def with_reduction(y_true, y_pred, reduction="sum_over_batch_size", sample_weight=None, **arguments):
        values = loss(y_true, y_pred, **arguments)
        if sample_weight is not None:
            values = values * np.reshape(sample_weight, np.shape(values))
        if reduction == "none":
            return values
        return np.sum(values) if reduction == "sum" else np.mean(values)

    return with_reduction


def row_mean(values):
    return np.mean(values, -1) if np.ndim(values) else values


@reduced
def mean_squared_error(y_true, y_pred):
    return row_mean((y_true - y_pred) ** 2)


@reduced
def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0):
    y_true = y_true * (1 - label_smoothing) + label_smoothing / 2
    p = scipy.special.expit(y_pred) if from_logits else np.clip(y_pred, 1e-7, 1 - 1e-7)
    return row_mean(-y_true * np.log(p) - (1 - y_true) * np.log1p(-p))


def log_probabilities(y_pred, from_logits):
    if from_logits:
        return scipy.special.log_softmax(y_pred, -1)
    return np.log(np.clip(y_pred / np.sum(y_pred, -1, keepdims=True), 1e-7, 1 - 1e-7))


@reduced
def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0):
    y_true = y_true * (1 - label_smoothing) + label_smoothing / y_pred.shape[-1]
    return -np.sum(y_true * log_probabilities(y_pred, from_logits), -1)


@reduced
def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False):
    labels = np.reshape(y_true, y_pred.shape[:-1] + (1,))
    return -np.take_along_axis(log_probabilities(y_pred, from_logits), labels, -1)[..., 0]


@reduced
def mean_absolute_error(y_true, y_pred):
    return row_mean(np.abs(y_true - y_pred))


@reduced
def mean_absolute_percentage_error(y_true, y_pred):
    return 100 * row_mean(np.abs(y_true - y_pred) / np.maximum(np.abs(y_true), 1e-7))


@reduced
def huber(y_true, y_pred, delta=1):
    return row_mean(scipy.special.huber(delta, y_pred - y_true))


def signed(labels):
    return 2 * labels - 1 if np.all((labels == 0) | (labels == 1)) else labels


@reduced
def hinge(y_true, y_pred):
    return row_mean(np.maximum(1 - signed(y_true) * y_pred, 0))


@reduced
def squared_hinge(y_true, y_pred):
    return row_mean(np.maximum(1 - signed(y_true) * y_pred, 0) ** 2)


@reduced
def categorical_hinge(y_true, y_pred):
    largest = np.max((1 - y_true) * y_pred, -1)
    return np.maximum(largest - np.einsum("...i,...i", y_true, y_pred) + 1, 0)


@reduced
def poisson(y_true, y_pred):
    return row_mean(y_pred - scipy.special.xlogy(y_true, y_pred + 1e-7))


@reduced
def kl_divergence(y_true, y_pred):
    return np.sum(scipy.special.rel_entr(np.clip(y_true, 1e-7, 1), np.clip(y_pred, 1e-7, 1)), -1)


def unit(x, axis):
    return x / np.maximum(np.linalg.norm(x, axis=axis, keepdims=True), 1e-7)


@reduced
def cosine_similarity(y_true, y_pred, axis=-1):
    return -np.sum(unit(y_true, axis) * unit(y_pred, axis), axis)


def total(values, axis):
    return np.sum(values, None if axis is None else tuple(axis))


@reduced
def dice(y_true, y_pred, axis=None):
    return 1 - 2 * total(y_true * y_pred, axis) / (total(y_true + y_pred, axis) + 1e-7)


@reduced
def tversky(y_true, y_pred, alpha=0.5, beta=0.5, axis=None):
    both, labels, predicted = (total(x, axis) for x in (y_true * y_pred, y_true, y_pred))
    return 1 - both / (both + alpha * (labels - both) + beta * (predicted - both) + 1e-7)


@reduced
def log_cosh(y_true, y_pred):
    return row_mean(np.logaddexp(y_pred - y_true, y_true - y_pred) - np.log(2))


@reduced
def binary_focal_crossentropy(
    y_true, y_pred, apply_class_balancing=False, alpha=0.25, gamma=2, from_logits=False, label_smoothing=0
):
    y_true = y_true * (1 - label_smoothing) + label_smoothing / 2
    p = scipy.special.expit(y_pred) if from_logits else y_pred
    q = np.clip(p, 1e-7, 1 - 1e-7)
    losses = -y_true * np.log(q) - (1 - y_true) * np.log1p(-q)
    losses *= (1 - y_true * p - (1 - y_true) * (1 - p)) ** gamma
    if apply_class_balancing:
        losses *= y_true * alpha + (1 - y_true) * (1 - alpha)
    return row_mean(losses)


@reduced
def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2, from_logits=False, label_smoothing=0
):
    y_true = y_true * (1 - label_smoothing) + label_smoothing / y_pred.shape[-1]
    log_q = log_probabilities(y_pred, from_logits)
    return np.sum(-alpha * y_true * (1 - np.exp(log_q)) ** gamma * log_q, -1)


@reduced
def mean_squared_logarithmic_error(y_true, y_pred):
    return row_mean((np.log1p(np.maximum(y_true, 1e-7)) - np.log1p(np.maximum(y_pred, 1e-7))) ** 2)
