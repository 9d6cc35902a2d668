#pragma once

#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/linalg/onednn_product.h>

namespace gradus::kernels {

// Whether this build is for AVX-512, or for AVX2 with FMA: there a kernel of ours is faster than Eigen's, and
// than oneDNN's at small sizes.
bool has_tile_product();
// out = a b, or as `shape.sum` says, by one thread. REQUIRES has_tile_product() and sizes other than 0.
void multiply_by_tiles(const ProductShape& shape, const float* a, const float* b, float* out);

// The right matrix of many products, packed once. REQUIRES has_tile_product() and sizes other than 0.
class PackedTiles {
 public:
  // b as `shape` says: k, n, b_step, b_transposed.
  PackedTiles(const ProductShape& shape, const float* b);
  // The rest as `shape` says.
  void multiply(ProductShape shape, const float* a, float* out) const;

 private:
  [[maybe_unused]] std::int64_t k_, n_;
  PoolVector<float> values_;
};

}  // namespace gradus::kernels
