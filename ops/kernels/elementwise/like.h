#pragma once

#include <gradus/graph/variable.h>
#include <gradus/ops/kernels/elementwise/vector.h>

namespace gradus {

// A number to compare x with, rounded to what x holds: `x < like(x, 1e-7)`.
template <class T>
[[gnu::always_inline]] inline T like(const kernels::Vector<T>& /*x*/, double number) {
  return static_cast<T>(number);
}
inline double like(const Variable& /*x*/, double number) { return number; }

}  // namespace gradus
