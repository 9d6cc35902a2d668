#include <gradus/graph/error.h>
#include <gradus/ops/kernels/linalg/onednn_product.h>
#include <gradus/ops/matmul_precision.h>

#include <atomic>

namespace gradus {

namespace {
std::atomic<MatmulPrecision> current = MatmulPrecision::float32;
}  // namespace

void set_matmul_precision(MatmulPrecision precision, MatmulPrecisionOptions options) {
  if (precision == MatmulPrecision::bfloat16 && !kernels::has_bfloat16()) {
    if (!options.fallback) {
      throw StateError(kernels::has_onednn()
                           ? "set_matmul_precision: this processor multiplies no bfloat16 (AVX-512 BF16)"
                           : "set_matmul_precision: bfloat16 products need a build with oneDNN");
    }
    precision = MatmulPrecision::float32;
  }
  current.store(precision, std::memory_order_relaxed);
}

MatmulPrecision matmul_precision() { return current.load(std::memory_order_relaxed); }

}  // namespace gradus
