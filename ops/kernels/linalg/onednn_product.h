#pragma once

#include <gradus/ops/kernels/linalg/product.h>

#include <cstdint>

namespace gradus::kernels {

enum class Operands : std::uint8_t { float32, bfloat16 };

// A product of float32 values whose matrices are parts of larger ones: each has the step from one stored row
// to the next.
struct ProductShape {
  std::int64_t m = 0, k = 0, n = 0;
  std::int64_t a_step = 0, b_step = 0, out_step = 0;
  bool a_transposed = false, b_transposed = false;
  Sum sum = Sum::fresh;
  Operands operands = Operands::float32;

  bool operator==(const ProductShape&) const = default;
};

// Whether this build has oneDNN; whether that multiplies bfloat16 operands on this processor.
bool has_onednn();
bool has_bfloat16();
// out = a b, or out += a b, by one thread. False where oneDNN is missing, has no such product, or no memory:
// then nothing has happened.
bool multiply_by_onednn(const ProductShape& shape, const void* a, const void* b, float* out);

}  // namespace gradus::kernels
