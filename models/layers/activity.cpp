#include <gradus/models/layer.h>
#include <gradus/models/layers/activity.h>
#include <gradus/models/training/step_record.h>
#include <gradus/ops/elementwise.h>

namespace gradus {

namespace {

// Opens what only layers may do.
struct LossAdder : Layer::Kind {
  using Kind::add_loss;
};

}  // namespace

Variable activated(const ActivationFunction& activation, Variable y, const Operand& x) {
  return activation.linear() ? y : activation(Operand(std::move(y), x.where()));
}

void penalize_activity(const Regularizer& regularizer, const Variable& y, const Operand& x) {
  if (!regularizer.defined() || StepRecord::current() == nullptr || y.shape()[0] == 0) return;
  Variable penalty = regularizer(Operand(y, x.where()));
  LossAdder::add_loss(
      multiply(Operand(std::move(penalty), x.where()), 1.0 / static_cast<double>(y.shape()[0])));
}

}  // namespace gradus
