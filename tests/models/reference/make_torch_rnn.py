#!/usr/bin/python3
"""Writes torch_rnn.json beside this file: loss curves of recurrent nets in PyTorch, in float64.

    tests/models/reference/make_torch_rnn.py

Each net takes 20 steps over its batches in order, from weights written down with it in Keras's layout. SGD with
momentum is the same rule in both while the learning rate stays.
"""

import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(11)

SAMPLES, BATCH, TIME, FEATURES, STEPS = 12, 4, 6, 3, 20
RATE, MOMENTUM = 0.1, 0.9


def text(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def keras_weights(module):
    """Kernel, recurrent kernel and bias as Keras has them."""
    order = {"LSTM": [0, 1, 2, 3], "GRU": [1, 0, 2]}[type(module).__name__]

    def blocks(weight):
        parts = weight.chunk(len(order), dim=0)
        return torch.cat([parts[i] for i in order], dim=0)

    kernel, recurrent = blocks(module.weight_ih_l0).T, blocks(module.weight_hh_l0).T
    biases = [blocks(module.bias_ih_l0), blocks(module.bias_hh_l0)]
    return [kernel, recurrent, sum(biases) if len(order) == 4 else torch.stack(biases)]


def train(forward, modules, x, y, loss_of):
    parameters = [p for module in modules for p in module.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(parameters, lr=RATE, momentum=MOMENTUM)
    losses = []
    for step in range(STEPS):
        rows = slice((step * BATCH) % SAMPLES, (step * BATCH) % SAMPLES + BATCH)
        optimizer.zero_grad()
        loss = loss_of(forward(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def lstm_net():
    first = torch.nn.LSTM(FEATURES, 5, batch_first=True)
    second = torch.nn.LSTM(5, 4, batch_first=True)
    for module in (first, second):  # Keras has one bias of each gate
        torch.nn.init.zeros_(module.bias_hh_l0)
        module.bias_hh_l0.requires_grad_(False)
    dense = torch.nn.Linear(4, 2)
    x, y = torch.randn(SAMPLES, TIME, FEATURES), torch.randn(SAMPLES, 2)
    weights = [*keras_weights(first), *keras_weights(second), dense.weight.T, dense.bias]
    start = [text(weight) for weight in weights]

    def forward(x):
        return dense(second(first(x)[0])[0][:, -1])

    losses = train(forward, [first, second, dense], x, y, torch.nn.functional.mse_loss)
    return {"x": text(x), "y": text(y), "weights": start, "losses": losses}


def gru_net():
    gru = torch.nn.GRU(FEATURES, 5, batch_first=True)
    dense = torch.nn.Linear(5, 3)
    x, labels = torch.randn(SAMPLES, TIME, FEATURES), torch.randint(0, 3, (SAMPLES,))
    start = [text(weight) for weight in [*keras_weights(gru), dense.weight.T, dense.bias]]
    losses = train(lambda x: dense(gru(x)[0][:, -1]), [gru, dense], x, labels, torch.nn.functional.cross_entropy)
    y = torch.nn.functional.one_hot(labels, 3).to(torch.float64)
    return {"x": text(x), "y": text(y), "weights": start, "losses": losses}


def main():
    cases = {"lstm": lstm_net(), "gru": gru_net()}
    path = pathlib.Path(__file__).with_name("torch_rnn.json")
    path.write_text("{\n" + ",\n".join(f'"{name}": {json.dumps(case)}' for name, case in cases.items()) + "\n}\n")


if __name__ == "__main__":
    main()
