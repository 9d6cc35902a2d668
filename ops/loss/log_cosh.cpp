#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

#include <numbers>

namespace gradus {

namespace {

struct LogCosh {
  static constexpr std::string_view kName = "log_cosh";
  // With a = |p - t| and u = e^-a - 1: a + log(1 + e^-2a) - log 2 where a is large, and where those would
  // cancel log(1 + (cosh a - 1)), cosh a - 1 = u^2 / (2 (1 + u)).
  auto f(auto t, auto p) const {
    const auto a = abs(p - t);
    const auto u = expm1(-a), power = 1 + u;
    const auto y = log1p(where(a > 1, square(power), square(u) / (2 * power)));
    return where(a > 1, a + (y - std::numbers::ln2), y);
  }
  auto dp(auto g, auto t, auto p) const { return g * tanh(p - t); }
};

}  // namespace

Variable log_cosh(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(LogCosh{}, y_true, y_pred, options.reduction, options.sample_weight);
}

namespace records {

OpInfo log_cosh() {
  return record::loss(gradus::log_cosh,
                      {.formula = "mean(log cosh(y_pred - y_true))",
                       .gradient = "dy_pred = g tanh(y_pred - y_true) / n, dy_true = -dy_pred",
                       .flops = record::per_input(36)});
}

}  // namespace records

}  // namespace gradus
