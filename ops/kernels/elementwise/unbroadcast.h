#pragma once

#include <gradus/graph/variable.h>

namespace gradus {

namespace kernels {
Variable sum_over_broadcast(const Variable& x, const Shape& shape);
}

// The gradient of a broadcast: sums x over the axes that `shape` lacks or has with extent 1. Made of ops, so
// it can be differentiated in turn. REQUIRES that `shape` broadcasts to x's shape.
inline Variable unbroadcast(Variable x, const Shape& shape) {
  if (x.shape() == shape) return x;
  return kernels::sum_over_broadcast(x, shape);
}

}  // namespace gradus
