#pragma once

#include <gradus/ops/kernels/elementwise/vector_functions.h>

// softplus over vectors, for functors; over Variables it is an op.

namespace gradus::kernels {

// log(1 + e^x), of which e^x never overflows.
template <class T>
[[gnu::always_inline]] inline Vector<T> softplus(const Vector<T>& x) {
  return maximum(x, 0) + log1p_of_share(exp(-abs(x)));
}

}  // namespace gradus::kernels
