#include <gradus/ops/kernels/linalg/matrix_records.h>

#include <algorithm>

namespace gradus::record {

Draw regular_matrices() {
  return [](Random& random, const Shape& shape) {
    const std::int64_t rows = shape.dim(-2), columns = shape.dim(-1);
    const double small = 1 / static_cast<double>(std::max<std::int64_t>({rows, columns, 1}));
    Tensor values = random.uniform(shape, {.low = -small, .high = small});
    for (std::int64_t matrix = 0; matrix * rows * columns < values.size(); ++matrix) {
      float* begin = values.raw<float>() + matrix * rows * columns;
      for (std::int64_t i = 0; i < std::min(rows, columns); ++i) {
        begin[i * (columns + 1)] += 1.5F + static_cast<float>(i);
      }
    }
    return values;
  };
}

}  // namespace gradus::record
