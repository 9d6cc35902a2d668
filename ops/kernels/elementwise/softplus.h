#pragma once

#include <gradus/ops/kernels/elementwise/lanes.h>

// softplus over lanes, for functors; over Variables it is an op.

namespace gradus {

// log(1 + e^x), of which e^x never overflows.
template <kernels::Expression D>
auto softplus(const Eigen::ArrayBase<D>& x) {
  return maximum(x, 0) + log1p(exp(-abs(x.derived())));
}

}  // namespace gradus
