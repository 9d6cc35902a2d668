#include <gradus/models/data/matrix_product.h>

namespace gradus::data {

Tensor matrix_product(const Tensor& a, const Tensor& b) {
  const std::int64_t inner = b.dim(0), columns = b.dim(1);
  Tensor result = Tensor::zeros({a.dim(0), columns}, DType::float64);
  const double* left = a.raw<double>();
  double* out = result.raw<double>();
  for (std::int64_t i = 0; i < a.dim(0); ++i, left += inner, out += columns) {
    const double* right = b.raw<double>();
    for (std::int64_t k = 0; k < inner; ++k, right += columns) {
      for (std::int64_t j = 0; j < columns; ++j) out[j] += left[k] * right[j];
    }
  }
  return result;
}

}  // namespace gradus::data
