#include <gradus/ops/kernels/linalg/packed_matrix.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>
#include <gradus/ops/matmul_precision.h>

namespace gradus::kernels {

PackedMatrix::PackedMatrix(DType dtype, MatrixView b, std::int64_t k, std::int64_t n)
    : dtype_(dtype), b_(b), k_(k), n_(n) {
  if (k == 0 || n == 0) return;
  constexpr std::int64_t kMostPacked = std::int64_t{1} << 20;  // 16 rows of it are one tile of a product
  const bool packs = dtype == DType::float32 && has_tile_product() && k * n <= kMostPacked &&
                     matmul_precision() != MatmulPrecision::bfloat16;
  if (packs) {
    const ProductShape shape = {.k = k, .n = n, .b_step = b.transposed ? k : n, .b_transposed = b.transposed};
    tiles_.emplace(shape, static_cast<const float*>(b.data));
  } else if (b.transposed) {
    turned_ = Tensor::empty({k, n}, dtype);
    dispatch_floating(dtype, [&]<class T>() {
      transpose_tiles(static_cast<const T*>(b.data), k, turned_.raw<T>(), n, n, k);
    });
    b_ = {turned_.buffer()->data()};
  }
}

void PackedMatrix::multiply(const void* a, void* out, std::int64_t m, Sum sum) const {
  if (!tiles_ || m == 0) return product(dtype_, {a}, b_, out, m, k_, n_, sum);
  const ProductShape shape = {.m = m, .k = k_, .n = n_, .a_step = k_, .out_step = n_, .sum = sum};
  tiles_->multiply(shape, static_cast<const float*>(a), static_cast<float*>(out));
}

}  // namespace gradus::kernels
