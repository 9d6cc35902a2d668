#include <gradus/graph/apply.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/matrix_records.h>
#include <gradus/ops/linalg.h>

namespace gradus {

namespace {

class Inverse : public kernels::MatrixOp {
 public:
  std::string_view name() const override { return "inverse"; }
  Shape infer_shape(const Call& call) const override {
    kernels::require_square(call);
    return call.shape(0);
  }
  void forward(Forward& forward) const override {
    const Shape& shape = forward.shape(0);
    const std::int64_t n = shape.back(), size = n * n;
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T* x = forward.value(0).raw<T>();
      T* y = forward.output().raw<T>();
      PoolVector<T> factors(static_cast<std::size_t>(size));
      PoolVector<std::int64_t> order(static_cast<std::size_t>(n));
      for (std::int64_t i = 0; size != 0 && i * size < shape.elements(); ++i) {
        if (!kernels::regular_lu(x + i * size, n, factors.data(), order.data())) {
          throw forward.value_error(kernels::matrix_at(shape, i) + " is singular");
        }
        kernels::inverse_by(factors.data(), order.data(), n, y + i * size);
      }
    });
  }
  // dx = -y^T g y^T
  void vjp(Backward& b) const override {
    const Variable y = b.output();
    b.give(0, negative(matmul(matmul(y, b.gradient(), {.transpose_a = true}), y, {.transpose_b = true})));
  }
};

}  // namespace

Variable inverse(const Operand& x) { return apply(Inverse(), {x}); }

namespace records {

OpInfo inverse() {
  const auto by = record::matrix_case(gradus::inverse);
  return record::cases(
      {.signature = "(x)",
       .formula = "y = x^-1",
       .gradient = "-y^T g y^T",
       .shapes = "[.., n, n] -> same",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             return 2 * static_cast<double>(sample.inputs[0].shape().back()) * static_cast<double>(y.size());
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}),
                by({1, 1}),
                by({2, 2}, record::constant({{0, 2}, {1, 3}})),
                by({3, 3}, record::constant({{1e4F, 0, 2}, {0, -1e-4F, 0}, {1, 0, 1}}), true),
                by({2, 3, 3}),
                by({2, 1, 2, 2}),
                by({0, 3, 3}),
                by({0, 0}),
                by({2, 0, 0})};
      },
      {{"x must be square in its last two axes: x is [2, 3]", by({2, 3})},
       {"x needs rank 2 or more: x is [3]", by({3}, record::ones())},
       {"the matrix is singular", by({2, 2}, record::constant({{1, 2}, {2, 4}}))},
       {"the matrix at [1] is singular", by({2, 1, 1}, record::constant({{{1}}, {{0}}}))},
       {"does not take booleans: x is boolean", by({2, 2}, record::ones(DType::boolean))}});
}

}  // namespace records

}  // namespace gradus
