#include <gradus/graph/error.h>
#include <gradus/models/data/take_rows.h>

#include <cstring>
#include <string>

namespace gradus::data {

Tensor take_rows(const Tensor& x, std::span<const std::int64_t> rows) {
  x.require_defined();
  if (x.rank() == 0) throw ShapeError("take_rows: a scalar has no rows");
  const std::int64_t extent = x.dim(0);
  for (const std::int64_t row : rows) {
    if (row < 0 || row >= extent) {
      throw ShapeError("take_rows: row " + std::to_string(row) + " is out of range for shape " +
                       to_string(x.shape()));
    }
  }
  Dims dims = x.shape().dims();
  dims[0] = static_cast<std::int64_t>(rows.size());
  Tensor result = Tensor::empty(Shape(std::move(dims)), x.dtype());
  const std::size_t row_bytes = extent == 0 ? 0 : x.bytes() / static_cast<std::size_t>(extent);
  std::byte* out = result.buffer()->data();
  for (const std::int64_t row : rows) {
    std::memcpy(out, x.buffer()->data() + static_cast<std::size_t>(row) * row_bytes, row_bytes);
    out += row_bytes;
  }
  return result;
}

}  // namespace gradus::data
