#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

struct MeanSquaredError {
  static constexpr std::string_view kName = "mean_squared_error";
  auto f(auto t, auto p) const { return square(p - t); }
  auto dp(auto g, auto t, auto p) const { return 2 * g * (p - t); }
};

}  // namespace

Variable mean_squared_error(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(MeanSquaredError{}, y_true, y_pred, options.reduction, options.sample_weight);
}

namespace records {

OpInfo mean_squared_error() {
  return record::loss(gradus::mean_squared_error,
                      {.formula = "mean((y_true - y_pred)^2)",
                       .gradient = "dy_pred = 2 g (y_pred - y_true) / n, dy_true = -dy_pred",
                       .flops = record::per_input(3)});
}

}  // namespace records

}  // namespace gradus
