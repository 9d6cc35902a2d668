#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/degenerate.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/matrix_records.h>
#include <gradus/ops/kernels/shape/results.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

namespace {

class Svd : public kernels::MatrixOp {
 public:
  explicit Svd(SvdOptions options) : options_(options) {}
  std::string_view name() const override { return "svd"; }
  OpAttributes attributes() const override {
    if (!options_.full_matrices) return {};
    return {{"full_matrices", "true"}};
  }
  kernels::Results results_of(const Shape& x) const {
    const Shape batch = kernels::batch_of(x);
    const std::int64_t m = x.dim(-2), n = x.back(), k = std::min(m, n);
    return kernels::Results({kernels::batch_of_matrices(batch, m, options_.full_matrices ? m : k),
                             kernels::batch_of_vectors(batch, k),
                             kernels::batch_of_matrices(batch, options_.full_matrices ? n : k, n)});
  }
  Shape infer_shape(const Call& call) const override {
    kernels::require_matrix(call);
    return results_of(call.shape(0)).packed();
  }
  void forward(Forward& forward) const override {
    const Shape& shape = forward.shape(0);
    const kernels::Results results = results_of(shape);
    const std::int64_t m = shape.dim(-2), n = shape.back(), count = kernels::batch_of(shape).elements();
    const std::int64_t left = results.shape(0).back(), right = results.shape(2).dim(-2), k = std::min(m, n);
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      Tensor& out = forward.output();
      T *u = results.data<T>(out, 0), *s = results.data<T>(out, 1), *vh = results.data<T>(out, 2);
      for (std::int64_t i = 0; i < count; ++i) {
        kernels::svd(forward.value(0).raw<T>() + i * m * n, m, n, u + i * m * left, left, s + i * k,
                     vh + i * right * n, right);
      }
    });
  }
  void vjp(Backward& b) const override;

 private:
  SvdOptions options_;
};

// The first k rows (columns) of matrices.
Variable first_rows(const Variable& x, std::int64_t k) {
  if (x.shape().dim(-2) == k) return x;
  std::vector<Slice> slices(static_cast<std::size_t>(x.rank()) - 1);
  slices.back() = {.stop = k};
  return slice(x, slices);
}
Variable first_columns(const Variable& x, std::int64_t k) {
  if (x.shape().back() == k) return x;
  std::vector<Slice> slices(static_cast<std::size_t>(x.rank()));
  slices.back() = {.stop = k};
  return slice(x, slices);
}

// dx = u (diag(ds) + (a s_j + s_i c) / (s_j^2 - s_i^2)) vh + (1 - u u^T) du / s vh + u dvh / s (1 - vh^T vh),
// where a = h - h^T, h = u^T du, and c = l - l^T, l = vh dvh^T. Source: Townsend, "Differentiating the
// singular value decomposition", 2016. Its quotient is taken apart as (a + c) / 2 / (s_j - s_i) + (a - c) / 2
// / (s_i + s_j): the first numerator alone must vanish where singular values meet; see Note [Degenerate
// values].
void Svd::vjp(Backward& b) const {
  const kernels::Results results = results_of(b.shape(0));
  const std::int64_t m = b.shape(0).dim(-2), n = b.shape(0).back(), k = std::min(m, n);
  const auto left = [&](const Variable& y) { return first_columns(results.part(y, 0), k); };
  const auto right = [&](const Variable& y) { return first_rows(results.part(y, 2), k); };
  const Variable y = b.output(), u = left(y), s = results.part(y, 1), vh = right(y);
  const Variable &g = b.gradient(), du = left(g), ds = results.part(g, 1), dvh = right(g);

  const Variable h = matmul(u, du, {.transpose_a = true}), l = matmul(vh, dvh, {.transpose_b = true});
  const Variable a = subtract(h, kernels::matrix_transpose(h)), c = subtract(l, kernels::matrix_transpose(l));
  const Variable s_i = kernels::as_columns(s), s_j = kernels::as_rows(s);
  const Variable apart = kernels::shielded_quotient(multiply(add(a, c), 0.5), subtract(s_j, s_i), {&h, &l});
  const Variable together =
      kernels::shielded_quotient(multiply(subtract(a, c), 0.5), add(s_i, s_j), {&h, &l});
  Variable inner = matmul(add(kernels::as_diagonals(ds), add(apart, together)), vh);  // [k, n]
  if (n > k) {
    const Variable outside = subtract(dvh, matmul(l, vh, {.transpose_a = true}));
    inner = add(inner, kernels::shielded_quotient(outside, s_i));
  }
  Variable dx = matmul(u, inner);
  if (m > k) {
    const Variable outside = subtract(du, matmul(u, h));
    dx = add(dx, matmul(kernels::shielded_quotient(outside, s_j), vh));
  }
  b.give(0, dx);
}

}  // namespace

SvdResult svd(const Operand& x, SvdOptions options) {
  const Expansion op({.name = "svd"}, {x});
  const Svd kind(options);
  const Variable packed = apply(Svd(kind), {op[0]});
  const kernels::Results results = kind.results_of(op.shape(0));
  return {op.named(results.part(packed, 0)), op.named(results.part(packed, 1)),
          op.named(results.part(packed, 2))};
}

namespace records {

OpInfo svd() {
  const auto u = [](const Shape& x) {
    return record::part("u", x, [](const Variable& v) { return gradus::svd(v, {.full_matrices = false}).u; });
  };
  const auto s = [](const Shape& x) {
    return record::part("s", x, [](const Variable& v) { return gradus::svd(v, {.full_matrices = false}).s; });
  };
  const auto vh = [](const Shape& x) {
    return record::part("vh", x,
                        [](const Variable& v) { return gradus::svd(v, {.full_matrices = false}).vh; });
  };
  const auto again = [](const Shape& x) {
    return record::part("x", x, [](const Variable& v) {
      const auto [left, values, right] = gradus::svd(v, {.full_matrices = false});
      return matmul(left * kernels::as_rows(values), right);
    });
  };
  // What does not depend on how vectors are completed; only the values of x bear on its gradient.
  const auto full = [](const Shape& x) {
    return record::part("full", x, [](const Variable& v) {
      const auto [left, values, right] = gradus::svd(v, {.full_matrices = true});
      return concatenate({reshape(matmul(left, left, {.transpose_b = true}).detach(), {-1}),
                          reshape(values, {-1}),
                          reshape(matmul(right, right, {.transpose_a = true}).detach(), {-1})});
    });
  };
  const auto drawn = [](record::Case one, const record::Draw& draw, bool extreme = false) {
    one.draws = {draw};
    one.extreme = extreme;
    return one;
  };
  return record::cases(
      {.signature = "(x, {.full_matrices = true})",
       .formula = "x = u diag(s) vh, s falling",
       .gradient = "u (diag(ds) + (a s_j + s_i c) / (s_j^2 - s_i^2)) vh + (1 - u u^T) du / s vh + "
                   "u dvh / s (1 - vh^T vh), a = u^T du - du^T u, c = vh dvh^T - dvh vh^T",
       .shapes = "[.., m, n] -> [.., m, m], [.., k], [.., n, n], k = min(m, n); [.., m, k] and [.., k, n] "
                 "where not full",
       .flops =
           [](const OpSample& sample, const Tensor&) {
             const Tensor& x = sample.inputs[0];
             return 40 * static_cast<double>(x.size()) * static_cast<double>(std::min(x.dim(-1), x.dim(-2)));
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {s({n, n}),
                u({n, n}),
                vh({n, n}),
                again({n, n}),
                again({n, 3}),
                u({n, 3}),
                vh({3, n}),
                u({2, n}),
                vh({n, 2}),
                drawn(again({2, 2}), record::constant({{2, 0}, {0, 2}}), true),
                drawn(s({3, 3}), record::constant({{1, 2, 3}, {2, 4, 6}, {1, 1, 1}}), true),
                drawn(s({2, 3}), record::constant(Tensor::zeros({2, 3})), true),
                s({2, 3, 2}),
                vh({2, 1, 2, 3}),
                full({n, 2}),
                full({2, n}),
                full({2, 0}),
                u({0, 3, 2}),
                s({3, 0}),
                vh({0, 0})};
      },
      {{"x needs rank 2 or more: x is [3]", drawn(s({3}), record::ones())},
       {"x needs rank 2 or more: x is []", drawn(s({}), record::ones())},
       {"does not take booleans: x is boolean", drawn(s({2, 2}), record::ones(DType::boolean))}});
}

}  // namespace records

}  // namespace gradus
