#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

struct MeanSquaredLogarithmicError {
  static constexpr std::string_view kName = "mean_squared_logarithmic_error";
  static auto floored(auto x) { return maximum(x, kernels::kEpsilon); }
  // log(1 + p) - log(1 + t), as one logarithm, which keeps its digits where t and p are near each other
  static auto difference(auto t, auto p) { return log1p((floored(p) - floored(t)) / (1 + floored(t))); }
  auto f(auto t, auto p) const { return square(difference(t, p)); }
  auto dp(auto g, auto t, auto p) const {
    const auto slope = 2 * g * difference(t, p) / (1 + floored(p));
    return where(p < like(p, kernels::kEpsilon), 0, slope);
  }
  auto dt(auto g, auto t, auto p) const { return dp(g, p, t); }
};

}  // namespace

Variable mean_squared_logarithmic_error(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(MeanSquaredLogarithmicError{}, y_true, y_pred, options.reduction,
                        options.sample_weight);
}

namespace records {

OpInfo mean_squared_logarithmic_error() {
  return record::loss(
      gradus::mean_squared_logarithmic_error,
      {.formula = "mean((log(1 + t) - log(1 + p))^2), t = max(y_true, 1e-7), p = max(y_pred, 1e-7)",
       .gradient = "dy_pred = 2 g (log(1 + p) - log(1 + t)) / (1 + p) / n, 0 where y_pred < 1e-7",
       .kinks = "1e-7: the gradient is 0 below",
       .flops = record::per_input(20)},
      record::away_from_zero(0.3, 2), record::away_from_zero(0.3, 2));
}

}  // namespace records

}  // namespace gradus
