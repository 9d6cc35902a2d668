#!/usr/bin/python3
"""Writes reference/recurrent.json: recurrent layers against PyTorch in float64.

    tests/models/layers/make_recurrent_reference.py

Where nothing is masked and the activations are the usual ones, the numbers are those of nn.RNN, nn.LSTM and nn.GRU
with Keras's weights put into PyTorch's order; else of the loops below, which are first held against those modules.
"""

import torch

from reference_case import Cases, leaf

BATCH, TIME, FEATURES, UNITS = 3, 4, 2, 3
GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
STATES = {"SimpleRNN": 1, "LSTM": 2, "GRU": 1}


def new_weights(kind, features=FEATURES, units=UNITS, bias=True, reset_after=True):
    gates = GATES[kind]
    weights = [leaf(features, gates * units), leaf(units, gates * units)]
    if bias:
        weights.append(leaf(2, gates * units) if kind == "GRU" and reset_after else leaf(gates * units))
    return weights


def blocks(tensor, order, gates):
    parts = tensor.chunk(gates, dim=-1)
    return torch.cat([parts[i] for i in order], dim=-1)


def torch_module(kind, x, weights, states):
    """What nn.RNN, nn.LSTM and nn.GRU call; states are (h,) or (h, c) of [batch, units], or None."""
    order = {"SimpleRNN": [0], "LSTM": [0, 1, 2, 3], "GRU": [1, 0, 2]}[kind]
    run = {"SimpleRNN": torch._VF.rnn_tanh, "LSTM": torch._VF.lstm, "GRU": torch._VF.gru}[kind]
    gates, units = GATES[kind], weights[1].shape[0]
    parameters = [blocks(weight, order, gates).T for weight in weights[:2]]
    if len(weights) > 2:
        bias = weights[2] if weights[2].dim() == 2 else torch.stack([weights[2], torch.zeros_like(weights[2])])
        parameters += [blocks(bias[0], order, gates), blocks(bias[1], order, gates)]
    if states is None:
        states = [torch.zeros(x.shape[0], units) for _ in range(STATES[kind])]
    initial = [state[None] for state in states]
    output, *last = run(x, initial if kind == "LSTM" else initial[0], parameters, len(weights) > 2, 1, 0.0, False,
                        False, True)
    return output, [state[0] for state in last]


def identity(x):
    return x


def step(kind, x, states, weights, activation=torch.tanh, gate=torch.sigmoid, reset_after=True):
    kernel, recurrent = weights[0], weights[1]
    units = recurrent.shape[0]
    bias = weights[2] if len(weights) > 2 else torch.zeros(recurrent.shape[1])
    h = states[0]
    if kind == "SimpleRNN":
        h = activation(x @ kernel + h @ recurrent + bias)
        return h, [h]
    if kind == "LSTM":
        i, f, n, o = (x @ kernel + h @ recurrent + bias).chunk(4, dim=-1)
        c = gate(f) * states[1] + gate(i) * activation(n)
        h = gate(o) * activation(c)
        return h, [h, c]
    if bias.dim() == 1:
        bias = torch.stack([bias, torch.zeros_like(bias)])
    xz, xr, xn = (x @ kernel + bias[0]).chunk(3, dim=-1)
    if reset_after:
        hz, hr, hn = (h @ recurrent + bias[1]).chunk(3, dim=-1)
        z, r = gate(xz + hz), gate(xr + hr)
        n = activation(xn + r * hn)
    else:
        z = gate(xz + h @ recurrent[:, :units])
        r = gate(xr + h @ recurrent[:, units : 2 * units])
        n = activation(xn + (r * h) @ recurrent[:, 2 * units :])
    h = z * h + (1 - z) * n
    return h, [h]


def loop(steps, x, states, mask=None, backwards=False, zero_output=False):
    """Keras's loop: a masked step keeps the states and gives the output before; zeros where it is the first."""
    outputs = []
    times = range(x.shape[1])
    for t in reversed(times) if backwards else times:
        output, after = steps(x[:, t], states)
        if mask is not None:
            counts = mask[:, t, None]
            before = torch.zeros_like(output) if zero_output or not outputs else outputs[-1]
            output = torch.where(counts, output, before)
            after = [torch.where(counts, new, old) for new, old in zip(after, states)]
        states = after
        outputs.append(output)
    return torch.stack(outputs, dim=1), states


def zeros(kind, batch=BATCH, units=UNITS):
    return [torch.zeros(batch, units) for _ in range(STATES[kind])]


def check_loops():
    for kind in GATES:
        x, weights = leaf(BATCH, TIME, FEATURES), new_weights(kind)
        expected, last = torch_module(kind, x, weights, None)
        outputs, states = loop(lambda x, s: step(kind, x, s, weights), x, zeros(kind))
        assert torch.allclose(outputs, expected, atol=1e-13)
        assert all(torch.allclose(a, b, atol=1e-13) for a, b in zip(states, last))


MASK = torch.tensor([[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0]], dtype=torch.bool)
PADDED = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]], dtype=torch.bool)


def add_plain(cases, kind):
    for sequences in (False, True):
        x, weights = leaf(BATCH, TIME, FEATURES), new_weights(kind)
        outputs, states = torch_module(kind, x, weights, None)
        config = {"units": UNITS, "return_sequences": sequences, "return_state": True}
        cases.add(f"{kind}, sequences {sequences}", kind, config, [x], weights,
                  [outputs if sequences else outputs[:, -1], *states])
    x, weights = leaf(BATCH, TIME, FEATURES), new_weights(kind, bias=False)
    given = [leaf(BATCH, UNITS) for _ in range(STATES[kind])]
    outputs, states = torch_module(kind, x, weights, given)
    config = {"units": UNITS, "use_bias": False, "return_sequences": True, "return_state": True}
    cases.add(f"{kind} from given states", kind, config, [x, *given], weights, [outputs, *states])
    x, weights = leaf(BATCH, TIME, FEATURES), new_weights(kind)
    outputs, states = torch_module(kind, x.flip(1), weights, None)
    config = {"units": UNITS, "go_backwards": True, "return_sequences": True, "return_state": True}
    cases.add(f"{kind} backwards", kind, config, [x], weights, [outputs, *states])
    x, weights = leaf(BATCH, 1, FEATURES), new_weights(kind)
    outputs, _ = torch_module(kind, x, weights, None)
    cases.add(f"{kind} of one step", kind, {"units": UNITS}, [x], weights, [outputs[:, -1]])


def add_by_steps(cases, kind, name, config, mask=None, states=None, options=None, return_state=True, **settings):
    x, weights = leaf(BATCH, TIME, FEATURES), new_weights(kind, reset_after=(options or {}).get("reset_after", True))
    given = [] if states is None else states
    outputs, last = loop(lambda x, s: step(kind, x, s, weights, **(options or {})), x, given or zeros(kind),
                         mask=mask, **settings)
    config = {"units": UNITS, "return_sequences": True, "return_state": return_state, **config}
    if not config["return_sequences"]:
        outputs = outputs[:, -1]
    cases.add(f"{kind} {name}", kind, config, [x, *given], weights, [outputs, *last] if return_state else [outputs],
              masks=[] if mask is None else [mask] + [None] * len(given))


def add_padded(cases, kind):
    for sequences in (False, True):
        config = {"return_sequences": sequences}
        add_by_steps(cases, kind, f"padded, sequences {sequences}", config, mask=PADDED, return_state=False)
        add_by_steps(cases, kind, f"padded from given states, sequences {sequences}", config, mask=PADDED,
                     return_state=False, states=[leaf(BATCH, UNITS) for _ in range(STATES[kind])])
        add_by_steps(cases, kind, f"padded before and backwards, sequences {sequences}",
                     {**config, "go_backwards": True}, mask=PADDED.flip(1), return_state=False, backwards=True)
        add_by_steps(cases, kind, f"padded with zeros, sequences {sequences}",
                     {**config, "zero_output_for_mask": True}, mask=PADDED, return_state=False, zero_output=True)
    add_by_steps(cases, kind, "padded, with its states", {}, mask=PADDED)


def add_stack(cases):
    x = leaf(BATCH, TIME, FEATURES)
    first, second = new_weights("GRU"), new_weights("LSTM", features=UNITS, units=2)
    config = {"cell": {"class_name": "StackedRNNCells", "config": {"cells": [
        {"class_name": "GRUCell", "config": {"units": UNITS}},
        {"class_name": "LSTMCell", "config": {"units": 2}}]}},
        "return_sequences": True, "return_state": True}
    outputs, h = torch_module("GRU", x, first, None)
    outputs, last = torch_module("LSTM", outputs, second, None)
    cases.add("stacked cells", "RNN", config, [x], [*first, *second], [outputs, *h, *last])

    def both(x, states):
        output, h = step("GRU", x, states[:1], first)
        output, last = step("LSTM", output, states[1:], second)
        return output, [*h, *last]

    initial = [torch.zeros(BATCH, UNITS), torch.zeros(BATCH, 2), torch.zeros(BATCH, 2)]
    outputs, states = loop(both, x, initial, mask=MASK)
    cases.add("stacked cells, masked", "RNN", config, [x], [*first, *second], [outputs, *states], masks=[MASK])
    outputs, _ = loop(both, x, initial, mask=PADDED)
    cases.add("stacked cells, padded", "RNN", {**config, "return_state": False}, [x], [*first, *second], [outputs],
              masks=[PADDED])
    outputs, states = loop(both, x, initial, backwards=True)
    cases.add("stacked cells backwards", "RNN", {**config, "go_backwards": True}, [x], [*first, *second],
              [outputs, *states])


def add_bidirectional(cases, kind, merge, sequences, mask=None, state=False, given=False):
    x = leaf(BATCH, TIME, FEATURES)
    first, second = new_weights(kind), new_weights(kind)
    inner = {"units": UNITS, "return_sequences": sequences, "return_state": state}
    config = {"merge_mode": merge,
              "layer": {"class_name": kind, "config": {**inner, "name": "ahead"}},
              "backward_layer": {"class_name": kind, "config": {**inner, "name": "back", "go_backwards": True}}}
    starts = [leaf(BATCH, UNITS) for _ in range(2 * STATES[kind])] if given else []
    half = STATES[kind]
    ahead, ahead_states = loop(lambda x, s: step(kind, x, s, first), x, starts[:half] or zeros(kind), mask=mask,
                               zero_output=sequences)
    back, back_states = loop(lambda x, s: step(kind, x, s, second), x, starts[half:] or zeros(kind), mask=mask,
                             backwards=True, zero_output=sequences)
    a, b = (ahead, back.flip(1)) if sequences else (ahead[:, -1], back[:, -1])
    outputs = {"concat": lambda: [torch.cat([a, b], -1)], "sum": lambda: [a + b], "mul": lambda: [a * b],
               "ave": lambda: [(a + b) / 2], None: lambda: [a, b]}[merge]()
    if state:
        outputs += [*ahead_states, *back_states]
    cases.add(f"Bidirectional {kind}, {merge}, sequences {sequences}, masked {mask is not None}, given {given}",
              "Bidirectional", config, [x, *starts], [*first, *second], outputs,
              masks=[] if mask is None else [mask] + [None] * len(starts))


def main():
    check_loops()
    cases = Cases("recurrent.json")
    for kind in GATES:
        add_plain(cases, kind)
        add_by_steps(cases, kind, "masked", {}, mask=MASK)
        add_by_steps(cases, kind, "masked, the last output", {"return_sequences": False}, mask=MASK)
        add_by_steps(cases, kind, "masked and backwards", {"go_backwards": True}, mask=MASK, backwards=True)
        add_by_steps(cases, kind, "masked with zeros", {"zero_output_for_mask": True}, mask=MASK, zero_output=True)
        add_by_steps(cases, kind, "masked from given states", {}, mask=MASK,
                     states=[leaf(BATCH, UNITS) for _ in range(STATES[kind])])
    for kind in GATES:
        add_padded(cases, kind)
    add_by_steps(cases, "SimpleRNN", "linear", {"activation": "linear"}, options={"activation": identity})
    for kind in ("LSTM", "GRU"):
        add_by_steps(cases, kind, "of other activations",
                     {"activation": "softplus", "recurrent_activation": "tanh"},
                     options={"activation": torch.nn.functional.softplus, "gate": torch.tanh})
        add_by_steps(cases, kind, "of linear gates", {"recurrent_activation": "linear"}, options={"gate": identity})
    add_by_steps(cases, "GRU", "that resets before", {"reset_after": False}, options={"reset_after": False})
    add_by_steps(cases, "GRU", "that resets before, masked", {"reset_after": False}, mask=MASK,
                 options={"reset_after": False})
    add_stack(cases)
    for kind in GATES:
        add_bidirectional(cases, kind, "concat", True)
        add_bidirectional(cases, kind, "concat", False)
    for merge in ("sum", "mul", "ave", None):
        add_bidirectional(cases, "LSTM", merge, True)
    add_bidirectional(cases, "GRU", "sum", True, mask=MASK)
    add_bidirectional(cases, "GRU", "concat", False, mask=MASK)
    add_bidirectional(cases, "LSTM", "concat", True, mask=MASK, state=True, given=True)
    cases.write()


if __name__ == "__main__":
    main()
