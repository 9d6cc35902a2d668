#pragma once

#include <gradus/graph/call.h>
#include <gradus/ops/kernels/linalg/product.h>

namespace gradus::kernels {

// A matrix in a gradient rule; `transposed` as in MatrixView.
struct Factor {
  const Tensor& values;
  bool transposed = false;
};

// Gives operand i the gradient left[m, k] right[k, n], if someone wants it: added in place to the gradients
// that the operand has had, where it can be. REQUIRES !b.create_graph().
inline void give_product(Backward& b, std::size_t i, const Factor& left, const Factor& right, std::int64_t m,
                         std::int64_t k, std::int64_t n) {
  b.give_by(i, [&](const Tensor& gradient, bool into) {
    const auto view = [](const Factor& factor) {
      return MatrixView{factor.values.buffer()->data(), factor.transposed};
    };
    product(gradient.dtype(), view(left), view(right), gradient.buffer()->data(), m, k, n,
            into ? Sum::into : Sum::fresh);
  });
}

}  // namespace gradus::kernels
