#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/matrix_records.h>
#include <gradus/ops/kernels/linalg/triangular_solve.h>
#include <gradus/ops/kernels/shape/results.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

kernels::Results results_of(const Shape& x) {
  return kernels::Results({x, kernels::batch_of_matrices(kernels::batch_of(x), x.back(), x.back())});
}

// Of matrices with as many rows as columns, or more.
class Qr : public kernels::MatrixOp {
 public:
  std::string_view name() const override { return "qr"; }
  Shape infer_shape(const Call& call) const override { return results_of(call.shape(0)).packed(); }
  void forward(Forward& forward) const override {
    const Shape& shape = forward.shape(0);
    const kernels::Results results = results_of(shape);
    const std::int64_t m = shape.dim(-2), n = shape.back(), count = kernels::batch_of(shape).elements();
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      T *q = results.data<T>(forward.output(), 0), *r = results.data<T>(forward.output(), 1);
      for (std::int64_t i = 0; i < count; ++i) {
        kernels::qr(forward.value(0).raw<T>() + i * m * n, m, n, q + i * m * n, r + i * n * n);
      }
    });
  }
  // dx = (dq + q s) r^-T, where s is the symmetric matrix with the lower triangle of r dr^T - dq^T q. Source:
  // Walter and Lehmann, "On evaluating higher-order derivatives of the QR decomposition", 2010.
  void vjp(Backward& b) const override {
    const kernels::Results results = results_of(b.shape(0));
    const Variable y = b.output(), q = results.part(y, 0), r = results.part(y, 1);
    const Variable dq = results.part(b.gradient(), 0), dr = triu(results.part(b.gradient(), 1));
    const Variable m = subtract(matmul(r, dr, {.transpose_b = true}), matmul(dq, q, {.transpose_a = true}));
    const Variable s = add(tril(m), kernels::matrix_transpose(tril(m, {.k = -1})));
    b.give(0,
           kernels::triangular_solve(r, add(dq, matmul(q, s)),
                                     {.upper = true, .transposed = true, .beside = kernels::Beside::right}));
  }
};

// The columns [start, stop) of matrices.
Variable columns(const Variable& x, Slice which) {
  std::vector<Slice> slices(static_cast<std::size_t>(x.rank()));
  slices.back() = which;
  return slice(x, slices);
}

}  // namespace

// A wide x = [x1, x2] is decomposed by its first columns: x1 = q r1, r = [r1, q^T x2].
QrResult qr(const Operand& x) {
  const Expansion op({.name = "qr"}, {x});
  kernels::require_matrix(op.call());
  const std::int64_t m = op.shape(0).dim(-2);
  const bool wide = m < op.shape(0).back();
  const Variable first = wide ? columns(op[0], {.stop = m}) : op[0];
  const kernels::Results results = results_of(first.shape());
  const Variable packed = apply(Qr(), {first});
  Variable q = results.part(packed, 0), r = results.part(packed, 1);
  if (wide) {
    const Variable rest = matmul(q, columns(op[0], {.start = m}), {.transpose_a = true});
    r = concatenate({r, rest}, {.axis = -1});
  }
  return {op.named(q), op.named(r)};
}

namespace records {

OpInfo qr() {
  const auto q = [](const Shape& x) {
    return record::part("q", x, [](const Variable& v) { return gradus::qr(v).q; });
  };
  const auto r = [](const Shape& x) {
    return record::part("r", x, [](const Variable& v) { return gradus::qr(v).r; });
  };
  const auto x_again = [](const Shape& x) {
    return record::part("q r", x, [](const Variable& v) {
      const QrResult result = gradus::qr(v);
      return matmul(result.q, result.r);
    });
  };
  const auto ones = [=](const Shape& x) {
    record::Case one = r(x);
    one.draws = {record::ones()};
    return one;
  };
  record::Case flags = ones({2, 2});
  flags.draws = {record::ones(DType::boolean)};
  return record::cases({.signature = "(x)",
                        .formula = "x = q r, q orthonormal, r upper triangular",
                        .gradient = "(dq + q s) r^-T, s symmetric with the lower triangle of r dr^T - dq^T q",
                        .shapes = "[.., m, n] -> [.., m, k], [.., k, n], k = min(m, n)",
                        .flops =
                            [](const OpSample& sample, const Tensor&) {
                              const Tensor& x = sample.inputs[0];
                              return 4 * static_cast<double>(x.size()) * static_cast<double>(x.dim(-1));
                            }},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {q({n, n}),    r({n, n}), x_again({n, 3}), q({n, 3}),       r({n, 2}),
                                 q({2, n}),    r({3, n}), r({2, 3, 3}),    q({2, 1, 3, 2}), r({1, 1}),
                                 r({0, 3, 2}), q({3, 0}), r({0, 3}),       q({2, 0, 0}),    r({2, 3, 4})};
                       },
                       {{"x needs rank 2 or more: x is [3]", ones({3})},
                        {"x needs rank 2 or more: x is []", ones({})},
                        {"does not take booleans: x is boolean", flags}});
}

}  // namespace records

}  // namespace gradus
