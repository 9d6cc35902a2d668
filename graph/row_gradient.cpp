#include <gradus/graph/row_gradient.h>

namespace gradus {

void add_rows(Tensor& table, const RowGradient& gradient, double factor) {
  const std::int64_t count = gradient.indices.size();
  if (gradient.rows.size() == 0) return;
  const std::int64_t width = gradient.rows.size() / count;
  const std::int64_t* indices = gradient.indices.raw<std::int64_t>();
  dispatch_floating(table.dtype(), [&]<class T>() {
    const T scale = static_cast<T>(factor);
    const T* from = gradient.rows.raw<T>();
    for (std::int64_t i = 0; i < count; ++i, from += width) {
      T* to = table.raw<T>() + indices[i] * width;
      for (std::int64_t j = 0; j < width; ++j) to[j] += scale * from[j];
    }
  });
}

}  // namespace gradus
