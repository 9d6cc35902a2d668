#pragma once

#include <gradus/ops/kernels/lanes.h>

// Activations over lanes, for functors that use them in their rules; over Variables they are ops.

namespace gradus {

template <kernels::Expression D>
auto relu6(const Eigen::ArrayBase<D>& x) {
  return where(x.derived() > 6, 6, maximum(x, 0));
}
// log(1 + e^x), of which e^x never overflows.
template <kernels::Expression D>
auto softplus(const Eigen::ArrayBase<D>& x) {
  return maximum(x, 0) + log1p(exp(-abs(x.derived())));
}

}  // namespace gradus
