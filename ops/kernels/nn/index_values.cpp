#include <gradus/graph/number_text.h>
#include <gradus/ops/kernels/nn/index_values.h>

#include <cmath>
#include <string>

namespace gradus::kernels {

namespace {

template <class T>
std::string index_text(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    return scalar_text<double>(value);
  } else {
    return std::to_string(value);
  }
}

}  // namespace

Tensor index_values(const Call& call, std::size_t i, std::int64_t limit) {
  const Tensor& given = call.value(i);
  if (given.dtype() == DType::boolean) throw call.dtype_error("the indices must be numbers");
  Tensor result = Tensor::empty(given.shape(), DType::int64);
  dispatch_numeric(given.dtype(), [&]<class T>() {
    std::int64_t* to = result.raw<std::int64_t>();
    for (const T value : given.values<T>()) {
      bool inside = value >= 0;
      if constexpr (std::is_floating_point_v<T>) {
        if (value != std::trunc(value)) {
          throw call.value_error("index " + index_text(value) + " is no whole number");
        }
        inside = inside && static_cast<double>(value) < static_cast<double>(limit);
      } else {
        inside = inside && static_cast<std::int64_t>(value) < limit;
      }
      if (!inside) {
        throw call.value_error("index " + index_text(value) + " is out of range [0, " +
                               std::to_string(limit) + ")");
      }
      *to++ = static_cast<std::int64_t>(value);
    }
  });
  return result;
}

}  // namespace gradus::kernels
