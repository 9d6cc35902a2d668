#include <gradus/graph/error.h>
#include <gradus/models/layers/attention_pairs.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

void require_mask(const Layer::Kind& layer, std::string_view what, const Tensor& mask, const Shape& wanted) {
  if (mask.dtype() != DType::boolean) {
    throw DTypeError(layer.name() + ": the " + std::string(what) + " must be boolean, got " +
                     std::string(to_string(mask.dtype())));
  }
  bool fits = mask.rank() == wanted.rank();
  for (int i = 0; fits && i < wanted.rank(); ++i) fits = mask.dim(i) == wanted[i] || mask.dim(i) == 1;
  if (!fits) {
    throw ShapeError(layer.name() + ": the " + std::string(what) + " must be " + to_string(wanted) +
                     ", got " + to_string(mask.shape()));
  }
}

Tensor both(const Tensor& a, const Tensor& b) {
  if (!a.defined()) return b;
  return logical_and(a, b).value();
}

}  // namespace

AttentionMasks attention_masks(const CallOptions& options) {
  const auto mask = [&](std::size_t i) { return i < options.mask.size() ? options.mask[i] : Tensor(); };
  return {.query = mask(0),
          .value = mask(1),
          .key = mask(2),
          .pairs = options.attention_mask,
          .causal = options.use_causal_mask};
}

Tensor attention_pairs(const Layer::Kind& layer, const AttentionMasks& masks, std::int64_t batch,
                       std::int64_t queries, std::int64_t keys) {
  Tensor result;
  if (masks.query.defined()) {
    require_mask(layer, "mask of the query", masks.query, {batch, queries});
    result = both(result, masks.query.reshape({masks.query.dim(0), masks.query.dim(1), 1}));
  }
  for (const auto& [what, mask] :
       {std::pair("mask of the value", masks.value), std::pair("mask of the key", masks.key)}) {
    if (!mask.defined()) continue;
    require_mask(layer, what, mask, {batch, keys});
    result = both(result, mask.reshape({mask.dim(0), 1, mask.dim(1)}));
  }
  const Tensor row = Tensor::arange(queries, DType::int64).reshape({1, queries, 1}),
               column = Tensor::arange(keys, DType::int64).reshape({1, 1, keys});
  if (masks.causal) result = both(result, greater_equal(row, column).value());
  if (masks.window > 0) {
    const Variable distance = abs(subtract(row, column));
    result = both(result, less(distance, masks.window).value());
  }
  if (!masks.pairs.defined()) return result;
  Tensor pairs = masks.pairs;
  if (pairs.rank() == 2) pairs = pairs.reshape({1, pairs.dim(0), pairs.dim(1)});
  if (pairs.rank() == 4) {
    require_mask(layer, "attention_mask", pairs, {batch, pairs.dim(1), queries, keys});
    if (result.defined()) result = result.reshape({result.dim(0), 1, result.dim(1), result.dim(2)});
  } else {
    require_mask(layer, "attention_mask", pairs, {batch, queries, keys});
  }
  return both(result, pairs);
}

void require_attention_inputs(const Layer::Kind& layer, const std::vector<Shape>& inputs) {
  if (inputs.size() != 2 && inputs.size() != 3) {
    throw ValueError(layer.name() + ": " + layer.class_name() +
                     " takes {query, value} or {query, value, key}, got " + std::to_string(inputs.size()) +
                     (inputs.size() == 1 ? " input" : " inputs"));
  }
  for (const Shape& input : inputs) {
    if (input.rank() < 2) {
      throw ShapeError(layer.name() + ": " + layer.class_name() + " needs [batch, time, features], got " +
                       batch_text(input));
    }
  }
  if (inputs.back().rank() != inputs[1].rank() || inputs.back().dim(-2) != inputs[1].dim(-2)) {
    throw ShapeError(layer.name() + ": key " + batch_text(inputs.back()) + " and value " +
                     batch_text(inputs[1]) + " must be equally long");
  }
}

}  // namespace gradus
