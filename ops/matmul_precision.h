#pragma once

#include <cstdint>

namespace gradus {

// How products of float32 matrices are computed. With bfloat16 the operands of large products are rounded to
// 8 significant bits (to nearest, half to even) and multiplied several times faster; sums, results and
// parameters stay float32. Products of less than 2^18 multiplications stay as they are.
enum class MatmulPrecision : std::uint8_t { float32, bfloat16 };

struct MatmulPrecisionOptions {
  // Where this build or processor multiplies no bfloat16: stay with float32 instead of throwing.
  bool fallback = false;
};

// For the whole process, until the next call; float32 at first. StateError for bfloat16 where there is none.
void set_matmul_precision(MatmulPrecision precision, MatmulPrecisionOptions options = {});
// What products use now.
MatmulPrecision matmul_precision();

}  // namespace gradus
