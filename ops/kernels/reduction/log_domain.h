#pragma once

#include <gradus/graph/variable.h>

namespace gradus::kernels {

// x, but 0 in place of -inf: what a logarithm of a sum is measured from, as -inf - -inf would be NaN.
Variable above_minus_infinity(const Variable& x);

}  // namespace gradus::kernels
