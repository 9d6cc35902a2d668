#pragma once

#include <gradus/graph/shape.h>

namespace gradus::kernels {

// A shape seen along one axis: element (o, i, j) lies at (o * extent + i) * inner + j.
struct AxisSplit {
  std::int64_t outer = 1;
  std::int64_t extent = 1;
  std::int64_t inner = 1;

  AxisSplit(const Shape& shape, std::size_t axis) : extent(shape[axis]) {
    if (shape.elements() == 0) {  // nothing to walk, and the product of the other extents may overflow
      outer = inner = 0;
      return;
    }
    for (std::size_t i = 0; i < axis; ++i) outer *= shape[i];
    for (std::size_t i = axis + 1; i < shape.dims().size(); ++i) inner *= shape[i];
  }
};

}  // namespace gradus::kernels
