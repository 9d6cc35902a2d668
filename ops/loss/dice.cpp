#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/overlap_loss.h>
#include <gradus/ops/reduction.h>

namespace gradus {

Variable dice(const Operand& y_true, const Operand& y_pred, DiceOptions options) {
  const auto values = [axis = options.axis](std::span<const Variable> operands) {
    const auto total = [&](const Variable& x) { return sum(x, {.axis = axis}); };
    const Variable &t = operands[0], &p = operands[1];
    return 1 - 2 * total(t * p) / (total(t) + total(p) + kernels::kEpsilon);
  };
  const auto of_sums = [](double both, double of_true, double of_pred) -> kernels::OfSums {
    const double size = of_true + of_pred + kernels::kEpsilon, share = 2 * both / size;
    return {1 - share, -2 / size, share / size, share / size};
  };
  return kernels::overlap_loss({.name = "dice",
                                .axis = options.axis,
                                .values = values,
                                .of_sums = of_sums,
                                .reduction = options.reduction,
                                .sample_weight = options.sample_weight},
                               y_true, y_pred);
}

namespace records {

OpInfo dice() {
  return kernels::overlap_record(
      [](const Variable& y_true, const Variable& y_pred, const Axes& axis, Reduction reduction,
         const Tensor& weight) {
        return gradus::dice(y_true, y_pred, {.axis = axis, .reduction = reduction, .sample_weight = weight});
      },
      {.signature = "(y_true, y_pred, {.axis, .reduction, .sample_weight})",
       .formula = "1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + 1e-7)",
       .gradient = "dy_pred = g (1 - y - 2 y_true) / (sum(y_true) + sum(y_pred) + 1e-7)",
       .flops = record::per_input(4)});
}

}  // namespace records

}  // namespace gradus
