#include <gradus/graph/apply.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/matrix_records.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

// Calls body.operator()<T>(matrix i of x, i) for each.
template <class Body>
void each_matrix(const Tensor& x, const Body& body) {
  const std::int64_t n = x.dim(-1), count = kernels::batch_of(x.shape()).elements();
  dispatch_floating(x.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < count; ++i) body(x.raw<T>() + i * n * n, i);
  });
}

// The cofactors of x as determinants: that of element i, j is the determinant of x with row i replaced by
// row j of the identity. A polynomial, so it may be differentiated where x is singular.
Variable recorded_cofactors(const Variable& x) {
  const std::int64_t n = x.shape().back();
  Tensor replaced = Tensor::zeros({n, 1, n, 1}, DType::boolean);
  Tensor rows = Tensor::zeros({1, n, 1, n}, x.dtype());
  for (std::int64_t i = 0; i < n; ++i) {
    replaced.set({i, 0, i, 0}, 1);
    rows.set({0, i, 0, i}, 1);
  }
  Dims dims(x.shape().dims().size() + 2, 1);
  std::copy(x.shape().begin(), x.shape().end() - 2, dims.begin());
  dims[dims.size() - 2] = dims[dims.size() - 1] = n;
  return det(where(replaced, rows, reshape(x, dims)));
}

class Det : public kernels::MatrixOp {
 public:
  std::string_view name() const override { return "det"; }
  Shape infer_shape(const Call& call) const override {
    kernels::require_square(call);
    return kernels::batch_of(call.shape(0));
  }
  void forward(Forward& forward) const override {
    const std::int64_t n = forward.shape(0).back();
    each_matrix(forward.value(0), [&]<class T>(const T* x, std::int64_t i) {
      forward.output().raw<T>()[i] = static_cast<T>(kernels::determinant(x, n).value());
    });
  }
  // dx = g cofactors(x), which is g y x^-T where x has an inverse (Jacobi's formula).
  void vjp(Backward& b) const override {
    const Variable x = b.input(0), g = kernels::as_columns(kernels::as_columns(b.gradient()));
    const std::int64_t n = x.shape().back();
    if (!b.create_graph()) {
      Tensor result = Tensor::empty(x.shape(), x.dtype());
      each_matrix(x.value(), [&]<class T>(const T* matrix, std::int64_t i) {
        kernels::cofactors(matrix, n, result.raw<T>() + i * n * n);
      });
      return b.give(0, multiply(g, result));
    }
    bool invertible = true;
    each_matrix(x.value(), [&](const auto* matrix, std::int64_t /*i*/) {
      invertible = invertible && !kernels::determinant(matrix, n).near_singular;
    });
    if (!invertible) return b.give(0, multiply(g, recorded_cofactors(x)));
    const Variable y = kernels::as_columns(kernels::as_columns(b.output()));
    b.give(0, multiply(multiply(g, y), kernels::matrix_transpose(inverse(x))));
  }
};

}  // namespace

Variable det(const Operand& x) { return apply(Det(), {x}); }

namespace records {

OpInfo det() {
  const auto by = record::matrix_case(gradus::det);
  return record::cases(
      {.signature = "(x)",
       .formula = "y = det(x)",
       .gradient = "g cofactors(x), which is g y x^-T where x has an inverse",
       .shapes = "[.., n, n] -> [..]",
       .flops =
           [](const OpSample& sample, const Tensor&) {
             const Tensor& x = sample.inputs[0];
             return static_cast<double>(x.shape().back()) * static_cast<double>(x.size()) * 2 / 3;
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}),
                by({n, n}, record::uniform()),
                by({1, 1}),
                by({2, 2}, record::constant({{0, 2}, {1, 3}})),
                by({3, 3}, record::constant({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}})),
                by({3, 3}, record::constant({{1, 0, 0}, {0, 1, 0}, {0, 0, 0}})),
                by({2, 2}, record::constant(Tensor::zeros({2, 2}))),
                by({3, 3}, record::constant({{1e30F, 0, 0}, {0, 1e30F, 0}, {0, 0, -1e-30F}}), true),
                by({2, 2}, record::constant({{NAN, 0}, {0, 1}}), true),
                by({2, 3, 3}),
                by({2, 1, 2, 2}, record::uniform()),
                by({0, 3, 3}),
                by({0, 0}),
                by({2, 0, 0})};
      },
      {{"x must be square in its last two axes: x is [2, 3]", by({2, 3})},
       {"x needs rank 2 or more: x is [3]", by({3}, record::ones())},
       {"does not take booleans: x is boolean", by({2, 2}, record::ones(DType::boolean))}});
}

}  // namespace records

}  // namespace gradus
