#pragma once

#include <gradus/ops/kernels/linalg/onednn_product.h>

namespace gradus::kernels {

// out = a b, or out += a b, by one thread, where that has few columns and is small: what a small model begins
// and ends with, and what leaves most lanes of a tile empty. False, and nothing done, for other products and
// in builds without AVX2 and FMA. REQUIRES sizes other than 0 and no Sum::less.
bool narrow_product(const ProductShape& shape, const float* a, const float* b, float* out);

}  // namespace gradus::kernels
