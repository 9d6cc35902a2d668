#include <gradus/graph/number_text.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/loss/overlap_loss.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

constexpr std::string_view kName = "tversky";

}  // namespace

Variable tversky(const Operand& y_true, const Operand& y_pred, TverskyOptions options) {
  const double alpha = kernels::not_negative(options.alpha, "alpha", kName, y_pred);
  const double beta = kernels::not_negative(options.beta, "beta", kName, y_pred);
  const auto values = [=, axis = options.axis](std::span<const Variable> operands) {
    const auto total = [&](const Variable& x) { return sum(x, {.axis = axis}); };
    const Variable &t = operands[0], &p = operands[1], both = total(t * p);
    const Variable only = alpha * total((1 - p) * t) + beta * total(p * (1 - t));
    return 1 - both / (both + only + kernels::kEpsilon);
  };
  const auto of_sums = [=](double both, double of_true, double of_pred) -> kernels::OfSums {
    const double size = both + alpha * (of_true - both) + beta * (of_pred - both) + kernels::kEpsilon;
    const double share = both / size;
    return {1 - share, (share * (1 - alpha - beta) - 1) / size, share * alpha / size, share * beta / size};
  };
  return kernels::overlap_loss({.name = kName,
                                .attributes = {{"alpha", scalar_text(alpha)}, {"beta", scalar_text(beta)}},
                                .axis = options.axis,
                                .values = values,
                                .of_sums = of_sums,
                                .reduction = options.reduction,
                                .sample_weight = options.sample_weight},
                               y_true, y_pred);
}

namespace records {

OpInfo tversky() {
  const auto wrong = [](const std::string& message, double alpha, double beta) -> OpError {
    return {message, {Tensor::ones({2, 2}), Tensor::ones({2, 2})}, [=](std::span<const Variable> x) {
              return gradus::tversky(x[0], x[1], {.alpha = alpha, .beta = beta});
            }};
  };
  const auto with = [](double alpha, double beta, const Axes& axis) {
    return [=](std::span<const Variable> x) {
      return gradus::tversky(x[0], x[1], {.alpha = alpha, .beta = beta, .axis = axis});
    };
  };
  const OpInfo record = kernels::overlap_record(
      [](const Variable& y_true, const Variable& y_pred, const Axes& axis, Reduction reduction,
         const Tensor& weight) {
        return gradus::tversky(y_true, y_pred,
                               {.axis = axis, .reduction = reduction, .sample_weight = weight});
      },
      {.signature = "(y_true, y_pred, {.alpha, .beta, .axis, .reduction, .sample_weight})",
       .formula = "1 - s / (s + alpha sum((1 - y_pred) y_true) + beta sum(y_pred (1 - y_true)) + 1e-7), "
                  "s = sum(y_true y_pred)",
       .gradient = "dy_pred = -g (y_true - (1 - y) (y_true - alpha y_true + beta (1 - y_true))) / d, "
                   "d the divisor",
       .flops = record::per_input(8),
       .errors = {wrong("alpha must be finite and not negative: it is -0.5", -0.5, 0.5),
                  wrong("beta must be finite and not negative: it is nan", 0.5, NAN)}});
  return record::with_cases(record, [=](std::int64_t n) -> std::vector<record::Case> {
    return {{"alpha = 0.2, beta = 0.7", {{n, n}, {n, n}}, with(0.2, 0.7, {})},
            {"alpha = 1, beta = 0, axis = [1]", {{n, 3}, {n, 3}}, with(1, 0, 1)}};
  });
}

}  // namespace records

}  // namespace gradus
