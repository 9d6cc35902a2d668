#!/usr/bin/python3
"""Writes reference/attention.json: attention layers against PyTorch in float64.

    tests/models/layers/make_attention_reference.py

What torch.nn.functional.multi_head_attention_forward can do is its own work; the rest are Keras's formulas.
"""

import math

import torch
import torch.nn.functional as F

from reference_case import Cases, leaf

BATCH, QUERIES, KEYS, MODEL = 2, 3, 4, 6
QUERY_MASK = torch.tensor([[1, 1, 0], [1, 1, 1]], dtype=torch.bool)
VALUE_MASK = torch.tensor([[1, 1, 1, 0], [1, 0, 1, 1]], dtype=torch.bool)
KEY_MASK = torch.tensor([[1, 0, 1, 1], [1, 1, 1, 1]], dtype=torch.bool)


def projections(sizes, heads, kv_heads, key_dim, value_dim, output, bias=True, gate=False):
    """Weights in Keras's order and layout; sizes are the features of query, value and key."""
    query, value, key = sizes
    shapes = [("query", (query,), (heads, key_dim)), ("key", (key,), (kv_heads, key_dim))]
    if gate:
        shapes.append(("gate", (query,), (heads, value_dim)))
    shapes += [("value", (value,), (kv_heads, value_dim)), ("output", (heads, value_dim), output)]
    weights = {}
    for name, source, target in shapes:
        weights[name] = [leaf(*source, *target)] + ([leaf(*target)] if bias else [])
    return weights


def flat(weights):
    return [tensor for pair in weights.values() for tensor in pair]


def projected(x, pair, axes=1):
    y = torch.tensordot(x, pair[0], dims=axes)
    return y + pair[1] if len(pair) > 1 else y


def pairs(query_mask=None, value_mask=None, key_mask=None, given=None, causal=False, window=None, keys=KEYS,
          queries=QUERIES):
    mask = torch.ones(1, queries, keys, dtype=torch.bool)
    if query_mask is not None:
        mask = mask & query_mask[:, :, None]
    if value_mask is not None:
        mask = mask & value_mask[:, None, :]
    if key_mask is not None:
        mask = mask & key_mask[:, None, :]
    i, j = torch.arange(queries)[:, None], torch.arange(keys)[None, :]
    if causal:
        mask = mask & (i >= j)
    if window is not None:
        mask = mask & ((i - j).abs() < window)
    mask = mask[:, None]
    if given is not None:
        mask = mask & (given if given.dim() == 4 else given[:, None])
    return mask


def heads_attention(query, value, key, weights, mask=None, gate=False, axes=1):
    q, k, v = projected(query, weights["query"]), projected(key, weights["key"]), projected(value, weights["value"])
    shared = q.shape[2] // k.shape[2]
    k, v = k.repeat_interleave(shared, dim=2), v.repeat_interleave(shared, dim=2)
    scores = torch.einsum("bqnh,bknh->bnqk", q, k) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = torch.where(mask, scores, -1e9)
    attention = torch.softmax(scores, -1)
    if mask is not None:
        attention = torch.where(mask, attention, 0.0)
    y = torch.einsum("bnqk,bknh->bqnh", attention, v)
    if gate:
        y = y * torch.sigmoid(projected(query, weights["gate"]))
    return projected(y, weights["output"], 2), attention


def by_torch(query, value, key, weights, mask=None):
    def rows(name):
        kernel = weights[name][0]
        return kernel.reshape(kernel.shape[0], -1).T

    model, heads = query.shape[-1], weights["query"][0].shape[1]
    biases = torch.cat([weights[name][1].flatten() for name in ("query", "key", "value")])
    output = weights["output"][0].reshape(-1, model).T
    if mask is not None:
        mask = (~mask).expand(query.shape[0], heads, -1, -1).reshape(-1, *mask.shape[-2:])
    y, attention = F.multi_head_attention_forward(
        query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1), model, heads, None, biases, None, None,
        False, 0.0, output, weights["output"][1], training=False, attn_mask=mask, use_separate_proj_weight=True,
        q_proj_weight=rows("query"), k_proj_weight=rows("key"), v_proj_weight=rows("value"),
        average_attn_weights=False)
    return y.transpose(0, 1), attention


def add_multi_head(cases):
    def tensors(query=MODEL, value=MODEL, key=None):
        inputs = [leaf(BATCH, QUERIES, query), leaf(BATCH, KEYS, value)]
        return inputs + ([leaf(BATCH, KEYS, key)] if key else [])

    name = "MultiHeadAttention"
    config = {"num_heads": 2, "key_dim": 3}
    inputs, weights = tensors(), projections([MODEL] * 3, 2, 2, 3, 3, (MODEL,))
    y, _ = by_torch(inputs[0], inputs[1], inputs[1], weights)
    assert torch.allclose(y, heads_attention(inputs[0], inputs[1], inputs[1], weights)[0])
    cases.add("plain", name, config, inputs, flat(weights), [y])

    inputs, weights = tensors(value=5, key=4), projections([MODEL, 5, 4], 2, 2, 3, 3, (MODEL,))
    y, attention = by_torch(*inputs, weights)
    cases.add("with a key, and scores", name, {**config, "return_attention_scores": True}, inputs, flat(weights),
              [y, attention])

    query, value = leaf(BATCH, KEYS, MODEL), leaf(BATCH, KEYS, MODEL)
    weights = projections([MODEL] * 3, 2, 2, 3, 3, (MODEL,))
    mask = pairs(causal=True, queries=KEYS)
    y, _ = by_torch(query, value, value, weights, mask.expand(BATCH, -1, -1, -1))
    cases.add("causal", name, config, [query, value], flat(weights), [y], causal=True)

    inputs, weights = tensors(), projections([MODEL] * 3, 2, 2, 3, 3, (MODEL,))
    given = torch.rand(BATCH, QUERIES, KEYS) > 0.4
    given[:, :, 0] = True
    y, _ = by_torch(inputs[0], inputs[1], inputs[1], weights, pairs(given=given))
    cases.add("attention_mask", name, config, inputs, flat(weights), [y], attention_mask=given)

    by_head = torch.rand(BATCH, 2, QUERIES, KEYS) > 0.4
    by_head[..., 0] = True
    y, attention = by_torch(inputs[0], inputs[1], inputs[1], weights,
                            pairs(value_mask=VALUE_MASK, given=by_head))
    cases.add("attention_mask of each head", name, {**config, "return_attention_scores": True}, inputs,
              flat(weights), [y, attention], masks=[None, VALUE_MASK], attention_mask=by_head)

    for scores in (False, True):
        own = {**config, "return_attention_scores": True} if scores else config
        mask = pairs(QUERY_MASK, VALUE_MASK, given=given)
        y = heads_attention(inputs[0], inputs[1], inputs[1], weights, mask)
        cases.add(f"masks of query and value, scores {scores}", name, own, inputs, flat(weights),
                  y if scores else y[:1], masks=[QUERY_MASK, VALUE_MASK], attention_mask=given)

    inputs = tensors(value=5, key=4)
    weights = projections([MODEL, 5, 4], 2, 2, 3, 2, (4,), bias=False, gate=True)
    own = {**config, "value_dim": 2, "output_shape": 4, "use_bias": False, "use_gate": True, "sliding_window": 2}
    mask = pairs(QUERY_MASK, VALUE_MASK, KEY_MASK, window=2)
    y, _ = heads_attention(*inputs, weights, mask, gate=True)
    cases.add("all masks, a window, a gate and sizes of its own", name, own, inputs, flat(weights), [y],
              masks=[QUERY_MASK, VALUE_MASK, KEY_MASK])

    inputs = [leaf(BATCH, 2, 3, MODEL), leaf(BATCH, 2, 2, MODEL)]
    weights = projections([MODEL] * 3, 2, 2, 3, 3, (MODEL,))
    y, _ = heads_attention(inputs[0].flatten(1, 2), inputs[1].flatten(1, 2), inputs[1].flatten(1, 2), weights)
    cases.add("over two axes", name, {**config, "attention_axes": [1, 2]}, inputs, flat(weights),
              [y.reshape(BATCH, 2, 3, MODEL)])


def add_grouped(cases):
    config = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}
    for name, own, mask in [("plain", {}, None),
                            ("masked, with scores", {"return_attention_scores": True}, [QUERY_MASK, VALUE_MASK])]:
        inputs = [leaf(BATCH, QUERIES, MODEL), leaf(BATCH, KEYS, MODEL)]
        weights = projections([MODEL] * 3, 4, 2, 3, 3, (MODEL,))
        y = heads_attention(inputs[0], inputs[1], inputs[1], weights, pairs(*mask) if mask else None)
        cases.add(f"grouped, {name}", "GroupedQueryAttention", {**config, **own}, inputs, flat(weights),
                  y if own else y[:1], masks=mask or [])
    query, value = leaf(BATCH, KEYS, MODEL), leaf(BATCH, KEYS, MODEL)
    weights = projections([MODEL] * 3, 4, 1, 3, 3, (MODEL,), gate=True)
    y, _ = heads_attention(query, value, value, weights, pairs(causal=True, queries=KEYS), gate=True)
    cases.add("grouped, causal and gated", "GroupedQueryAttention",
              {**config, "num_key_value_heads": 1, "use_gate": True}, [query, value], flat(weights),
              [y], causal=True)


def scored(scores, value, mask, query_mask):
    if mask is not None:
        scores = torch.where(mask, scores, scores - 1e9)
    attention = torch.softmax(scores, -1)
    y = attention @ value
    if query_mask is not None:
        y = torch.where(query_mask[:, :, None], y, 0.0)
    return y, attention


def add_scored(cases):
    for mode in ("dot", "concat", "additive"):
        for scale in (False, True):
            for masked, with_key in ((False, False), (True, True)):
                query, value = leaf(BATCH, QUERIES, MODEL), leaf(BATCH, KEYS, 5 if with_key else MODEL)
                key = leaf(BATCH, KEYS, MODEL) if with_key else value
                sums = query[:, :, None] + key[:, None]
                weights = []
                if scale:
                    weights.append(leaf(MODEL) if mode == "additive" else leaf())
                factor = weights[0] if scale else 1.0
                if mode == "dot":
                    scores = factor * (query @ key.transpose(1, 2))
                elif mode == "concat":
                    weights.append(leaf())
                    scores = weights[-1] * torch.tanh(factor * sums).sum(-1)
                else:
                    scores = (factor * torch.tanh(sums)).sum(-1)
                mask = pairs(None, VALUE_MASK, causal=True)[:, 0] if masked else None
                y = scored(scores, value, mask, QUERY_MASK if masked else None)
                config = {"use_scale": scale, "return_attention_scores": True}
                if mode != "additive":
                    config["score_mode"] = mode
                cases.add(f"{mode}, scale {scale}, masked {masked}",
                          "AdditiveAttention" if mode == "additive" else "Attention", config,
                          [query, value, key] if with_key else [query, value], weights, y,
                          masks=[QUERY_MASK, VALUE_MASK, None] if masked and with_key else [], causal=masked)


def main():
    cases = Cases("attention.json")
    add_multi_head(cases)
    add_grouped(cases)
    add_scored(cases)
    cases.write()


if __name__ == "__main__":
    main()
