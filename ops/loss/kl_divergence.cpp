#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

struct KlDivergence {
  static constexpr std::string_view kName = "kl_divergence";
  static constexpr bool kSum = true;
  static auto clipped(auto x) { return clip(x, kernels::kEpsilon, 1); }
  static auto inside(auto g, auto x) { return where(x == clipped(x), g, 0); }
  auto f(auto t, auto p) const { return clipped(t) * log(clipped(t) / clipped(p)); }
  auto dp(auto g, auto t, auto p) const { return inside(-g * clipped(t) / clipped(p), p); }
  auto dt(auto g, auto t, auto p) const { return inside(g * (log(clipped(t) / clipped(p)) + 1), t); }
};

}  // namespace

Variable kl_divergence(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  return pointwise_loss(KlDivergence{}, y_true, y_pred, options.reduction, options.sample_weight);
}

namespace records {

OpInfo kl_divergence() {
  return record::loss(gradus::kl_divergence,
                      {.formula = "sum(t log(t / p)), t = clip(y_true), p = clip(y_pred) to [1e-7, 1]",
                       .gradient = "dy_pred = -g t / p, dy_true = g (log(t / p) + 1)",
                       .kinks = "clipped values: the gradient is 0 beyond [1e-7, 1]",
                       .flops = record::per_input(18)},
                      record::uniform(0.1, 0.9), record::uniform(0.1, 0.9));
}

}  // namespace records

}  // namespace gradus
