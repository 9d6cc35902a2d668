// The gradients of all ops, by two oracles: differences, and a product of the rule with itself.

#include <gradus/graph/gradcheck.h>

#include "every_op.h"

namespace gradus {
namespace {

using EveryGradient = EveryOp;

TEST_P(EveryGradient, HasTheGradientsThatFiniteDifferencesGive) {
  if (!info().differentiable()) {
    for (const OpSample& sample : plain_samples()) {
      EXPECT_FALSE(sample.call(operands(sample, DType::float32, true)).requires_grad()) << describe(sample);
    }
    return;
  }
  for (const OpSample& sample : plain_samples()) {
    if (is_empty(sample)) continue;  // nothing to differentiate by; see TakesEmptyTensors
    const GradcheckResult result = gradcheck(sample.call, sample.inputs);
    EXPECT_TRUE(result) << describe(sample) << ": " << result.message();
  }
}

double dot(const Tensor& a, const Tensor& b) {
  const std::vector<double> left = a.to_vector<double>(), right = b.to_vector<double>();
  double sum = 0;
  for (std::size_t i = 0; i < left.size(); ++i) sum += left[i] * right[i];
  return sum;
}

// <u, J v> = <J^T u, v>, where J v is the derivative of <J^T u, v> with respect to u.
TEST_P(EveryGradient, IsTheTransposeOfItself) {
  if (!info().differentiable()) return;
  Random random(5);
  for (const OpSample& sample : plain_samples()) {
    if (is_empty(sample)) continue;  // a mean of nothing is NaN; see TakesEmptyTensors
    const std::vector<Variable> x = operands(sample, DType::float64, true);
    const Variable y = sample.call(x);
    if (!y.requires_grad()) continue;
    std::vector<Variable> inputs, directions;
    for (const Variable& variable : x) {
      if (!variable.requires_grad()) continue;
      inputs.push_back(variable);
      directions.emplace_back(random.normal(variable.shape(), {.dtype = DType::float64}));
    }
    const Variable u(random.normal(y.shape(), {.dtype = DType::float64}), {.requires_grad = true});
    const std::vector<Variable> pulled = gradients(y, inputs, {.create_graph = true, .seeds = u});
    double pulled_along = 0;
    std::vector<Variable> outputs, seeds;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      pulled_along += dot(pulled[i].value(), directions[i].value());
      if (!pulled[i].requires_grad()) continue;  // zeros: y does not depend on this operand
      outputs.push_back(pulled[i]);
      seeds.push_back(directions[i]);
    }
    if (outputs.empty()) continue;
    const Variable pushed = gradients(outputs, u, {.seeds = seeds}).front();
    EXPECT_NEAR(dot(u.value(), pushed.value()), pulled_along, 1e-10 * (1 + std::abs(pulled_along)))
        << describe(sample);
  }
}

FOR_EVERY_OP(EveryGradient);

}  // namespace
}  // namespace gradus
