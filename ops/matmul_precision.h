#pragma once

#include <cstdint>
#include <string_view>

namespace gradus {

// How products of float32 matrices are computed. With bfloat16 the operands of large products are rounded to
// 8 significant bits (to nearest, half to even) and multiplied several times faster; sums, results and
// parameters stay float32. Products of less than 2^18 multiplications stay as they are.
enum class MatmulPrecision : std::uint8_t { float32, bfloat16 };

// What becomes of bfloat16 where this build or processor multiplies none: a StateError; float32; or operands
// that are rounded all the same and multiplied as float32, which gives the same numbers up to the order of
// summation and is no faster than float32: to see what bfloat16 does to a model's accuracy.
enum class Bfloat16Fallback : std::uint8_t { error, float32, emulate };

struct MatmulPrecisionOptions {
  Bfloat16Fallback fallback = Bfloat16Fallback::error;
};

// For the whole process, until the next call; float32 at first. StateError for bfloat16 where there is none.
void set_matmul_precision(MatmulPrecision precision, MatmulPrecisionOptions options = {});
// What this thread's products use now.
MatmulPrecision matmul_precision();
// What `precision` comes to in this build on this processor. StateError, naming the `call`, as above.
MatmulPrecision available_matmul_precision(std::string_view call, MatmulPrecision precision,
                                           MatmulPrecisionOptions options = {});

// While one lives, the products of this thread's calls, and of the workers that compute for them, have
// `precision`, whatever the process's is. Scopes nest. REQUIRES a precision that is available.
class MatmulPrecisionScope {
 public:
  explicit MatmulPrecisionScope(MatmulPrecision precision);
  ~MatmulPrecisionScope();
  MatmulPrecisionScope(const MatmulPrecisionScope&) = delete;
  MatmulPrecisionScope& operator=(const MatmulPrecisionScope&) = delete;

 private:
  std::int8_t before_;
};

}  // namespace gradus
