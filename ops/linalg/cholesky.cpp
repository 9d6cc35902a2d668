#include <gradus/graph/apply.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/matrix_records.h>
#include <gradus/ops/kernels/linalg/triangular_solve.h>
#include <gradus/ops/linalg.h>

namespace gradus {

namespace {

class Cholesky : public kernels::MatrixOp {
 public:
  std::string_view name() const override { return "cholesky"; }
  Shape infer_shape(const Call& call) const override {
    kernels::require_square(call);
    return call.shape(0);
  }
  void forward(Forward& forward) const override {
    const Shape& shape = forward.shape(0);
    const std::int64_t n = shape.back(), size = n * n;
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      for (std::int64_t i = 0; size != 0 && i * size < shape.elements(); ++i) {
        const std::int64_t pivot =
            kernels::cholesky(forward.value(0).raw<T>() + i * size, n, forward.output().raw<T>() + i * size);
        if (pivot < 0) continue;
        throw forward.value_error(kernels::matrix_at(shape, i) + " is not positive definite: pivot " +
                                  std::to_string(pivot) + " is not positive");
      }
    });
  }
  // For x = l l^T: dx = (p + p^T) / 2, p = l^-T phi(l^T g) l^-1, where phi takes the lower triangle and
  // halves the diagonal. Source: Murray, "Differentiation of the Cholesky decomposition", 2016.
  void vjp(Backward& b) const override {
    const Variable l = b.output();
    const Variable inner = matmul(l, b.gradient(), {.transpose_a = true});
    const Variable phi = multiply(add(tril(inner), tril(inner, {.k = -1})), 0.5);
    const Variable half = kernels::triangular_solve(l, phi, {.transposed = true});
    const Variable p = kernels::triangular_solve(l, half, {.beside = kernels::Beside::right});
    b.give(0, multiply(add(p, kernels::matrix_transpose(p)), 0.5));
  }
};

}  // namespace

Variable cholesky(const Operand& x) { return apply(Cholesky(), {x}); }

namespace records {

OpInfo cholesky() {
  const auto by = record::matrix_case(gradus::cholesky);
  return record::cases(
      {.signature = "(x)",
       .formula = "(x + x^T) / 2 = l l^T",
       .gradient = "p + p^T over 2, p = l^-T phi(l^T g) l^-1, phi the lower triangle, its diagonal halved",
       .shapes = "[.., n, n] -> same",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             return static_cast<double>(sample.inputs[0].shape().back()) * static_cast<double>(y.size()) / 3;
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}),
                by({1, 1}),
                by({2, 2}, record::constant({{4, 2}, {2, 5}})),
                by({2, 2}, record::constant({{1e8F, 1}, {1, 1e-4F}}), true),
                by({2, 3, 3}),
                by({2, 1, 2, 2}),
                by({0, 3, 3}),
                by({0, 0}),
                by({2, 0, 0})};
      },
      {{"x must be square in its last two axes: x is [2, 3]", by({2, 3})},
       {"x needs rank 2 or more: x is []", by({}, record::ones())},
       {"the matrix is not positive definite: pivot 1 is not positive",
        by({2, 2}, record::constant({{1, 2}, {2, 1}}))},
       {"the matrix at [1] is not positive definite: pivot 0 is not positive",
        by({2, 1, 1}, record::constant({{{1}}, {{0}}}))},
       {"does not take booleans: x is boolean", by({2, 2}, record::ones(DType::boolean))}});
}

}  // namespace records

}  // namespace gradus
