#pragma once

#include <gradus/graph/call.h>
#include <gradus/ops/kernels/linalg/product.h>

#include <array>
#include <cassert>
#include <span>

namespace gradus::kernels {

// A matrix in a gradient rule; `transposed` as in MatrixView.
struct Factor {
  const Tensor& values;
  bool transposed = false;
};

// The products, two at most, that a gradient rule gives: told one by one, then computed together.
// REQUIRES !b.create_graph().
class GradientProducts {
 public:
  explicit GradientProducts(Backward& b) : b_(b) {}

  // Operand i's gradient is left[m, k] right[k, n], if someone wants it: added in place to the gradients that
  // the operand has had, where it can be. REQUIRES that the factors live until compute().
  void give(std::size_t i, const Factor& left, const Factor& right, std::int64_t m, std::int64_t k,
            std::int64_t n) {
    assert(count_ < products_.size());
    b_.give_by(i, [&](const Tensor& gradient, bool into) {
      const auto view = [](const Factor& factor) {
        return MatrixView{factor.values.buffer()->data(), factor.transposed};
      };
      products_[count_++] = {.a = view(left),
                             .b = view(right),
                             .out = gradient.buffer()->data(),
                             .m = m,
                             .k = k,
                             .n = n,
                             .sum = into ? Sum::into : Sum::fresh};
    });
  }
  // Once, after all are told: until then the gradients have no values.
  void compute() const { products(b_.gradient_value().dtype(), std::span(products_).first(count_)); }

 private:
  Backward& b_;
  std::array<Product, 2> products_;
  std::size_t count_ = 0;
};

}  // namespace gradus::kernels
