#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/logits.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

// max(z, 0) - z t + log(1 + e^-|z|), which neither overflows nor loses digits.
struct FromLogits {
  static constexpr std::string_view kName = "binary_crossentropy";
  OpAttributes attributes() const { return {{"from_logits", "true"}}; }
  auto f(auto t, auto z) const { return relu(z) - z * t + log1p_of_share(exp(-abs(z))); }
  auto dp(auto g, auto t, auto z) const { return g * (sigmoid(z) - t); }
  auto dt(auto g, auto /*t*/, auto z) const { return -g * z; }
};

// -t log q - (1 - t) log(1 - q), q = clip(p); a clipped probability has no slope.
struct FromProbabilities {
  static constexpr std::string_view kName = "binary_crossentropy";
  static constexpr double kLow = kernels::kEpsilon, kHigh = 1 - kernels::kEpsilon;
  static auto clipped(auto p) { return clip(p, kLow, kHigh); }
  auto f(auto t, auto p) const {
    const auto q = clipped(p);
    return -t * log(q) - (1 - t) * log(1 - q);
  }
  auto dp(auto g, auto t, auto p) const {
    const auto q = clipped(p);
    const auto slope = g * ((1 - t) / (1 - q) - t / q);
    return where(p < like(p, kLow), 0, where(p > like(p, kHigh), 0, slope));
  }
  auto dt(auto g, auto /*t*/, auto p) const {
    const auto q = clipped(p);
    return g * (log(1 - q) - log(q));
  }
};

}  // namespace

Variable binary_crossentropy(const Operand& y_true, const Operand& y_pred, CrossentropyOptions options) {
  using kernels::PointwiseLoss;
  const auto& from_logits = Op::lasting<PointwiseLoss<FromLogits>>();
  const auto& from_probabilities = Op::lasting<PointwiseLoss<FromProbabilities>>();
  const Operand labels =
      kernels::smooth_labels(y_true, y_pred, options.label_smoothing, 2, from_logits->name());
  const Variable logits = options.from_logits ? Variable() : kernels::logits_of(y_pred, kernels::is_sigmoid);
  const bool direct = options.from_logits || logits.defined();
  const auto [targets, predictions] =
      kernels::align_ranks(labels, logits.defined() ? Operand(logits, y_pred.where()) : y_pred);
  return kernels::reduced_loss(direct ? from_logits : from_probabilities, targets, predictions,
                               options.reduction, options.sample_weight, y_pred);
}

namespace records {

OpInfo binary_crossentropy() {
  const auto with = [](CrossentropyOptions options) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      CrossentropyOptions all = options;
      all.reduction = reduction;
      all.sample_weight = weight;
      return gradus::binary_crossentropy(y_true, y_pred, all);
    };
  };
  const auto between = record::uniform(0.1, 0.9);
  return record::loss(
      {{"from_logits = true", with({.from_logits = true}), between},
       {"", with({}), between, between},
       {"label_smoothing = 0.2", with({.label_smoothing = 0.2}), between, between}},
      {.signature = "(y_true, y_pred, {.from_logits, .label_smoothing, .reduction, .sample_weight})",
       .formula = "mean(max(z, 0) - z y_true + log(1 + e^-|z|)) for logits z; mean(-y_true log q - "
                  "(1 - y_true) log(1 - q)), q = clip(p), for probabilities p",
       .gradient = "dz = g (sigmoid(z) - y_true) / n",
       .kinks = "clipped probabilities: the gradient is 0 beyond [1e-7, 1 - 1e-7]",
       .flops = record::per_input(30),
       .errors = {{"label_smoothing -0.1 is outside [0, 1]",
                   {Tensor::ones({2, 2}), Tensor::ones({2, 2})},
                   [](std::span<const Variable> x) {
                     return gradus::binary_crossentropy(x[0], x[1], {.label_smoothing = -0.1});
                   }}}});
}

}  // namespace records

}  // namespace gradus
