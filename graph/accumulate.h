#pragma once

#include <gradus/graph/variable.h>

namespace gradus {

// The sum of two gradients that meet: the engine's only op.
Variable accumulate(const Variable& a, const Variable& b);

// Adds `gradient` to `sum` where nothing is recorded: in the buffer of the sum, or of a gradient handed over,
// that nobody else holds; else in a new one.
void accumulate_in_place(Tensor& sum, const Tensor& gradient);
void accumulate_in_place(Tensor& sum, Tensor&& gradient);

}  // namespace gradus
