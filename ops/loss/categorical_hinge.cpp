#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

constexpr std::string_view kName = "categorical_hinge";

Variable values(std::span<const Variable> operands) {
  const Variable &t = operands[0], &p = operands[1];
  if (p.value().size() == 0) return sum(p, {.axis = -1});  // no class, no largest value
  const Variable right = sum(t * p, {.axis = -1}), wrong = max((1 - t) * p, {.axis = -1});
  return relu(wrong - right + 1);
}

}  // namespace

Variable categorical_hinge(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  static const auto op = Ref<const Op>::adopt(new kernels::ComposedLoss(kName, {}, -1, values));
  const auto [labels, predictions] = kernels::align_ranks(y_true, y_pred);
  return kernels::reduce_loss(apply(op, {labels, predictions}), options.reduction, options.sample_weight,
                              y_pred, kName);
}

namespace records {

OpInfo categorical_hinge() {
  return record::loss(gradus::categorical_hinge,
                      {.formula = "max(max((1 - y_true) y_pred) - sum(y_true y_pred) + 1, 0)",
                       .gradient = "dy_pred = g ((1 - y_true) [largest] - y_true) where the loss is above 0",
                       .kinks = "a loss of 0: the gradient is 0; equal largest values share theirs",
                       .flops = record::per_input(5)},
                      record::uniform(0.1, 0.2), record::distinct(1));
}

}  // namespace records

}  // namespace gradus
