#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

struct Poisson {
  static constexpr std::string_view kName = "poisson";
  auto f(auto t, auto p) const { return p - t * log(p + kernels::kEpsilon); }
  auto dp(auto g, auto t, auto p) const { return g * (1 - t / (p + kernels::kEpsilon)); }
  auto dt(auto g, auto /*t*/, auto p) const { return -g * log(p + kernels::kEpsilon); }
};

}  // namespace

Variable poisson(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(Poisson{}, y_true, y_pred, options.reduction, options.sample_weight);
}

namespace records {

OpInfo poisson() {
  return record::loss(gradus::poisson,
                      {.formula = "mean(y_pred - y_true log(y_pred + 1e-7))",
                       .gradient = "dy_pred = g (1 - y_true / (y_pred + 1e-7)) / n",
                       .flops = record::per_input(14)},
                      record::uniform(0, 3), record::uniform(0.3, 3));
}

}  // namespace records

}  // namespace gradus
