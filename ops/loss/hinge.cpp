#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

struct Hinge {
  static constexpr std::string_view kName = "hinge";
  bool binary = false;  // labels 0 and 1 stand for -1 and 1
  auto side(auto t) const { return binary ? 2 * t - 1 : t; }
  auto f(auto t, auto p) const { return relu(1 - side(t) * p); }
  auto dp(auto g, auto t, auto p) const { return where(side(t) * p < 1, -g * side(t), 0); }
  auto dt(auto g, auto t, auto p) const { return where(side(t) * p < 1, g * p * (binary ? -2 : -1), 0); }
};

}  // namespace

Variable hinge(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(Hinge{.binary = kernels::are_binary(y_true)}, y_true, y_pred, options.reduction,
                        options.sample_weight);
}

namespace records {

OpInfo hinge() {
  const auto with = [](const Variable& y_true, const Variable& y_pred, Reduction reduction,
                       const Tensor& weight) {
    return gradus::hinge(y_true, y_pred, {.reduction = reduction, .sample_weight = weight});
  };
  return record::loss({{"", with, record::away_from_zero(0.9, 1.1), record::distinct(1.5)},
                       {"", with, record::integers(0, 2), record::distinct(1.5)}},
                      {.formula = "mean(max(1 - y_true y_pred, 0)); labels 0 and 1 stand for -1 and 1",
                       .gradient = "dy_pred = -g y_true / n where y_true y_pred < 1, else 0",
                       .kinks = "y_true y_pred = 1: the gradient there is 0",
                       .flops = record::per_input(3)});
}

}  // namespace records

}  // namespace gradus
