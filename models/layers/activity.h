#pragma once

#include <gradus/models/activation_function.h>
#include <gradus/models/regularizers.h>

namespace gradus {

// What a layer does to the `y` it computed from `x`: its activation.
Variable activated(const ActivationFunction& activation, Variable y, const Operand& x);

// Adds the penalty of a batch of outputs to the loss of the step that is under way: the regularizer's value
// divided by the number of rows, as Keras does, so that it does not depend on the batch size.
void penalize_activity(const Regularizer& regularizer, const Variable& y, const Operand& x);

// Both, for options with the members `activation` and `activity_regularizer`.
template <class Options>
Variable activated(const Options& options, Variable y, const Operand& x) {
  Variable output = activated(options.activation, std::move(y), x);
  penalize_activity(options.activity_regularizer, output, x);
  return output;
}

}  // namespace gradus
