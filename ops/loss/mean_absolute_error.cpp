#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

struct MeanAbsoluteError {
  static constexpr std::string_view kName = "mean_absolute_error";
  auto f(auto t, auto p) const { return abs(p - t); }
  auto dp(auto g, auto t, auto p) const { return g * sign(p - t); }
};

}  // namespace

Variable mean_absolute_error(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(MeanAbsoluteError{}, y_true, y_pred, options.reduction, options.sample_weight);
}

namespace records {

OpInfo mean_absolute_error() {
  return record::loss(gradus::mean_absolute_error,
                      {.formula = "mean(|y_true - y_pred|)",
                       .gradient = "dy_pred = g sign(y_pred - y_true) / n, dy_true = -dy_pred",
                       .kinks = "y_true = y_pred: the gradient there is 0",
                       .flops = record::per_input(3)},
                      record::uniform(-1, 1), record::away_from_zero(1.3, 2.5));
}

}  // namespace records

}  // namespace gradus
