#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/loss/logits.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

constexpr std::string_view kName = "binary_focal_crossentropy";

// A probability q of class 1, that of class 0, and minus their logarithms.
struct Prediction {
  Variable one;
  Variable zero;
  Variable surprise_at_one;
  Variable surprise_at_zero;
};

Prediction of_logits(const Variable& z) { return {sigmoid(z), sigmoid(-z), softplus(-z), softplus(z)}; }

// Only the logarithms are of clipped probabilities.
Prediction of_probabilities(const Variable& p) {
  const Variable q = clip(p, kernels::kEpsilon, 1 - kernels::kEpsilon);
  return {p, 1 - p, -log(q), -log(1 - q)};
}

}  // namespace

Variable binary_focal_crossentropy(const Operand& y_true, const Operand& y_pred, BinaryFocalOptions options) {
  const double alpha = kernels::not_negative(options.alpha, "alpha", kName, y_pred);
  const double gamma = kernels::not_negative(options.gamma, "gamma", kName, y_pred);
  const Variable logits = options.from_logits ? Variable() : kernels::logits_of(y_pred, kernels::is_sigmoid);
  const bool direct = options.from_logits || logits.defined(), balanced = options.apply_class_balancing;
  const Operand labels = kernels::smooth_labels(y_true, y_pred, options.label_smoothing, 2, kName);
  const auto [targets, predictions] =
      kernels::align_ranks(labels, logits.defined() ? Operand(logits, y_pred.where()) : y_pred);
  const Axes axis = predictions.rank() == 0 ? Axes() : -1;

  const auto values = [=](std::span<const Variable> operands) {
    const Variable& t = operands[0];
    const Prediction q = direct ? of_logits(operands[1]) : of_probabilities(operands[1]);
    const Variable entropy = t * q.surprise_at_one + (1 - t) * q.surprise_at_zero;
    // Not quite 0, where a gamma below 1 has a pole.
    const Variable wrong = maximum(t * q.zero + (1 - t) * q.one, 1e-30);
    const Variable losses = power(wrong, gamma) * entropy;
    return mean(balanced ? (t * alpha + (1 - t) * (1 - alpha)) * losses : losses, {.axis = axis});
  };
  OpAttributes attributes = {{"gamma", scalar_text(gamma)}};
  if (balanced) attributes.push_back({"alpha", scalar_text(alpha)});
  if (direct) attributes.push_back({"from_logits", "true"});
  kernels::ComposedLoss op(kName, std::move(attributes), axis, values);
  return kernels::reduce_loss(apply(std::move(op), {targets, predictions}), options.reduction,
                              options.sample_weight, y_pred, kName);
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
