#pragma once

#include <gradus/ops/kernels/linalg/onednn_product.h>

#include <cstdint>

namespace gradus::kernels {

// Products of few columns, what a small model begins and ends with: 2 to kNarrowColumns.
constexpr std::int64_t kNarrowColumns = 8, kNarrowProduct = 2048;
inline bool is_narrow(std::int64_t m, std::int64_t k, std::int64_t n) {
  return m > 1 && 1 < n && n <= kNarrowColumns && m * k <= kNarrowProduct && m * k * n <= kNarrowProduct;
}
// out = a b, or out += a b, by one thread. REQUIRES is_narrow(), k > 0 and no Sum::less.
void narrow_product(const ProductShape& shape, const float* a, const float* b, float* out);

}  // namespace gradus::kernels
