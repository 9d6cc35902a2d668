#pragma once

#include <gradus/graph/variable.h>

namespace gradus::kernels {

// sqrt(x), but with the gradient 0 where x is 0: for lengths and deviations, which are 0 only where what they
// are made of has no direction.
Variable root(const Variable& x);

}  // namespace gradus::kernels
