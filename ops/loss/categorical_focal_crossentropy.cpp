#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

constexpr std::string_view kName = "categorical_focal_crossentropy";

// sum(-alpha t (1 - q)^gamma log q); a class of label 0 adds nothing, even at q = 0.
Variable focal(const Variable& t, const Variable& log_q, const Variable& rest, double alpha, double gamma) {
  const Variable unused = t == 0;  // chosen before anything is multiplied: 0 (-inf) has no gradient
  // Not quite 0, where a gamma below 1 has a pole.
  const Variable weight = power(maximum(where(unused, 1, rest), 1e-30), gamma);
  return -alpha * sum(weight * where(unused, 0, log_q) * t, {.axis = -1});
}

}  // namespace

Variable categorical_focal_crossentropy(const Operand& y_true, const Operand& y_pred,
                                        CategoricalFocalOptions options) {
  const double alpha = kernels::not_negative(options.alpha, "alpha", kName, y_pred);
  const double gamma = kernels::not_negative(options.gamma, "gamma", kName, y_pred);
  const auto [targets, predictions] = kernels::align_ranks(y_true, y_pred);
  const Operand labels = kernels::smooth_labels(targets, predictions, options.label_smoothing,
                                                kernels::classes(predictions), kName);
  const auto from_logits = [=](std::span<const Variable> operands) {
    const Variable log_q = log_softmax(operands[1]);
    return focal(operands[0], log_q, -expm1(log_q), alpha, gamma);
  };
  const auto from_probabilities = [=](std::span<const Variable> operands) {
    const Variable &p = operands[1], share = p / sum(p, {.axis = -1, .keepdims = true});
    const Variable q = clip(share, kernels::kEpsilon, 1 - kernels::kEpsilon);
    return focal(operands[0], log(q), 1 - q, alpha, gamma);
  };
  OpAttributes attributes = {{"alpha", scalar_text(alpha)}, {"gamma", scalar_text(gamma)}};
  if (options.from_logits) attributes.push_back({"from_logits", "true"});
  kernels::ComposedLoss op(kName, std::move(attributes), -1,
                           options.from_logits ? Function(from_logits) : from_probabilities);
  return kernels::reduce_loss(apply(std::move(op), {labels, predictions}), options.reduction,
                              options.sample_weight, y_pred, kName);
}

namespace records {

OpInfo categorical_focal_crossentropy() {
  const auto with = [](CategoricalFocalOptions options) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      CategoricalFocalOptions all = options;
      all.reduction = reduction;
      all.sample_weight = weight;
      return gradus::categorical_focal_crossentropy(y_true, y_pred, all);
    };
  };
  const auto wrong = [=](const std::string& message, const CategoricalFocalOptions& options) -> OpError {
    return {message, {Tensor::ones({2, 2}), Tensor::ones({2, 2})}, [=](std::span<const Variable> x) {
              return gradus::categorical_focal_crossentropy(x[0], x[1], options);
            }};
  };
  const auto positive = record::uniform(0.2, 1);
  return record::loss(
      {{"", with({}), positive, positive},
       {"from_logits = true", with({.from_logits = true}), positive},
       {"alpha = 0.6, gamma = 1.5", with({.alpha = 0.6, .gamma = 1.5}), positive, positive},
       {"gamma = 3, from_logits = true, label_smoothing = 0.2",
        with({.gamma = 3, .from_logits = true, .label_smoothing = 0.2}), positive}},
      {.signature = "(y_true, y_pred, {.alpha, .gamma, .from_logits, .label_smoothing, .reduction, "
                    ".sample_weight})",
       .formula = "sum(-alpha y_true (1 - q)^gamma log q), q = softmax(z) for logits z, clip(p / sum(p)) for "
                  "probabilities p",
       .gradient = "dq = g alpha y_true (gamma (1 - q)^(gamma - 1) log q - (1 - q)^gamma / q)",
       .shapes = "[.., classes], same -> a value a sample [..], reduced",
       .kinks = "clipped probabilities: the gradient is 0 beyond [1e-7, 1 - 1e-7]",
       .flops = record::per_input(50),
       .errors = {wrong("alpha must be finite and not negative: it is inf", {.alpha = INFINITY}),
                  wrong("gamma must be finite and not negative: it is -2.0", {.gamma = -2}),
                  wrong("label_smoothing -1.0 is outside [0, 1]", {.label_smoothing = -1})}});
}

}  // namespace records

}  // namespace gradus
