#pragma once

#include <gradus/ops/kernels/linalg/onednn_product.h>

namespace gradus::kernels {

// Whether this build is for AVX2 with FMA, and no wider vectors: there a kernel of ours is faster than
// Eigen's at every size, and than oneDNN's at small ones.
bool has_avx2_product();
// out = a b, or out += a b, by one thread. REQUIRES has_avx2_product() and sizes other than 0.
void multiply_by_avx2(const ProductShape& shape, const float* a, const float* b, float* out);

}  // namespace gradus::kernels
