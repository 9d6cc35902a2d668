#pragma once

#include <gradus/ops/kernels/lanes.h>

// Activations over lanes, for functors that use them in their rules; over Variables they are ops.

namespace gradus {

template <kernels::Expression D>
auto relu6(const Eigen::ArrayBase<D>& x) {
  return where(x.derived() > 6, 6, maximum(x, 0));
}

}  // namespace gradus
