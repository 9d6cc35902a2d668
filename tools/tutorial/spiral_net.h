#pragma once

#include <gradus/graph/function.h>
#include <gradus/graph/operand.h>
#include <gradus/graph/variable.h>
#include <gradus/models/data/random_state.h>

#include <functional>
#include <vector>

namespace gradus::tutorial {

// Part F's data and net, in float64, with all points as one batch.

struct Spiral {
  Tensor x = {};  // [300, 2]
  Tensor y = {};  // the arm of each point, int64 [300]
};
// Three arms of 100 points, as NumPy draws them from `random`.
Spiral make_spiral(numpy::RandomState& random);

// The weights of a net 2-50-50-3: w1, b1, w2, b2, w3, b3. The biases are zeros; the others are 0.1 times
// normals, drawn in their order.
Variables spiral_weights(numpy::RandomState& random);

// tanh, tanh, linear: [n, 2] -> [n, 3].
Variable spiral_scores(const Operand& x, Function::Operands weights);
// The mean cross-entropy of the scores' softmax, and a penalty of 0.001 / 2 for each squared weight.
Variable spiral_loss(const Spiral& data, Function::Operands weights);

// The slope of tanh, from its value h.
using Slope = std::function<Variable(const Variable& h)>;
Variable right_slope(const Variable& h);     // 1 - h^2
Variable notebook_slope(const Variable& h);  // 1 - tanh(h)^2, which forgets that h is a tanh already

// The gradients of the loss, by the chain rule written out as in the notebook, where each tanh has this
// slope.
std::vector<Variable> gradients_by_hand(const Spiral& data, Function::Operands weights, const Slope& slope);

// Gradient descent with step 0.1. The loss before each step and after the last: iterations + 1 values.
std::vector<double> train_by_backward(const Spiral& data, const Variables& weights, int iterations);
std::vector<double> train_by_hand(const Spiral& data, const Variables& weights, const Slope& slope,
                                  int iterations);

}  // namespace gradus::tutorial
