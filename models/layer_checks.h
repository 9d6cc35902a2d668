#pragma once

#include <gradus/graph/error.h>
#include <gradus/graph/operand.h>
#include <gradus/models/layer.h>

#include <cstddef>
#include <string>
#include <vector>

namespace gradus {

// StateError where a layer, or its rule for shapes, gave nothing.
inline void require_outputs(const Layer::Kind& layer, std::size_t count) {
  if (count == 0) throw StateError(layer.name() + ": " + layer.class_name() + " gave no output");
}

// ShapeError where batches that belong together differ in their number of samples: one is never broadcast.
// REQUIRES that each has a batch axis.
inline void require_same_rows(const Layer::Kind& layer, const std::vector<Operand>& inputs) {
  const std::int64_t rows = inputs.front().shape()[0];
  for (const Operand& input : inputs) {
    if (input.shape()[0] == rows) continue;
    throw ShapeError(layer.name() + ": the inputs of " + layer.class_name() + " have " +
                     std::to_string(rows) + " and " + std::to_string(input.shape()[0]) + " samples (" +
                     to_string(input.where()) + ")");
  }
}

}  // namespace gradus
