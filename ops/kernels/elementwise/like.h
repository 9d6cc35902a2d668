#pragma once

#include <gradus/graph/variable.h>
#include <gradus/ops/kernels/elementwise/lanes.h>

namespace gradus {

// A number to compare x with, as what x holds: `x < like(x, 1e-7)`. Eigen would narrow it unasked, and the
// compiler warn.
template <kernels::Expression D>
auto like(const Eigen::ArrayBase<D>& /*x*/, double number) {
  return static_cast<typename D::Scalar>(number);
}
inline double like(const Variable& /*x*/, double number) { return number; }

}  // namespace gradus
