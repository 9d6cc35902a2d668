#pragma once

#include <gradus/graph/variable.h>

namespace gradus {

// Whether the variable is the only one that refers to its node, and that to its buffer: its values may be
// written.
inline bool held_once(const Variable& variable) {
  return variable.node().references() == 1 && variable.value().buffer()->unique();
}

// The sum of two gradients that meet: the engine's only op.
Variable accumulate(const Variable& a, const Variable& b);

// The same where nothing is recorded: adds into the sum's buffer when nobody else holds it.
void accumulate_in_place(Variable& sum, const Variable& gradient);
Tensor accumulate_in_place(Tensor sum, const Tensor& gradient);

}  // namespace gradus
