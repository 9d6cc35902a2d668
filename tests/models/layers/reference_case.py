"""What the scripts that write reference files for layers share: a case is a layer described as Keras does, its
inputs, masks and weights, and what PyTorch in float64 makes of them."""

import json
import pathlib

import torch

HERE = pathlib.Path(__file__).parent / "reference"
torch.set_default_dtype(torch.float64)
torch.manual_seed(7)


def leaf(*shape, scale=0.7):
    return (scale * torch.randn(shape)).round(decimals=2).requires_grad_()


def tensor_text(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().to(torch.float64).flatten().tolist()}


def weights_of_sum(outputs):
    """The factors by which the outputs are summed up before they are differentiated."""
    total = 0
    for output in outputs:
        total = total + (output * torch.cos(torch.arange(output.numel())).reshape(output.shape)).sum()
    return total


class Cases:
    def __init__(self, name):
        self.path = HERE / name
        self.rows = []

    def add(self, name, class_name, config, inputs, weights, outputs, masks=(), attention_mask=None, causal=False):
        outputs = list(outputs)
        leaves = [tensor for tensor in [*inputs, *weights]]
        gradients = torch.autograd.grad(weights_of_sum(outputs), leaves, allow_unused=True)
        gradients = [torch.zeros_like(l) if g is None else g for g, l in zip(gradients, leaves)]
        row = {
            "name": name,
            "layer": {"class_name": class_name, "config": config},
            "inputs": [tensor_text(t) for t in inputs],
            "weights": [tensor_text(t) for t in weights],
            "outputs": [tensor_text(t) for t in outputs],
            "input_gradients": [tensor_text(g) for g in gradients[: len(inputs)]],
            "weight_gradients": [tensor_text(g) for g in gradients[len(inputs):]],
            "masks": [None if m is None else tensor_text(m) for m in masks],
            "attention_mask": None if attention_mask is None else tensor_text(attention_mask),
            "causal": causal,
        }
        self.rows.append(row)

    def write(self):
        self.path.parent.mkdir(exist_ok=True)
        text = ",\n".join(json.dumps(row) for row in self.rows)
        self.path.write_text(f"[\n{text}\n]\n")
