#include <gradus/graph/error.h>
#include <gradus/models/data/take_columns.h>

#include <string>

namespace gradus::data {

Tensor take_columns(const Tensor& x, std::span<const std::int64_t> columns) {
  x.require_defined();
  if (x.rank() != 2) throw ShapeError("take_columns: needs a matrix, x is " + to_string(x.shape()));
  for (const std::int64_t column : columns) {
    if (column < 0 || column >= x.dim(1)) {
      throw ShapeError("take_columns: column " + std::to_string(column) + " is out of range for shape " +
                       to_string(x.shape()));
    }
  }
  Tensor result = Tensor::empty({x.dim(0), static_cast<std::int64_t>(columns.size())}, x.dtype());
  dispatch(x.dtype(), [&]<class T>() {
    const T* row = x.raw<T>();
    T* out = result.raw<T>();
    for (std::int64_t i = 0; i < x.dim(0); ++i, row += x.dim(1)) {
      for (const std::int64_t column : columns) *out++ = row[column];
    }
  });
  return result;
}

}  // namespace gradus::data
