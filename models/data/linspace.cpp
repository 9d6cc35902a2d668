#include <gradus/graph/error.h>
#include <gradus/models/data/linspace.h>

#include <string>

namespace gradus {

Tensor linspace(double start, double stop, std::int64_t num, const LinspaceOptions& options) {
  if (num < 0) throw ValueError("linspace: num must not be negative, got " + std::to_string(num));
  if (!is_floating(options.dtype)) {
    throw DTypeError("linspace: needs float32 or float64, not " + std::string(to_string(options.dtype)));
  }
  Tensor result = Tensor::empty({num}, DType::float64);
  const auto values = result.mutable_values<double>();
  const double delta = stop - start;
  const auto intervals = static_cast<double>(options.endpoint ? num - 1 : num);
  const double step = intervals > 0 ? delta / intervals : delta;
  for (std::int64_t i = 0; i < num; ++i) {
    const auto position = static_cast<double>(i);
    // A step that underflows to zero would lose the range: the quotient is taken first then, as NumPy does.
    const double offset = step == 0 && intervals > 0 ? position / intervals * delta : position * step;
    values[static_cast<std::size_t>(i)] = offset + start;
  }
  if (options.endpoint && num > 1) values.back() = stop;
  return result.cast(options.dtype);
}

}  // namespace gradus
