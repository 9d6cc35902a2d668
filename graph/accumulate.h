#pragma once

#include <gradus/graph/variable.h>

namespace gradus {

// The sum of two gradients that meet: the engine's only op.
Variable accumulate(const Variable& a, const Variable& b);

// The same where nothing is recorded: adds into the buffer of one that nobody else holds.
Tensor accumulate_in_place(Tensor sum, Tensor gradient);

}  // namespace gradus
