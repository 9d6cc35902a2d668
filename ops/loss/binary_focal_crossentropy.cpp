#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/elementwise/softplus.h>
#include <gradus/ops/kernels/loss/logits.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

namespace gradus {

namespace {

constexpr std::string_view kName = "binary_focal_crossentropy";

// w s^gamma c with the binary cross-entropy c, the probability s of the other class, and the weight w of the
// label; written once for logits and once for probabilities, of which only the logarithms are clipped.
template <bool logits>
struct BinaryFocal {
  static constexpr std::string_view kName = gradus::kName;
  static constexpr double kLow = kernels::kEpsilon, kHigh = 1 - kernels::kEpsilon;
  double alpha, gamma;
  bool balanced;

  OpAttributes attributes() const {
    OpAttributes result = {{"gamma", scalar_text(gamma)}};
    if (balanced) result.push_back({"alpha", scalar_text(alpha)});
    if (logits) result.push_back({"from_logits", "true"});
    return result;
  }

  // The probability of class 1, and minus the logarithms of it and of its complement.
  static auto one(auto p) {
    if constexpr (logits) {
      return sigmoid(p);
    } else {
      return p;
    }
  }
  static auto surprise_at_one(auto p) {
    if constexpr (logits) {
      return softplus(-p);
    } else {
      return -log(clip(p, kLow, kHigh));
    }
  }
  static auto surprise_at_zero(auto p) {
    if constexpr (logits) {
      return softplus(p);
    } else {
      return -log(1 - clip(p, kLow, kHigh));
    }
  }
  static auto zero(auto p) {
    if constexpr (logits) {
      return sigmoid(-p);
    } else {
      return 1 - p;
    }
  }
  // dc/dp for each class, where p is a logit as q - t.
  static auto entropy_slope(auto t, auto p) {
    if constexpr (logits) {
      return sigmoid(p) - t;
    } else {
      const auto q = clip(p, kLow, kHigh);
      return where(p < like(p, kLow), 0, where(p > like(p, kHigh), 0, (1 - t) / (1 - q) - t / q));
    }
  }
  static auto entropy(auto t, auto p) { return t * surprise_at_one(p) + (1 - t) * surprise_at_zero(p); }
  // Not quite 0, where a gamma below 1 has a pole.
  static auto wrong(auto t, auto p) { return maximum(t * zero(p) + (1 - t) * one(p), 1e-30); }
  auto weight(auto t) const { return balanced ? t * (2 * alpha - 1) + (1 - alpha) : 0 * t + 1; }

  auto f(auto t, auto p) const { return weight(t) * power(wrong(t, p), gamma) * entropy(t, p); }
  auto dp(auto g, auto t, auto p) const {
    const auto s = wrong(t, p);
    auto ds = 1 - 2 * t;
    if constexpr (logits) ds = ds * one(p) * zero(p);
    return g * weight(t) *
           (gamma * power(s, gamma - 1) * ds * entropy(t, p) + power(s, gamma) * entropy_slope(t, p));
  }
  auto dt(auto g, auto t, auto p) const {
    const auto s = wrong(t, p), c = entropy(t, p);
    const auto slope = gamma * power(s, gamma - 1) * (zero(p) - one(p)) * c +
                       power(s, gamma) * (surprise_at_one(p) - surprise_at_zero(p));
    const auto weighed = g * weight(t) * slope;
    return balanced ? weighed + g * (2 * alpha - 1) * power(s, gamma) * c : weighed;
  }
};

}  // namespace

Variable binary_focal_crossentropy(const Operand& y_true, const Operand& y_pred, BinaryFocalOptions options) {
  const double alpha = kernels::not_negative(options.alpha, "alpha", kName, y_pred);
  const double gamma = kernels::not_negative(options.gamma, "gamma", kName, y_pred);
  const Variable logits = options.from_logits ? Variable() : kernels::logits_of(y_pred, kernels::is_sigmoid);
  const bool direct = options.from_logits || logits.defined(), balanced = options.apply_class_balancing;
  const Operand labels = kernels::smooth_labels(y_true, y_pred, options.label_smoothing, 2, kName);
  const auto [targets, predictions] =
      kernels::align_ranks(labels, logits.defined() ? Operand(logits, y_pred.where()) : y_pred);
  Ref<const Op> op;
  if (direct) {
    op = Ref<const Op>::adopt(new kernels::PointwiseLoss<BinaryFocal<true>>({alpha, gamma, balanced}));
  } else {
    op = Ref<const Op>::adopt(new kernels::PointwiseLoss<BinaryFocal<false>>({alpha, gamma, balanced}));
  }
  return kernels::reduced_loss(op, targets, predictions, options.reduction, options.sample_weight, y_pred);
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
                  wrong("label_smoothing 2.0 is outside [0, 1]", {.label_smoothing = 2})}});
}

}  // namespace records

}  // namespace gradus
