#include <gradus/graph/recording.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/activation/softmax.h>
#include <gradus/ops/kernels/reduction/axis_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace gradus {

namespace {

// Martins and Astudillo (2016), algorithm 1: the threshold is (the sum of the k largest values - 1) / k for
// the last k at which the k-th largest is above it. Values are taken from their largest, so that none is lost
// in a sum of large ones; where that is no number (NaN, or infinite) all are NaN, as in softmax.
template <class T>
void sparsemax_row(const T* x, T* y, std::int64_t n) {
  const T largest = kernels::largest(x, n);
  if (!std::isfinite(largest)) return void(std::fill_n(y, n, std::numeric_limits<T>::quiet_NaN()));
  std::transform(x, x + n, y, [&](T value) { return value - largest; });
  std::sort(y, y + n, std::greater<T>());
  T sum = 0, threshold = -1;
  for (std::int64_t k = 0; k < n && y[k] > threshold; ++k) {
    sum += y[k];
    threshold = (sum - 1) / static_cast<T>(k + 1);
  }
  std::transform(x, x + n, y, [&](T value) { return std::max(value - largest - threshold, T(0)); });
}

class Sparsemax : public kernels::AxisOp {
 public:
  using AxisOp::AxisOp;
  std::string_view name() const override { return "sparsemax"; }

  void forward(Forward& forward) const override {
    each_row(forward, []<class T>(const T* x, T* y, std::int64_t n) { sparsemax_row<T>(x, y, n); });
  }

  // s (g - sum(s g) / sum(s)), where s is 1 on the support y > 0, else 0: constant where there is a
  // derivative
  void vjp(Backward& b) const override {
    if (!b.create_graph()) {
      const Tensor& y = b.output_value();
      return b.give(0, kernels::sparsemax_gradient(y, b.gradient_value(), axis_of(y)));
    }
    const ReduceOptions along = {.axis = axis_, .keepdims = true};
    const Variable &g = b.gradient(), y = b.output();
    Variable support, share;
    {
      const NoGrad constant;
      const Tensor one = Tensor::ones({}, y.dtype()), zero = Tensor::zeros({}, y.dtype());
      support = where(greater(y, 0), one, zero);
      share = divide(support, sum(support, along));
    }
    b.give(0, subtract(multiply(support, g), multiply(support, sum(multiply(share, g), along))));
  }
};

}  // namespace

Variable sparsemax(const Operand& x, SoftmaxOptions options) { return apply(Sparsemax(options.axis), {x}); }

namespace records {

OpInfo sparsemax() {
  return record::along_axis(
      [](const Variable& x, std::int64_t axis) { return gradus::sparsemax(x, {.axis = axis}); },
      {.formula = "y = max(x - t, 0), t such that sum(y) = 1",
       .gradient = "g - mean(g over the support) on the support y > 0, else 0",
       .kinks = "x = t: a value there is outside of the support",
       .flops = 20},
      record::distinct(0.45));
}

}  // namespace records

}  // namespace gradus
