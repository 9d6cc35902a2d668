#pragma once

#include <gradus/graph/dtype.h>

#include <cstdint>
#include <span>

namespace gradus::kernels {

// A row-major matrix as stored; `transposed` says that the product takes it the other way round.
struct MatrixView {
  const void* data = nullptr;
  bool transposed = false;
};

// out[m, n] = a[m, k] b[k, n], or out += when `sum` is Sum::into. Sizes are those of the product: a
// transposed a is stored as [k, m]. Any number type. Where n is 0 or m is 0 nothing is written; where k is 0
// the product is zeros.
enum class Sum : std::uint8_t {
  fresh,
  into,
  less  // out -= a b, of part_product alone
};
void product(DType dtype, MatrixView a, MatrixView b, void* out, std::int64_t m, std::int64_t k,
             std::int64_t n, Sum sum = Sum::fresh);

// out = a b as above.
struct Product {
  MatrixView a, b;
  void* out = nullptr;
  std::int64_t m = 0, k = 0, n = 0;
  Sum sum = Sum::fresh;
};
// Each of them, in order where they have one result. REQUIRES that none reads another's result.
void products(DType dtype, std::span<const Product> all);
// Whether the processor multiplies bfloat16 operands; else they are rounded and multiplied as float32.
bool multiplies_bfloat16();

}  // namespace gradus::kernels
