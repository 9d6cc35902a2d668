#!/usr/bin/env python3
"""Writes layers_reference.json: what Keras's layers make of an input, with their gradients, in float64.

By Keras 3's definitions in PyTorch. Run by hand with Debian's python3-torch; the tests read the file. A case is a
layer's class and config, its input and weights, whether it is in training, and what it gives: the output, and the
gradients of sum(output * cos(0, 1, 2, ...)) with respect to the input and to the weights that are trained.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)
CASES = []
FIRST = {"data_format": "channels_first"}


def draw(*shape):
    """Numbers of few digits, so that the file stays small."""
    return torch.round(torch.randn(*shape) * 10000) / 10000


def array(tensor):
    values = tensor.detach().double().reshape(-1)
    return {"shape": list(tensor.shape), "values": [float(f"{value:.13g}") for value in values]}


def case(layer, config, x, function, weights=(), frozen=(), training=False, mask=None, integers=False):
    """`function` takes x and all weights; `frozen` are weights that training does not change."""
    x = x.clone().requires_grad_(not integers)
    weights = [w.clone().requires_grad_() for w in weights]
    y = function(x, *weights, *frozen)
    seed = torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)
    wanted = ([] if integers else [x]) + weights
    gradients = torch.autograd.grad((y * seed).sum(), wanted, allow_unused=True) if wanted else []
    gradients = [torch.zeros_like(w) if g is None else g for g, w in zip(gradients, wanted)]
    row = {
        "layer": layer,
        "config": config,
        "training": training,
        "input": array(x),
        "weights": [array(w) for w in [*weights, *frozen]],
        "output": array(y),
        "input_gradient": None if integers else array(gradients[0]),
        "weight_gradients": [array(g) for g in gradients[0 if integers else 1 :]],
    }
    if mask is not None:
        row["mask"] = array(mask)
    CASES.append(row)


def pair(value, count=2):
    return list(value) if isinstance(value, (list, tuple)) else [value] * count


def last_to_first(x):
    return x.movedim(-1, 1)


def first_to_last(x):
    return x.movedim(1, -1)


def borders(n, size, stride, dilation, padding):
    """TensorFlow's zeros before and after: of an odd number one more goes to the end."""
    reach = (size - 1) * dilation + 1
    if padding == "valid":
        return 0, 0
    if padding == "causal":
        return reach - 1, 0
    total = max((math.ceil(n / stride) - 1) * stride + reach - n, 0)
    return total // 2, total - total // 2


def padded(x, size, stride, dilation, padding, value=0.0):
    """x with channels first."""
    widths = []
    for axis in reversed(range(len(size))):
        widths += borders(x.shape[2 + axis], size[axis], stride[axis], dilation[axis], padding)
    return F.pad(x, widths, value=value)


def convolution(x, kernel, strides=1, padding="valid", dilation_rate=1, groups=1):
    axes = kernel.dim() - 2
    stride, dilation = pair(strides, axes), pair(dilation_rate, axes)
    x = padded(last_to_first(x), kernel.shape[:axes], stride, dilation, padding)
    weight = kernel.permute(axes + 1, axes, *range(axes))
    conv = [F.conv1d, F.conv2d, F.conv3d][axes - 1]
    return first_to_last(conv(x, weight, stride=stride, dilation=dilation, groups=groups))


def convolutions():
    def conv(layer, x, kernel, config, act=lambda y: y, use_bias=True):
        windows = {k: config[k] for k in ("strides", "padding", "dilation_rate", "groups") if k in config}
        first = config.get("data_format") == "channels_first"

        def run(x, kernel, bias=None):
            x = first_to_last(x) if first else x
            y = convolution(x, kernel, **windows)
            y = y if bias is None else y + bias
            return act(last_to_first(y) if first else y)

        axes = kernel.dim() - 2
        sizes = {"filters": kernel.shape[-1], "kernel_size": list(kernel.shape[:axes])}
        weights = [kernel] + ([draw(kernel.shape[-1])] if use_bias else [])
        case(layer, {**sizes, "use_bias": use_bias, **config}, x, run, weights)

    conv("Conv1D", draw(2, 6, 3), draw(3, 3, 4), {})
    conv("Conv1D", draw(2, 7, 3), draw(2, 3, 4), {"strides": 2, "padding": "same", "activation": "tanh"}, torch.tanh)
    conv("Conv1D", draw(2, 7, 2), draw(3, 2, 3), {"padding": "causal", "dilation_rate": 2})
    conv("Conv1D", draw(2, 7, 2), draw(3, 2, 3), {"padding": "causal", "strides": 3})
    conv("Conv1D", draw(2, 4, 6), draw(3, 2, 4), {"groups": 2, "padding": "same", **FIRST})
    conv("Conv2D", draw(2, 5, 4, 3), draw(3, 2, 3, 2), {})
    conv("Conv2D", draw(2, 5, 6, 2), draw(3, 4, 2, 3), {"strides": [2, 3], "padding": "same"}, use_bias=False)
    conv("Conv2D", draw(1, 7, 7, 2), draw(3, 3, 2, 2), {"dilation_rate": [2, 3]})
    conv("Conv2D", draw(1, 6, 6, 2), draw(2, 3, 2, 2), {"dilation_rate": 2, "padding": "same"})
    conv("Conv2D", draw(2, 4, 4, 4), draw(3, 3, 2, 6), {"groups": 2, "padding": "same"})
    conv(
        "Conv2D",
        draw(2, 3, 4, 5),
        draw(2, 2, 3, 4),
        {"padding": "same", "activation": "softmax", **FIRST},
        lambda y: torch.softmax(y, -1),
    )
    conv("Conv3D", draw(1, 3, 4, 3, 2), draw(2, 3, 2, 2, 2), {"strides": [1, 2, 1], "padding": "same"})

    def transpose(x, kernel, config):
        stride, padding = pair(config.get("strides", 1)), config.get("padding", "valid")
        dilation = pair(config.get("dilation_rate", 1))

        def run(x, kernel, bias):
            full = F.conv_transpose2d(last_to_first(x), kernel.permute(3, 2, 0, 1), stride=stride, dilation=dilation)
            for axis in range(2):
                n, s = x.shape[1 + axis], stride[axis]
                reach = (kernel.shape[axis] - 1) * dilation[axis] + 1
                extra = config.get("output_padding")
                if extra is not None:
                    target, before = full.shape[2 + axis] + extra, 0
                elif padding == "same":
                    target, before = n * s, max(reach - s, 0) // 2
                else:
                    target, before = n * s + max(reach - s, 0), 0
                widths = [0, max(before + target - full.shape[2 + axis], 0)]
                full = F.pad(full, widths if axis == 1 else [0, 0] + widths).narrow(2 + axis, before, target)
            return first_to_last(full) + bias

        sizes = {"filters": kernel.shape[2], "kernel_size": list(kernel.shape[:2])}
        case("Conv2DTranspose", {**sizes, **config}, x, run, [kernel, draw(kernel.shape[2])])

    transpose(draw(2, 3, 2, 3), draw(3, 2, 2, 3), {})
    transpose(draw(1, 3, 4, 2), draw(3, 3, 2, 2), {"strides": 2, "padding": "same"})
    transpose(draw(1, 2, 3, 2), draw(2, 4, 3, 2), {"strides": [3, 2]})
    transpose(draw(1, 2, 3, 2), draw(2, 2, 2, 2), {"strides": 3, "padding": "same"})
    transpose(draw(1, 3, 3, 1), draw(2, 3, 2, 1), {"dilation_rate": 2})
    transpose(draw(1, 2, 3, 1), draw(3, 3, 2, 1), {"strides": 2, "output_padding": 1})

    def depthwise(x, kernel, strides=1, padding="valid", dilation_rate=1):
        channels, multiplier = kernel.shape[2:]
        flat = kernel.reshape(*kernel.shape[:2], 1, channels * multiplier)
        return convolution(x, flat, strides, padding, dilation_rate, groups=channels)

    for config, x, kernel in [
        ({}, draw(2, 4, 5, 3), draw(2, 3, 3, 1)),
        ({"strides": 2, "padding": "same"}, draw(1, 5, 4, 2), draw(3, 3, 2, 3)),
        ({"dilation_rate": [2, 1]}, draw(1, 5, 4, 2), draw(2, 2, 2, 2)),
    ]:
        sizes = {"kernel_size": list(kernel.shape[:2]), "depth_multiplier": kernel.shape[3]}
        case(
            "DepthwiseConv2D",
            {**sizes, **config},
            x,
            lambda x, k, b: depthwise(x, k, **config) + b,
            [kernel, draw(kernel.shape[2] * kernel.shape[3])],
        )
    point = draw(1, 1, 4, 3)
    case(
        "SeparableConv2D",
        {"filters": 3, "kernel_size": [3, 3], "depth_multiplier": 2, "padding": "same", "activation": "tanh"},
        draw(2, 4, 3, 2),
        lambda x, d, p, b: torch.tanh(convolution(depthwise(x, d, padding="same"), p) + b),
        [draw(3, 3, 2, 2), point, draw(3)],
    )


def pooling():
    def pool(layer, x, config, largest):
        axes = x.dim() - 2
        first = config.get("data_format") == "channels_first"
        size = pair(config.get("pool_size", 2), axes)
        stride = pair(config["strides"], axes) if "strides" in config else size
        one = [1] * axes

        def windows(x, value):
            x = padded(x, size, stride, one, config.get("padding", "valid"), value)
            for axis in range(axes):
                x = x.unfold(2 + axis, size[axis], stride[axis])
            return x.flatten(2 + axes)

        def run(x):
            x = x if first else last_to_first(x)
            if largest:
                y = windows(x, -math.inf).amax(-1)
            else:
                y = windows(x, 0.0).sum(-1) / windows(torch.ones_like(x), 0.0).sum(-1)
            return y if first else first_to_last(y)

        case(layer, config, x, run)

    for largest, name in [(True, "MaxPooling"), (False, "AveragePooling")]:
        pool(name + "1D", draw(2, 7, 3), {}, largest)
        pool(name + "1D", draw(2, 7, 3), {"pool_size": 3, "strides": 2, "padding": "same"}, largest)
        pool(name + "2D", draw(2, 5, 4, 2), {}, largest)
        pool(name + "2D", draw(2, 5, 4, 2), {"pool_size": [3, 2], "strides": [2, 1], "padding": "same"}, largest)
        pool(name + "2D", draw(2, 2, 5, 4), {"pool_size": 3, "strides": 1, **FIRST}, largest)

    x = draw(2, 4, 3)
    kept = torch.tensor([[True, True, False, True], [False, True, False, False]])
    case("GlobalAveragePooling1D", {}, x, lambda x: x.mean(1))
    case("GlobalAveragePooling1D", {"keepdims": True, **FIRST}, x, lambda x: x.mean(2, keepdim=True))
    case(
        "GlobalAveragePooling1D",
        {},
        x,
        lambda x: (x * kept[..., None]).sum(1) / kept.sum(1, keepdim=True),
        mask=kept,
    )
    case("GlobalMaxPooling1D", {}, x, lambda x: x.amax(1))
    image = draw(2, 3, 4, 2)
    case("GlobalAveragePooling2D", {}, image, lambda x: x.mean((1, 2)))
    case("GlobalAveragePooling2D", {**FIRST}, image, lambda x: x.mean((2, 3)))
    case("GlobalMaxPooling2D", {"keepdims": True}, image, lambda x: x.amax((1, 2), keepdim=True))
    case("GlobalMaxPooling2D", {"keepdims": True, **FIRST}, image, lambda x: x.amax((2, 3), keepdim=True))

    def adaptive(layer, function, size, x, config=None):
        config = config or {}
        first = "data_format" in config

        def run(x):
            y = function(x if first else last_to_first(x), size)
            return y if first else first_to_last(y)

        case(layer, {"output_size": size, **config}, x, run)

    adaptive("AdaptiveAveragePooling1D", F.adaptive_avg_pool1d, 3, draw(2, 7, 2))
    adaptive("AdaptiveAveragePooling1D", F.adaptive_avg_pool1d, 5, draw(2, 3, 2))
    adaptive("AdaptiveAveragePooling2D", F.adaptive_avg_pool2d, [3, 2], draw(2, 5, 6, 2))
    adaptive("AdaptiveAveragePooling2D", F.adaptive_avg_pool2d, [2, 4], draw(2, 2, 5, 6), FIRST)
    adaptive("AdaptiveMaxPooling1D", F.adaptive_max_pool1d, 3, draw(2, 7, 2))
    adaptive("AdaptiveMaxPooling2D", F.adaptive_max_pool2d, [3, 4], draw(1, 5, 6, 2))


def reshaping():
    case("Flatten", {}, draw(2, 3, 2, 2), lambda x: x.reshape(2, -1))
    case("Flatten", {**FIRST}, draw(2, 3, 2, 2), lambda x: first_to_last(x).reshape(2, -1))
    case("Flatten", {}, draw(4), lambda x: x.reshape(4, 1))
    case("Reshape", {"target_shape": [3, 2]}, draw(2, 6), lambda x: x.reshape(2, 3, 2))
    case("Reshape", {"target_shape": [-1, 2, 2]}, draw(2, 4, 3), lambda x: x.reshape(2, 3, 2, 2))
    case("Reshape", {"target_shape": [-1]}, draw(2, 2, 3), lambda x: x.reshape(2, 6))
    case("Permute", {"dims": [2, 1]}, draw(2, 3, 4), lambda x: x.permute(0, 2, 1))
    case("Permute", {"dims": [3, 1, 2]}, draw(2, 3, 4, 2), lambda x: x.permute(0, 3, 1, 2))
    case("RepeatVector", {"n": 3}, draw(2, 4), lambda x: x[:, None].expand(2, 3, 4))
    case("Identity", {}, draw(2, 3), lambda x: x * 1)
    case("Rescaling", {"scale": 0.5, "offset": -1.0}, draw(2, 3), lambda x: x * 0.5 - 1)
    case("ZeroPadding1D", {"padding": 2}, draw(2, 3, 2), lambda x: F.pad(x, (0, 0, 2, 2)))
    case("ZeroPadding1D", {"padding": [1, 3]}, draw(2, 3, 2), lambda x: F.pad(x, (0, 0, 1, 3)))
    case("ZeroPadding1D", {"padding": [1, 3], **FIRST}, draw(2, 3, 2), lambda x: F.pad(x, (1, 3)))
    case("ZeroPadding2D", {}, draw(1, 2, 3, 2), lambda x: F.pad(x, (0, 0, 1, 1, 1, 1)))
    case("ZeroPadding2D", {"padding": [1, 2]}, draw(1, 2, 3, 2), lambda x: F.pad(x, (0, 0, 2, 2, 1, 1)))
    case(
        "ZeroPadding2D",
        {"padding": [[1, 2], [0, 3]], **FIRST},
        draw(1, 2, 3, 2),
        lambda x: F.pad(x, (0, 3, 1, 2)),
    )
    case("Cropping1D", {}, draw(2, 4, 2), lambda x: x[:, 1:-1])
    case("Cropping1D", {"cropping": [0, 2]}, draw(2, 4, 2), lambda x: x[:, :-2])
    case("Cropping2D", {}, draw(1, 3, 4, 2), lambda x: x * 1)
    case("Cropping2D", {"cropping": [1, 0]}, draw(1, 3, 4, 2), lambda x: x[:, 1:-1])
    case("Cropping2D", {"cropping": [[1, 0], [0, 2]]}, draw(1, 3, 4, 2), lambda x: x[:, 1:, :-2])
    case("Cropping2D", {"cropping": 1, **FIRST}, draw(1, 2, 3, 4), lambda x: x[:, :, 1:-1, 1:-1])
    case("UpSampling1D", {"size": 3}, draw(2, 3, 2), lambda x: x.repeat_interleave(3, 1))
    case(
        "UpSampling2D",
        {"size": [2, 3]},
        draw(1, 2, 3, 2),
        lambda x: x.repeat_interleave(2, 1).repeat_interleave(3, 2),
    )
    case(
        "UpSampling2D",
        {"interpolation": "bilinear", **FIRST},
        draw(1, 2, 3, 4),
        lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),
    )


def activations():
    x = draw(3, 4)
    case("Activation", {"activation": "tanh"}, x, torch.tanh)
    case("ReLU", {}, x, F.relu)
    case(
        "ReLU",
        {"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.25},
        x,
        lambda x: torch.where(x > 0.25, x.clamp(max=1.0), 0.1 * (x - 0.25)),
    )
    case("LeakyReLU", {}, x, lambda x: F.leaky_relu(x, 0.3))
    case("LeakyReLU", {"negative_slope": 0.5}, x, lambda x: F.leaky_relu(x, 0.5))
    case("ELU", {"alpha": 0.5}, x, lambda x: F.elu(x, 0.5))
    case("PReLU", {}, x, lambda x, a: torch.where(x > 0, x, a * x), [draw(4)])
    case(
        "PReLU",
        {"shared_axes": [1, 2]},
        draw(2, 2, 3, 2),
        lambda x, a: torch.where(x > 0, x, a * x),
        [draw(1, 1, 2)],
    )
    case("Softmax", {}, x, lambda x: torch.softmax(x, -1))
    images = draw(2, 3, 2)
    case("Softmax", {"axis": 1}, images, lambda x: torch.softmax(x, 1))
    case("Softmax", {"axis": [1, 2]}, images, lambda x: torch.softmax(x.flatten(1), 1).reshape(x.shape))
    kept = torch.tensor([[True, False, True, True], [True, True, True, True], [False, False, False, False]])

    def masked(x):
        y = torch.where(kept, torch.exp(x), torch.zeros(()))
        return y / y.sum(-1, keepdim=True).clamp(min=1e-300)

    case("Softmax", {}, x, masked, mask=kept)
    case("GaussianNoise", {"stddev": 0.5}, x, lambda x: x * 1)
    case("GaussianDropout", {"rate": 0.5}, x, lambda x: x * 1)
    case("AlphaDropout", {"rate": 0.5}, x, lambda x: x * 1)
    case("Dropout", {"rate": 0.5}, x, lambda x: x * 1)
    case("SpatialDropout1D", {"rate": 0.5}, images, lambda x: x * 1)
    case("SpatialDropout2D", {"rate": 0.5}, draw(2, 2, 2, 2), lambda x: x * 1)
    case("SpatialDropout3D", {"rate": 0.5}, draw(2, 2, 2, 2, 2), lambda x: x * 1)
    case("ActivityRegularization", {"l1": 0.5}, x, lambda x: x * 1)


def dense():
    case("Dense", {"units": 2}, draw(3, 4), lambda x, k, b: x @ k + b, [draw(4, 2), draw(2)])
    case(
        "Dense",
        {"units": 3, "activation": "sigmoid", "use_bias": False},
        draw(2, 2, 4),
        lambda x, k: torch.sigmoid(x @ k),
        [draw(4, 3)],
    )
    indices = torch.tensor([[0, 3, 1], [2, 2, 0]])
    for mask_zero in (False, True):
        case(
            "Embedding",
            {"input_dim": 4, "output_dim": 2, "mask_zero": mask_zero},
            indices,
            lambda x, table: F.embedding(x, table),
            [draw(4, 2)],
            integers=True,
        )

    def einsum(equation, output_shape, x, kernel, bias=None, axes="", **config):
        config = {"equation": equation, "output_shape": output_shape, "bias_axes": axes, **config}
        weights = [kernel] + ([] if bias is None else [bias])
        case(
            "EinsumDense",
            config,
            x,
            lambda x, k, b=torch.zeros(()): torch.einsum(equation, x, k) + b,
            weights,
        )

    einsum("ab,bc->ac", [3], draw(2, 4), draw(4, 3), draw(3), "c")
    einsum("abc,cd->abd", [-1, 3], draw(2, 3, 2), draw(2, 3), draw(3), "d")
    einsum("abc,cde->abde", [3, 2, 3], draw(2, 3, 2), draw(2, 2, 3), draw(2, 3), "de")
    einsum("...x,xy->...y", [3], draw(2, 2, 4), draw(4, 3), draw(3), "y")
    einsum("ab...,bc->ac...", [3], draw(2, 4, 2), draw(4, 3), draw(3, 1), "c")
    einsum("abc,cd->abd", [2, 3], draw(2, 2, 2), draw(2, 3), draw(2, 1), "b")
    einsum("abcd,cde->abe", [-1, 3], draw(2, 2, 2, 2), draw(2, 2, 3))


def normalisation():
    def batch(x, gamma, beta, mean, variance, axis=-1, epsilon=1e-3):
        shape = [1] * x.dim()
        shape[axis] = -1
        spread = [v.reshape(shape) for v in (gamma, beta, mean, variance)]
        return (x - spread[2]) / torch.sqrt(spread[3] + epsilon) * spread[0] + spread[1]

    def batch_training(x, gamma, beta, *_, axis=-1, kept=None, epsilon=1e-3):
        others = [i for i in range(x.dim()) if i != axis % x.dim()]
        if kept is None:
            mean, variance = x.mean(others), x.var(others, unbiased=False)
        else:
            weight = kept[..., None].expand(x.shape).double()
            count = weight.sum(others, keepdim=True) + 1e-7
            mean = (x * weight).sum(others, keepdim=True) / count
            variance = ((x - mean) ** 2 * weight).sum(others, keepdim=True) / count
            mean, variance = mean.flatten(), variance.flatten()
        return batch(x, gamma, beta, mean, variance, axis, epsilon)

    moving = [draw(3), draw(3) ** 2]
    affine = [draw(3), draw(3)]
    name = "BatchNormalization"
    case(name, {}, draw(4, 3), batch, affine, moving)
    case(name, {"epsilon": 0.01}, draw(2, 2, 3), lambda *a: batch(*a, epsilon=0.01), affine, moving)
    case(name, {}, draw(4, 3), batch_training, affine, moving, training=True)
    case(name, {"momentum": 0.5}, draw(2, 3, 2, 3), batch_training, affine, moving, training=True)
    case(name, {"axis": 1}, draw(2, 3, 4), lambda *a: batch_training(*a, axis=1), affine, moving, training=True)
    case(name, {"trainable": False}, draw(4, 3), batch, [], affine + moving, training=True)
    one, zero = torch.ones(3), torch.zeros(3)
    case(
        name,
        {"center": False},
        draw(4, 3),
        lambda x, g, m, v: batch_training(x, g, zero),
        affine[:1],
        moving,
        training=True,
    )
    case(name, {"scale": False}, draw(4, 3), lambda x, b, m, v: batch(x, one, b, m, v), affine[1:], moving)
    kept = torch.tensor([[True, True, False, True], [False, True, False, False]])
    case(
        name,
        {},
        draw(2, 4, 3),
        lambda *a: batch_training(*a, kept=kept),
        affine,
        moving,
        training=True,
        mask=kept,
    )

    name = "LayerNormalization"
    case(name, {}, draw(2, 4, 3), lambda x, g, b: F.layer_norm(x, [3], g, b, 1e-3), affine)
    case(
        name,
        {"axis": [1, 2], "epsilon": 0.1},
        draw(2, 4, 3),
        lambda x, g, b: F.layer_norm(x, [4, 3], g, b, 0.1),
        [draw(4, 3), draw(4, 3)],
    )

    def along_first(x, g, b):
        return F.layer_norm(x.movedim(1, -1), [4], g, b, 1e-3).movedim(-1, 1)

    case(name, {"axis": 1}, draw(2, 4, 3), along_first, [draw(4), draw(4)])
    case(name, {"center": False}, draw(2, 3), lambda x, g: F.layer_norm(x, [3], g, None, 1e-3), affine[:1])
    case(name, {"scale": False}, draw(2, 3), lambda x, b: F.layer_norm(x, [3], None, b, 1e-3), affine[1:])

    def group(x, g, b, groups=2):
        return first_to_last(F.group_norm(last_to_first(x), groups, g, b, 1e-3))

    name = "GroupNormalization"
    case(name, {"groups": 2}, draw(2, 3, 4), group, [draw(4), draw(4)])
    case(name, {"groups": -1}, draw(2, 3, 2, 4), lambda *a: group(*a, groups=4), [draw(4), draw(4)])
    case(
        name,
        {"groups": 2, "axis": 1, "center": False},
        draw(2, 4, 3),
        lambda x, g: F.group_norm(x, 2, g, None, 1e-3),
        [draw(4)],
    )

    def rms(x, scale, axes=(-1,), epsilon=1e-6):
        return x / torch.sqrt((x**2).mean(axes, keepdim=True) + epsilon) * scale

    case("RMSNormalization", {}, draw(2, 4, 3), rms, [draw(3)])
    case(
        "RMSNormalization",
        {"axis": [1, 2], "epsilon": 0.5},
        draw(2, 4, 3),
        lambda x, s: rms(x, s, (1, 2), 0.5),
        [draw(4, 3)],
    )
    case("UnitNormalization", {}, draw(2, 4, 3), lambda x: F.normalize(x, dim=-1))
    case(
        "UnitNormalization",
        {"axis": [1, 2]},
        draw(2, 4, 3),
        lambda x: F.normalize(x.flatten(1), dim=-1).reshape(x.shape),
    )
    mean, variance = draw(3), draw(3) ** 2
    case(
        "Normalization",
        {"mean": mean.tolist(), "variance": variance.tolist()},
        draw(2, 3),
        lambda x: (x - mean) / torch.sqrt(variance).clamp(min=1e-7),
    )
    case(
        "Normalization",
        {"axis": None, "mean": 3.0, "variance": 2.0, "invert": True},
        draw(2, 3),
        lambda x: 3 + x * math.sqrt(2),
    )
    table = [draw(2, 3), draw(2, 3) ** 2]
    case(
        "Normalization",
        {"axis": [1, 3]},
        draw(2, 2, 2, 3),
        lambda x, m, v: (x - m[:, None]) / torch.sqrt(v)[:, None].clamp(min=1e-7),
        [],
        table,
    )


dense()
activations()
reshaping()
convolutions()
pooling()
normalisation()
path = pathlib.Path(__file__).with_name("layers_reference.json")
path.write_text('{"cases": [\n' + ",\n".join(json.dumps(row) for row in CASES) + "\n]}\n")
