#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

struct MeanAbsolutePercentageError {
  static constexpr std::string_view kName = "mean_absolute_percentage_error";
  static auto divisor(auto t) { return maximum(abs(t), kernels::kEpsilon); }
  auto f(auto t, auto p) const { return 100 * abs((t - p) / divisor(t)); }
  auto dp(auto g, auto t, auto p) const { return 100 * g * sign(p - t) / divisor(t); }
  // The second term is that of the divisor, which stands still below epsilon.
  auto dt(auto g, auto t, auto p) const {
    const auto ratio = sign(t) * abs(t - p) / divisor(t);
    return 100 * g * (sign(t - p) - where(abs(t) < like(t, kernels::kEpsilon), 0, ratio)) / divisor(t);
  }
};

}  // namespace

Variable mean_absolute_percentage_error(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(MeanAbsolutePercentageError{}, y_true, y_pred, options.reduction,
                        options.sample_weight);
}

namespace records {

OpInfo mean_absolute_percentage_error() {
  return record::loss(gradus::mean_absolute_percentage_error,
                      {.formula = "mean(100 |y_true - y_pred| / max(|y_true|, 1e-7))",
                       .gradient = "dy_pred = 100 g sign(y_pred - y_true) / max(|y_true|, 1e-7) / n",
                       .kinks = "y_true = y_pred: the gradient there is 0; |y_true| = 1e-7",
                       .flops = record::per_input(6)},
                      record::away_from_zero(0.3, 1), record::away_from_zero(1.3, 2.5));
}

}  // namespace records

}  // namespace gradus
