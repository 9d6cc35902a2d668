#pragma once

// Operations on the graph itself: what is recorded, what is kept, where gradients pass.

#include <gradus/graph/operand.h>

namespace gradus {

// The value of x as a constant: no gradient passes.
Variable stop_gradient(const Operand& x);

}  // namespace gradus
