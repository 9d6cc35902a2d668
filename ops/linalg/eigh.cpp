#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/degenerate.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/matrix_records.h>
#include <gradus/ops/kernels/shape/results.h>
#include <gradus/ops/linalg.h>

namespace gradus {

namespace {

kernels::Results results_of(const Shape& x) {
  return kernels::Results({kernels::batch_of_vectors(kernels::batch_of(x), x.back()), x});
}

class Eigh : public kernels::MatrixOp {
 public:
  std::string_view name() const override { return "eigh"; }
  Shape infer_shape(const Call& call) const override {
    kernels::require_square(call);
    return results_of(call.shape(0)).packed();
  }
  void forward(Forward& forward) const override {
    const Shape& shape = forward.shape(0);
    const kernels::Results results = results_of(shape);
    const std::int64_t n = shape.back(), count = kernels::batch_of(shape).elements();
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      T *values = results.data<T>(forward.output(), 0), *vectors = results.data<T>(forward.output(), 1);
      for (std::int64_t i = 0; i < count; ++i) {
        if (kernels::eigh(forward.value(0).raw<T>() + i * n * n, n, values + i * n, vectors + i * n * n))
          continue;
        throw forward.value_error("the eigenvalues of " + kernels::matrix_at(shape, i) + " do not converge");
      }
    });
  }
  // dx = v (diag(dw) + (h - h^T) / 2 / (w_j - w_i)) v^T, h = v^T dv, 0 where i = j: the symmetric part of
  // what Giles, "An extended collection of matrix derivative results", 2008, has in 3.1. See Note [Degenerate
  // values].
  void vjp(Backward& b) const override {
    const kernels::Results results = results_of(b.shape(0));
    const Variable y = b.output(), w = results.part(y, 0), v = results.part(y, 1);
    const Variable dw = results.part(b.gradient(), 0), dv = results.part(b.gradient(), 1);
    const Variable h = matmul(v, dv, {.transpose_a = true});
    const Variable skew = multiply(subtract(h, kernels::matrix_transpose(h)), 0.5);
    const Variable gaps = subtract(kernels::as_rows(w), kernels::as_columns(w));
    const Variable inner = add(kernels::as_diagonals(dw), kernels::shielded_quotient(skew, gaps, {&h}));
    b.give(0, matmul(matmul(v, inner), v, {.transpose_b = true}));
  }
};

}  // namespace

EighResult eigh(const Operand& x) {
  const Expansion op({.name = "eigh"}, {x});
  const Variable packed = apply(Eigh(), {op[0]});
  const kernels::Results results = results_of(op.shape(0));
  return {op.named(results.part(packed, 0)), op.named(results.part(packed, 1))};
}

namespace records {

OpInfo eigh() {
  const auto values = [](const Shape& x) {
    return record::part("values", x, [](const Variable& v) { return gradus::eigh(v).values; });
  };
  const auto vectors = [](const Shape& x) {
    return record::part("vectors", x, [](const Variable& v) { return gradus::eigh(v).vectors; });
  };
  const auto magnitudes = [](const Shape& x) {
    return record::part("squares", x, [](const Variable& v) { return square(gradus::eigh(v).vectors); });
  };
  const auto again = [](const Shape& x) {
    return record::part("x", x, [](const Variable& v) {
      const auto [w, u] = gradus::eigh(v);
      return matmul(u * kernels::as_rows(w), u, {.transpose_b = true});
    });
  };
  const auto drawn = [](record::Case one, const record::Draw& draw, bool extreme = false) {
    one.draws = {draw};
    one.extreme = extreme;
    return one;
  };
  const auto degenerate = record::constant({{2, 0, 0}, {0, 2, 0}, {0, 0, 5}});
  return record::cases(
      {.signature = "(x)",
       .formula = "(x + x^T) / 2 = v diag(w) v^T, w rising",
       .gradient = "v (diag(dw) + (h - h^T) / 2 / (w_j - w_i)) v^T, h = v^T dv",
       .shapes = "[.., n, n] -> [.., n], [.., n, n]",
       .flops =
           [](const OpSample& sample, const Tensor&) {
             const Tensor& x = sample.inputs[0];
             return 9 * static_cast<double>(x.size()) * static_cast<double>(x.dim(-1));
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {values({n, n}),
                vectors({n, n}),
                magnitudes({3, 3}),
                again({n, n}),
                drawn(again({3, 3}), degenerate, true),
                vectors({2, 3, 3}),
                values({2, 1, 2, 2}),
                vectors({1, 1}),
                values({0, 3, 3}),
                vectors({0, 0}),
                values({2, 0, 0})};
      },
      {{"x must be square in its last two axes: x is [2, 3]", values({2, 3})},
       {"x needs rank 2 or more: x is [3]", drawn(values({3}), record::ones())},
       {"does not take booleans: x is boolean", drawn(values({2, 2}), record::ones(DType::boolean))}});
}

}  // namespace records

}  // namespace gradus
