#include <gradus/graph/error.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/initializers.h>
#include <gradus/models/seeded.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

// Orthonormalises the `count` vectors of `length` that lie one after the other, by Gram and Schmidt. Each is
// freed of the earlier ones twice: once leaves what rounding puts back (Giraud et al., 2005). These are the
// columns of Q for an R whose diagonal is positive, so no signs are left to choose.
void orthonormalise(std::vector<double>& vectors, std::size_t count, std::size_t length) {
  for (std::size_t i = 0; i < count; ++i) {
    double* v = vectors.data() + i * length;
    for (std::size_t k = 0; k < 2 * i; ++k) {
      const double* other = vectors.data() + (k % i) * length;
      double dot = 0;
      for (std::size_t j = 0; j < length; ++j) dot += v[j] * other[j];
      for (std::size_t j = 0; j < length; ++j) v[j] -= dot * other[j];
    }
    double square = 0;
    for (std::size_t j = 0; j < length; ++j) square += v[j] * v[j];
    const double norm = std::sqrt(square);
    for (std::size_t j = 0; j < length; ++j) v[j] /= norm;
  }
}

}  // namespace

Tensor orthogonal(const Shape& shape, Random& random, OrthogonalOptions options, DType dtype) {
  if (shape.rank() < 2) {
    throw ShapeError("orthogonal: needs a shape of rank 2 or more, got " + to_string(shape));
  }
  finite_number("orthogonal", "gain", options.gain);
  Tensor result = Tensor::zeros(shape, dtype);
  if (shape.elements() == 0) return result;
  const auto columns = static_cast<std::size_t>(shape.back());
  const auto rows = static_cast<std::size_t>(shape.elements()) / columns;
  const std::size_t count = std::min(rows, columns), length = std::max(rows, columns);

  auto vectors = seeded(options.seed, random, [&](Random& source) {
                   return source.normal({count, length}, {.dtype = DType::float64});
                 }).to_vector<double>();
  orthonormalise(vectors, count, length);
  dispatch_floating(dtype, [&]<class T>() {
    T* out = result.raw<T>();
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        // The vectors are the columns, or the rows where those are fewer.
        const std::size_t from = columns <= rows ? column * length + row : row * length + column;
        *out++ = static_cast<T>(options.gain * vectors[from]);
      }
    }
  });
  return result;
}

}  // namespace gradus
