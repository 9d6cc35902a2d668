#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

struct SquaredHinge {
  static constexpr std::string_view kName = "squared_hinge";
  bool binary = false;  // labels 0 and 1 stand for -1 and 1
  auto side(auto t) const { return binary ? 2 * t - 1 : t; }
  auto f(auto t, auto p) const { return square(relu(1 - side(t) * p)); }
  auto dp(auto g, auto t, auto p) const { return -2 * g * side(t) * relu(1 - side(t) * p); }
  auto dt(auto g, auto t, auto p) const { return (binary ? -4 : -2) * g * p * relu(1 - side(t) * p); }
};

}  // namespace

Variable squared_hinge(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(SquaredHinge{.binary = kernels::are_binary(y_true)}, y_true, y_pred,
                        options.reduction, options.sample_weight);
}

namespace records {

OpInfo squared_hinge() {
  const auto with = [](const Variable& y_true, const Variable& y_pred, Reduction reduction,
                       const Tensor& weight) {
    return gradus::squared_hinge(y_true, y_pred, {.reduction = reduction, .sample_weight = weight});
  };
  return record::loss({{"", with, record::away_from_zero(0.9, 1.1), record::distinct(1.5)},
                       {"", with, record::integers(0, 2), record::distinct(1.5)}},
                      {.formula = "mean(max(1 - y_true y_pred, 0)^2); labels 0 and 1 stand for -1 and 1",
                       .gradient = "dy_pred = -2 g y_true max(1 - y_true y_pred, 0) / n",
                       .kinks = "y_true y_pred = 1: the second derivative jumps there",
                       .flops = record::per_input(4)});
}

}  // namespace records

}  // namespace gradus
