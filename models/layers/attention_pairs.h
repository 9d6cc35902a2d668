#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// What says which queries attend to which keys.
struct AttentionMasks {
  Tensor query = {};  // [batch, t], here and below undefined for all
  Tensor value = {};  // [batch, s]
  Tensor key = {};    // [batch, s]
  Tensor pairs = {};  // [t, s], [batch, t, s] or [batch, heads, t, s]
  bool causal = false;
  std::int64_t window = 0;  // how far apart two may be, and one more; 0: any
};

// Of the inputs {query, value} or {query, value, key} of a call.
AttentionMasks attention_masks(const CallOptions& options);

// The pairs that count in all of the masks, boolean, of the extents 1 or those of [batch, t, s], with an axis
// for the heads before t where `pairs` has one; undefined where all count. ShapeError or DTypeError naming
// `layer` for a mask that does not fit.
Tensor attention_pairs(const Layer::Kind& layer, const AttentionMasks& masks, std::int64_t batch,
                       std::int64_t queries, std::int64_t keys);

// ValueError unless there are a query, a value and perhaps a key; ShapeError unless the last two are equally
// long and all are [batch, time, features], perhaps with more axes before time. Shapes are of samples.
void require_attention_inputs(const Layer::Kind& layer, const std::vector<Shape>& inputs);

}  // namespace gradus
