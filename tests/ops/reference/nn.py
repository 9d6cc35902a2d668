"""The ops of networks, by NumPy, SciPy and PyTorch."""

import numpy as np
import torch
import torch.nn.functional as F


def per_axis(value, axes):
    value = list(np.atleast_1d(value))
    return [int(v) for v in (value * axes if len(value) == 1 else value)]


def same_padding(extent, size, stride, dilation=1):
    """TensorFlow's: the odd pixel at the end."""
    total = max((-(-extent // stride) - 1) * stride + (size - 1) * dilation + 1 - extent, 0)
    return total // 2, total - total // 2


def channels_first(x):
    return torch.tensor(np.moveaxis(x, -1, 1).copy())


def channels_last(y):
    return np.moveaxis(y.numpy(), 1, -1)


def padded(x, size, strides, dilation, padding, value=0.0):
    if padding == "valid":
        return x
    pads = [same_padding(n, k, s, d) for n, k, s, d in zip(x.shape[2:], size, strides, dilation)]
    return F.pad(x, [p for pair in reversed(pads) for p in pair], value=value)


def convolution(x, kernel, bias=None, strides=1, padding="valid", dilation_rate=1, groups=1, relu=False):
    if relu:
        return np.maximum(convolution(x, kernel, bias, strides, padding, dilation_rate, groups), 0)
    axes = x.ndim - 2
    strides, dilation = per_axis(strides, axes), per_axis(dilation_rate, axes)
    size = kernel.shape[:axes]
    images = padded(channels_first(x), size, strides, dilation, padding)
    shape = [
        (n - (k - 1) * d - 1) // s + 1 if n else 0
        for n, k, s, d in zip(images.shape[2:], size, strides, dilation)
    ]
    if 0 in x.shape or 0 in kernel.shape or 0 in shape:
        return np.zeros((x.shape[0], *shape, kernel.shape[-1])) + (0 if bias is None else bias)
    weights = torch.tensor(np.moveaxis(kernel, [-1, -2], [0, 1]).copy())
    function = [F.conv1d, F.conv2d, F.conv3d][axes - 1]
    result = channels_last(function(images, weights, stride=strides, dilation=dilation, groups=groups))
    return result if bias is None else result + bias


conv1d = conv2d = conv3d = convolution


def depthwise_conv2d(x, kernel, **options):
    height, width, channels, multiplier = kernel.shape
    grouped = kernel.reshape(height, width, min(channels, 1), channels * multiplier)
    return convolution(x, grouped, groups=max(channels, 1), **options)


def separable_conv2d(x, depthwise_kernel, pointwise_kernel, **options):
    return convolution(depthwise_conv2d(x, depthwise_kernel, **options), pointwise_kernel)


def conv2d_transpose(x, kernel, strides=1, padding="valid", output_padding=None, dilation_rate=1):
    strides, dilation = per_axis(strides, 2), per_axis(dilation_rate, 2)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation)]
    if output_padding is None:
        more = [0 if padding == "same" else max(k - s, 0) for k, s in zip(reach, strides)]
        size = [n * s + m for n, s, m in zip(x.shape[1:3], strides, more)]
    else:
        less = [2 * (k // 2) if padding == "same" else 0 for k in reach]
        added = per_axis(output_padding, 2)
        size = [(n - 1) * s + k - m + p for n, s, k, m, p in zip(x.shape[1:3], strides, reach, less, added)]
    size = [s if n else 0 for s, n in zip(size, x.shape[1:3])]
    if 0 in x.shape:
        return np.zeros((x.shape[0], *size, kernel.shape[2]))
    weights = torch.tensor(np.moveaxis(kernel, [3, 2], [0, 1]).copy())
    full = channels_last(F.conv_transpose2d(channels_first(x), weights, stride=strides, dilation=dilation))
    result = np.zeros((x.shape[0], *size, kernel.shape[2]))
    before = [0, 0]
    if padding == "same":
        before = [max(f - n, 0) // 2 for f, n in zip(full.shape[1:3], size)]
    cut = full[:, before[0] : before[0] + size[0], before[1] : before[1] + size[1]]
    result[:, : cut.shape[1], : cut.shape[2]] = cut
    return result


def windows(x, pool_size=2, strides=None, padding="valid"):
    """The pixels of each window, NaN beside the image: (batch, positions.., pixels, channels)."""
    axes = x.ndim - 2
    size = per_axis(pool_size, axes)
    strides = size if strides is None else per_axis(strides, axes)
    pads = [
        same_padding(n, k, s) if padding == "same" else (0, 0)
        for n, k, s in zip(x.shape[1:], size, strides)
    ]
    marked = np.pad(x, [(0, 0), *pads, (0, 0)], constant_values=np.nan)
    if 0 in x.shape[1:-1]:
        positions = [-(-n // s) for n, s in zip(x.shape[1:], strides)]
        return np.zeros((x.shape[0], *positions, 1, x.shape[-1]))
    view = np.lib.stride_tricks.sliding_window_view(marked, size, axis=tuple(range(1, axes + 1)))
    view = view[(slice(None), *(slice(None, None, s) for s in strides))]
    view = np.moveaxis(view, axes + 1, -1)
    return view.reshape(*view.shape[: axes + 1], int(np.prod(size)), x.shape[-1])


def max_pool(x, **options):
    if x.size == 0:
        return np.zeros(windows(x, **options)[..., 0, :].shape)
    return np.nanmax(windows(x, **options), axis=-2)


def average_pool(x, **options):
    return np.nanmean(windows(x, **options), axis=-2)


max_pool1d = max_pool2d = max_pool
average_pool1d = average_pool2d = average_pool


def global_max_pool2d(x, keepdims=False):
    return x.max((1, 2), keepdims=keepdims)


def global_average_pool2d(x, keepdims=False):
    return x.mean((1, 2), keepdims=keepdims)


def spread(v, x, axes):
    axes = [a % x.ndim for a in np.atleast_1d(axes)]
    return v.reshape([n if a in axes else 1 for a, n in enumerate(x.shape)])


def batch_normalization(x, a, b, *rest, axis=-1, operands="", epsilon=1e-3, training=False, statistics=0):
    if training:
        others = tuple(i for i in range(x.ndim) if i != axis % x.ndim)
        mean, variance = x.mean(others), x.var(others)
        y = (x - spread(mean, x, axis)) / np.sqrt(spread(variance, x, axis) + epsilon)
        y = y * spread(a, x, axis) + spread(b, x, axis)
        return np.concatenate([y.ravel(), mean, variance]) if statistics else y
    scale = spread(rest[-1], x, axis) if "scale" in operands else 1
    offset = spread(rest[0], x, axis) if "offset" in operands else 0
    return (x - spread(a, x, axis)) / np.sqrt(spread(b, x, axis) + epsilon) * scale + offset


def layer_normalization(x, gamma=None, beta=None, axis=(-1,), epsilon=1e-3):
    axes = tuple(axis) or tuple(range(x.ndim))
    y = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)
    return y if gamma is None else y * spread(gamma, x, axes) + spread(beta, x, axes)


def group_normalization(x, gamma=None, beta=None, groups=32, axis=-1, epsilon=1e-3):
    first = np.moveaxis(x, axis, 1)
    groups = first.shape[1] if groups == -1 else groups
    if x.size == 0:
        return x
    weights = [None if v is None else torch.tensor(v) for v in (gamma, beta)]
    y = F.group_norm(torch.tensor(first.copy()), groups, *weights, eps=epsilon)
    return np.moveaxis(y.numpy(), 1, axis)


def rms_normalization(x, scale=None, axis=(-1,), epsilon=1e-6):
    axes = tuple(axis) or tuple(range(x.ndim))
    y = x / np.sqrt((x * x).mean(axes, keepdims=True) + epsilon)
    return y if scale is None else y * spread(scale, x, axes)


def l2_normalize(x, axis=(-1,), epsilon=1e-12):
    axes = tuple(axis) or tuple(range(x.ndim))
    return x / np.sqrt(np.maximum((x * x).sum(axes, keepdims=True), epsilon))


def embedding(table, indices):
    return table[indices.astype(np.int64)]


def one_hot(indices, num_classes, axis=-1):
    return np.moveaxis(np.eye(num_classes)[indices.astype(np.int64)], -1, axis)


def scaled_dot_product_attention(query, key, value, *rest, mask=False, bias=False, is_causal=False, scale=None):
    scale = 1 / np.sqrt(max(query.shape[-1], 1)) if scale is None else scale
    scores = query @ np.swapaxes(key, -1, -2) * scale
    if bias:
        scores = scores + rest[-1]
    allowed = np.ones(scores.shape, bool)
    if mask:
        allowed = allowed & rest[0]
    if is_causal:
        allowed = allowed & np.tri(*scores.shape[-2:], dtype=bool)
    allowed = allowed & (scores != -np.inf)
    largest = np.max(scores, -1, keepdims=True, initial=-1e300, where=allowed)
    weights = np.where(allowed, np.exp(np.where(allowed, scores - largest, 0)), 0)
    total = weights.sum(-1, keepdims=True)
    return weights / np.where(total == 0, 1, total) @ value


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def recurrent(step, x, units, rest, operands, return_sequences, go_backwards, all_results, has_cell=False):
    """Runs a cell (inputs, states) -> states over time; the bias is the cell's business."""
    states = [np.zeros((x.shape[0], units)) for _ in range(2 if has_cell else 1)]
    for k, name in enumerate(["initial_hidden", "initial_cell"]):
        if name in operands:
            states[k] = rest[operands.split(", ").index(name)]
    outputs = np.zeros((x.shape[0], x.shape[1], units))
    for t in range(x.shape[1]):
        states = step(x[:, x.shape[1] - 1 - t if go_backwards else t], *states)
        outputs[:, t] = states[0]
    output = outputs if return_sequences else states[0]
    return np.concatenate([a.ravel() for a in [output, *states]]) if all_results else output


def simple_rnn(
    x, kernel, hidden_kernel, *rest, operands="", return_sequences=False, go_backwards=False, all_results=False
):
    bias = rest[0] if "bias" in operands else 0

    def step(x, h):
        return [np.tanh(x @ kernel + h @ hidden_kernel + bias)]

    return recurrent(
        step, x, len(hidden_kernel), rest, operands, return_sequences, go_backwards, all_results
    )


def lstm(
    x, kernel, hidden_kernel, *rest, operands="", return_sequences=False, go_backwards=False, all_results=False
):
    bias = rest[0] if "bias" in operands else 0

    def step(x, h, c):
        i, f, n, o = np.split(x @ kernel + h @ hidden_kernel + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(n)
        return [sigmoid(o) * np.tanh(c), c]

    return recurrent(
        step, x, len(hidden_kernel), rest, operands, return_sequences, go_backwards, all_results, True
    )


def gru(
    x, kernel, hidden_kernel, *rest, operands="", return_sequences=False, go_backwards=False, all_results=False
):
    bias = rest[0] if "bias" in operands else np.zeros((2, kernel.shape[1]))

    def step(x, h):
        x_z, x_r, x_h = np.split(x @ kernel + bias[0], 3, axis=1)
        h_z, h_r, h_h = np.split(h @ hidden_kernel + bias[1], 3, axis=1)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        return [z * h + (1 - z) * np.tanh(x_h + r * h_h)]

    return recurrent(
        step, x, len(hidden_kernel), rest, operands, return_sequences, go_backwards, all_results
    )


def extract_patches(images, size, strides=None, dilation_rate=1, padding="valid"):
    size, dilation = per_axis(size, 2), per_axis(dilation_rate, 2)
    strides = size if strides is None else per_axis(strides, 2)
    if padding == "same":
        pads = [same_padding(n, k, s, d) for n, k, s, d in zip(images.shape[1:], size, strides, dilation)]
        images = np.pad(images, [(0, 0), *pads, (0, 0)])
    reach = [(k - 1) * d + 1 for k, d in zip(size, dilation)]
    rows = range(0, images.shape[1] - reach[0] + 1, strides[0])
    columns = range(0, images.shape[2] - reach[1] + 1, strides[1])
    result = np.zeros((len(images), len(rows), len(columns), size[0] * size[1] * images.shape[3]))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            patch = images[:, top : top + reach[0] : dilation[0], left : left + reach[1] : dilation[1]]
            result[:, i, j] = patch.reshape(len(images), result.shape[3])
    return result


def resize2d(x, size, interpolation):
    size = per_axis(size, 2)
    if x.size == 0:
        return np.zeros((x.shape[0], *size, x.shape[3]))
    if interpolation == "nearest":
        return channels_last(F.interpolate(channels_first(x), size, mode="nearest-exact"))
    return channels_last(F.interpolate(channels_first(x), size, mode="bilinear", align_corners=False))
