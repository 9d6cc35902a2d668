#pragma once

#include <gradus/graph/variable.h>

namespace gradus {

// The sum of two gradients that meet: the engine's only op.
Variable accumulate(const Variable& a, const Variable& b);

// The same where nothing is recorded: adds into a's buffer when nobody else holds it.
Variable accumulate_in_place(Variable a, const Variable& b);
Tensor accumulate_in_place(Tensor a, const Tensor& b);

}  // namespace gradus
