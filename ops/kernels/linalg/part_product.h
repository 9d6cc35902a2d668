#pragma once

#include <gradus/ops/kernels/linalg/onednn_product.h>

namespace gradus::kernels {

// The product of parts of matrices, as `shape.sum` says: what decompositions by blocks spend their time on.
// Their sizes change from step to step, so no library is asked that compiles code for each. Nothing happens
// where a size is 0. T is float or double.
template <class T>
void part_product(const ProductShape& shape, const T* a, const T* b, T* out);

}  // namespace gradus::kernels
