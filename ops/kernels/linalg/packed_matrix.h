#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/ops/kernels/linalg/product.h>
#include <gradus/ops/kernels/linalg/tile_product.h>

#include <cstdint>
#include <optional>

namespace gradus::kernels {

// The right matrix b[k, n] of many products, each of a few rows, brought once into the order in which they
// read it: what the steps of a recurrent layer need. b must live as long; one so large that its products are
// worth several threads is read where it lies.
class PackedMatrix {
 public:
  PackedMatrix(DType dtype, MatrixView b, std::int64_t k, std::int64_t n);

  // out[m, n] = a[m, k] b[k, n], or out +=.
  void multiply(const void* a, void* out, std::int64_t m, Sum sum = Sum::fresh) const;

 private:
  DType dtype_;
  MatrixView b_;
  std::int64_t k_, n_;
  std::optional<PackedTiles> tiles_;
  Tensor turned_;  // where b is transposed and not packed
};

}  // namespace gradus::kernels
