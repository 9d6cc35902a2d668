#include <gradus/graph/apply.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/matrix_records.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>
#include <gradus/ops/linalg.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus {

namespace {

class LogDet : public kernels::MatrixOp {
 public:
  std::string_view name() const override { return "logdet"; }
  Shape infer_shape(const Call& call) const override {
    kernels::require_square(call);
    return kernels::batch_of(call.shape(0));
  }
  void forward(Forward& forward) const override {
    const Tensor& x = forward.value(0);
    Tensor& y = forward.output();
    const std::int64_t n = x.dim(-1);
    Tensor factors = Tensor::empty(x.shape(), x.dtype());
    Tensor order = Tensor::empty(kernels::batch_of_vectors(y.shape(), n), DType::int64);
    dispatch_floating(x.dtype(), [&]<class T>() {
      for (std::int64_t i = 0; i < y.size(); ++i) {
        const std::int64_t at = i * n * n;
        const kernels::Determinant whole = kernels::determinant(x.raw<T>() + at, n, factors.raw<T>() + at,
                                                                order.raw<std::int64_t>() + i * n);
        y.raw<T>()[i] = static_cast<T>(whole.log());
      }
    });
    forward.save(std::move(factors));
    forward.save(std::move(order));
  }
  // dx = g x^-T. Where y is no number that is NaN, or 0 where g is: the branch that `where` does not take
  // adds nothing.
  void vjp(Backward& b) const override {
    if (!b.create_graph()) return b.give(0, slope(b));
    const Variable x = b.input(0), y = b.output();
    const Variable g = kernels::as_columns(kernels::as_columns(b.gradient()));
    const Variable finite = less(kernels::as_columns(kernels::as_columns(abs(y.detach()))),
                                 std::numeric_limits<float>::infinity());
    const Tensor identity = Tensor::eye(x.shape().back(), x.dtype());
    const Variable inverted = inverse(where(finite, x, identity));
    const Variable otherwise = where(equal(g, 0), 0 * g, std::numeric_limits<double>::quiet_NaN());
    b.give(0, where(finite, multiply(g, kernels::matrix_transpose(inverted)), otherwise));
  }

 private:
  // The same by what forward() made of x.
  static Tensor slope(const Backward& b) {
    const Tensor &y = b.output_value(), &g = b.gradient_value();
    const std::int64_t n = b.shape(0).back();
    Tensor dx = Tensor::empty(b.shape(0), y.dtype());
    dispatch_floating(y.dtype(), [&]<class T>() {
      PoolVector<T> inverted(static_cast<std::size_t>(n * n));
      for (std::int64_t i = 0; i < y.size(); ++i) {
        T* to = dx.raw<T>() + i * n * n;
        const T factor = g.raw<T>()[i];
        if (!std::isfinite(y.raw<T>()[i])) {
          std::fill_n(to, n * n, factor == 0 ? T(0) : std::numeric_limits<T>::quiet_NaN());
          continue;
        }
        kernels::inverse_by(b.saved(0).raw<T>() + i * n * n, b.saved(1).raw<std::int64_t>() + i * n, n,
                            inverted.data());
        for (T& value : inverted) value *= factor;
        kernels::transpose_tiles(inverted.data(), n, to, n, n, n);
      }
    });
    return dx;
  }
};

}  // namespace

Variable logdet(const Operand& x) { return apply(LogDet(), {x}); }

namespace records {

OpInfo logdet() {
  const auto by = record::matrix_case(gradus::logdet);
  return record::cases(
      {.signature = "(x)",
       .formula = "y = log(det(x)), NaN for a negative determinant",
       .gradient = "g x^-T",
       .shapes = "[.., n, n] -> [..]",
       .flops =
           [](const OpSample& sample, const Tensor&) {
             const Tensor& x = sample.inputs[0];
             return static_cast<double>(x.shape().back()) * static_cast<double>(x.size()) * 2 / 3;
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}),
                by({1, 1}),
                by({2, 2}, record::constant({{0, -2}, {1, 3}})),
                by({2, 2}, record::constant({{0, 2}, {1, 3}}), true),
                by({2, 2}, record::constant({{1, 2}, {2, 4}}), true),
                by({3, 3}, record::constant({{1e30F, 0, 0}, {0, 1e30F, 0}, {0, 0, 1e30F}}), true),
                by({2, 2}, record::constant({{NAN, 0}, {0, 1}}), true),
                by({2, 3, 3}),
                by({2, 1, 2, 2}),
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
