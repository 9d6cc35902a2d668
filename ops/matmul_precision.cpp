#include <gradus/graph/error.h>
#include <gradus/ops/kernels/linalg/onednn_product.h>
#include <gradus/ops/matmul_precision.h>

#include <atomic>
#include <utility>

namespace gradus {

namespace {

std::atomic<MatmulPrecision> current = MatmulPrecision::float32;
constexpr std::int8_t kUnset = -1;
thread_local constinit std::int8_t scoped = kUnset;  // a MatmulPrecision, or kUnset

}  // namespace

MatmulPrecision available_matmul_precision(std::string_view call, MatmulPrecision precision,
                                           MatmulPrecisionOptions options) {
  if (precision == MatmulPrecision::float32 || kernels::multiplies_bfloat16()) return precision;
  switch (options.fallback) {
    case Bfloat16Fallback::float32: return MatmulPrecision::float32;
    case Bfloat16Fallback::emulate: return MatmulPrecision::bfloat16;
    case Bfloat16Fallback::error: break;
  }
  throw StateError(std::string(call) +
                   (kernels::has_onednn() ? ": this processor multiplies no bfloat16 (AVX-512 BF16)"
                                          : ": bfloat16 products need a build with oneDNN") +
                   "; the fallbacks float32 and emulate do without");
}

void set_matmul_precision(MatmulPrecision precision, MatmulPrecisionOptions options) {
  current.store(available_matmul_precision("set_matmul_precision", precision, options),
                std::memory_order_relaxed);
}

MatmulPrecision matmul_precision() {
  return scoped == kUnset ? current.load(std::memory_order_relaxed) : static_cast<MatmulPrecision>(scoped);
}

MatmulPrecisionScope::MatmulPrecisionScope(MatmulPrecision precision)
    : before_(std::exchange(scoped, static_cast<std::int8_t>(precision))) {}
MatmulPrecisionScope::~MatmulPrecisionScope() { scoped = before_; }

}  // namespace gradus
