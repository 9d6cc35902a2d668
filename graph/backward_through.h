#pragma once

#include <gradus/graph/call.h>

#include <functional>

namespace gradus {

// A function that is made of ops.
using Composition = std::function<Variable(std::span<const Variable>)>;

// A gradient rule for an op that computes what `function` computes of the same operands: runs it again,
// recorded, and gives its gradients. For ops whose own rule is a kernel, where the gradient is itself to be
// differentiated, and for those that keep nothing (checkpoint).
void backward_through(Backward& b, const Composition& function);

}  // namespace gradus
