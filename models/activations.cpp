#include <gradus/models/activations.h>
#include <gradus/models/config/checked_number.h>

namespace gradus::activations {

namespace {

// An operand of an op that is part of the function `x` was passed to.
Operand part(Variable value, const Operand& x) { return {std::move(value), x.where()}; }

Operand floating(const Operand& x) { return is_integer(x.dtype()) ? part(cast(x, DType::float32), x) : x; }

void check(const ReluOptions& options) {
  number_from_zero("relu", "negative_slope", options.negative_slope);
  number_from_zero("relu", "max_value", options.max_value.value_or(0));
  finite_number("relu", "threshold", options.threshold);
}

}  // namespace

Variable relu(const Operand& x, ReluOptions options) {
  check(options);
  const auto [slope, max_value, threshold] = options;
  const bool plain = threshold == 0 && !max_value;
  if (plain && slope == 0) return gradus::relu(x);
  if (plain) return leaky_relu(x, {.negative_slope = slope});
  if (threshold == 0 && max_value == 6 && slope == 0) return relu6(x);

  const Operand v = floating(x);
  Variable above = threshold == 0 ? gradus::relu(v) : gradus::threshold(v, {.threshold = threshold});
  if (max_value) above = clip(part(std::move(above), x), 0, *max_value);
  if (slope == 0) return above;
  const Variable below = gradus::relu(part(subtract(threshold, v), x));
  return subtract(part(std::move(above), x), part(multiply(slope, part(below, x)), x));
}

// hard_tanh is x within [-1, 1], and stays at the bounds beyond.
Variable sparse_sigmoid(const Operand& x) { return divide(part(add(part(hard_tanh(x), x), 1), x), 2); }

Variable sparse_plus(const Operand& x) {
  const Operand v = floating(x);
  const Variable parabola = square(part(sparse_sigmoid(v), x));
  return where(part(greater_equal(v, 1), x), v, part(parabola, x));
}

Variable linear(const Operand& x) {
  return x.is_number() ? Variable(Tensor::scalar(x.number())) : x.variable();
}

Variable exponential(const Operand& x) { return exp(x); }

}  // namespace gradus::activations
