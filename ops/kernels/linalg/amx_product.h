#pragma once

#include <gradus/ops/kernels/linalg/onednn_product.h>

namespace gradus::kernels {

// Whether this build uses the processor's matrix registers (AMX) for bfloat16, and this process may.
bool has_amx_product();
// out = a b, or as `shape.sum` says, of float32 values rounded to bfloat16 on the way, their products summed
// in float32; split among threads, with the same bits for any number of them. Subnormal values count as 0,
// also those that are added to. REQUIRES has_amx_product(), sizes other than 0, and Sum::fresh or Sum::into.
void amx_product(const ProductShape& shape, const float* a, const float* b, float* out);

}  // namespace gradus::kernels
