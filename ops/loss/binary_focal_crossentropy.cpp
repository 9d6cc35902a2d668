#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/activation_lanes.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/logits.h>
#include <gradus/ops/kernels/pointwise_loss.h>

namespace gradus {

namespace {

// What a prediction stands for: the probability q of class 1 and that of class 0, the cross-entropy c with a
// label t, and their derivatives.
struct Logits {
  static constexpr bool kFromLogits = true;
  static auto one(auto z) { return sigmoid(z); }
  static auto zero(auto z) { return sigmoid(-z); }
  static auto slope(auto z) { return sigmoid(z) * sigmoid(-z); }
  static auto entropy(auto t, auto z) { return maximum(z, 0) - z * t + softplus(-abs(z)); }
  static auto entropy_slope(auto g, auto t, auto z) { return g * (sigmoid(z) - t); }
  static auto label_slope(auto z) { return -z; }
};

struct Probabilities {
  static constexpr bool kFromLogits = false;
  static constexpr double kLow = kernels::kEpsilon, kHigh = 1 - kernels::kEpsilon;
  static auto one(auto p) { return p; }
  static auto zero(auto p) { return 1 - p; }
  static double slope(auto /*p*/) { return 1; }
  static auto clipped(auto p) { return within(p, kLow, kHigh); }
  static auto entropy(auto t, auto p) { return -t * log(clipped(p)) - (1 - t) * log(1 - clipped(p)); }
  static auto entropy_slope(auto g, auto t, auto p) {
    return passed(g * ((1 - t) / (1 - clipped(p)) - t / clipped(p)), p, kLow, kHigh);
  }
  static auto label_slope(auto p) { return log(1 - clipped(p)) - log(clipped(p)); }
};

// y = w s^gamma c, with the weight w = base + tilt t of a label, and s = t (1 - q) + (1 - t) q, what the
// prediction gives to the other class.
template <class Prediction>
struct Focal {
  static constexpr std::string_view kName = "binary_focal_crossentropy";
  double gamma = 2;
  double base = 1;
  double tilt = 0;

  OpAttributes attributes() const {
    OpAttributes all;
    if (tilt != 0 || base != 1) all.push_back({"alpha", scalar_text(1 - base)});
    all.push_back({"gamma", scalar_text(gamma)});
    if (Prediction::kFromLogits) all.push_back({"from_logits", "true"});
    return all;
  }
  // Not quite 0, where s^(gamma - 1) may have a pole.
  static auto share(auto t, auto p) {
    return maximum(t * Prediction::zero(p) + (1 - t) * Prediction::one(p), 1e-30);
  }
  auto f(auto t, auto p) const {
    return (base + tilt * t) * power(share(t, p), gamma) * Prediction::entropy(t, p);
  }
  // ds/dp = (1 - 2 t) dq/dp, ds/dt = (1 - q) - q
  auto dp(auto g, auto t, auto p) const {
    const auto s = share(t, p);
    const auto steep = gamma * power(s, gamma - 1) * (1 - 2 * t) * Prediction::slope(p);
    return (base + tilt * t) *
           (g * steep * Prediction::entropy(t, p) + power(s, gamma) * Prediction::entropy_slope(g, t, p));
  }
  auto dt(auto g, auto t, auto p) const {
    const auto s = share(t, p);
    const auto c = Prediction::entropy(t, p);
    const auto steep = gamma * power(s, gamma - 1) * (Prediction::zero(p) - Prediction::one(p));
    const auto slope = (base + tilt * t) * (steep * c + power(s, gamma) * Prediction::label_slope(p));
    return g * (slope + tilt * power(s, gamma) * c);
  }
};

}  // namespace

Variable binary_focal_crossentropy(const Operand& y_true, const Operand& y_pred, BinaryFocalOptions options) {
  constexpr std::string_view kName = Focal<Logits>::kName;
  const double alpha = kernels::not_negative(options.alpha, "alpha", kName, y_pred);
  const double gamma = kernels::not_negative(options.gamma, "gamma", kName, y_pred);
  const double base = options.apply_class_balancing ? 1 - alpha : 1;
  const double tilt = options.apply_class_balancing ? 2 * alpha - 1 : 0;
  const Operand labels = kernels::smooth_labels(y_true, y_pred, options.label_smoothing, 2, kName);
  const Variable logits = options.from_logits ? Variable() : kernels::logits_of(y_pred, kernels::is_sigmoid);
  const auto loss = [&](auto focal, const Operand& predictions) {
    return pointwise_loss(focal, labels, predictions, options.reduction, options.sample_weight);
  };
  if (logits.defined()) return loss(Focal<Logits>{gamma, base, tilt}, Operand(logits, y_pred.where()));
  if (options.from_logits) return loss(Focal<Logits>{gamma, base, tilt}, y_pred);
  return loss(Focal<Probabilities>{gamma, base, tilt}, y_pred);
}

namespace records {

OpInfo binary_focal_crossentropy() {
  const auto with = [](BinaryFocalOptions options) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      BinaryFocalOptions all = options;
      all.reduction = reduction;
      all.sample_weight = weight;
      return gradus::binary_focal_crossentropy(y_true, y_pred, all);
    };
  };
  const auto wrong = [=](const std::string& message, const BinaryFocalOptions& options) -> OpError {
    return {message, {Tensor::ones({2, 2}), Tensor::ones({2, 2})}, [=](std::span<const Variable> x) {
              return gradus::binary_focal_crossentropy(x[0], x[1], options);
            }};
  };
  const auto between = record::uniform(0.15, 0.85);
  return record::loss(
      {{"from_logits = true", with({.from_logits = true}), between},
       {"", with({}), between, between},
       {"apply_class_balancing = true, alpha = 0.3, gamma = 1.5",
        with({.apply_class_balancing = true, .alpha = 0.3, .gamma = 1.5}), between, between},
       {"apply_class_balancing = true, gamma = 0.5, from_logits = true, label_smoothing = 0.2",
        with({.apply_class_balancing = true, .gamma = 0.5, .from_logits = true, .label_smoothing = 0.2}),
        between}},
      {.signature = "(y_true, y_pred, {.apply_class_balancing, .alpha, .gamma, .from_logits, "
                    ".label_smoothing, .reduction, .sample_weight})",
       .formula = "mean(w s^gamma c), c the binary cross-entropy, s = y_true (1 - q) + (1 - y_true) q, "
                  "w = 1 or y_true alpha + (1 - y_true) (1 - alpha)",
       .gradient = "dz = g w (gamma s^(gamma - 1) (1 - 2 y_true) q (1 - q) c + s^gamma (q - y_true)) / n",
       .kinks = "clipped probabilities: the gradient of c is 0 beyond [1e-7, 1 - 1e-7]",
       .flops = record::per_input(70),
       .errors = {wrong("alpha must be finite and not negative: it is -0.25", {.alpha = -0.25}),
                  wrong("gamma must be finite and not negative: it is nan", {.gamma = NAN}),
                  wrong("label_smoothing 2.000000 is outside [0, 1]", {.label_smoothing = 2})}});
}

}  // namespace records

}  // namespace gradus
