#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/losses/class_labels.h>

#include <algorithm>
#include <cmath>

namespace gradus {

Tensor class_labels(std::string_view name, const Operand& y_true, const Shape& samples,
                    std::int64_t classes) {
  const Shape labels = y_true.shape();
  const Dims& dims = labels.dims();
  const bool column = dims.size() == samples.dims().size() + 1 && dims[dims.size() - 1] == 1;
  const Dims given(std::span(labels.begin(), dims.size() - (column ? 1 : 0)));
  if (!y_true.has_value() || !std::equal(given.begin(), given.end(), samples.begin(), samples.end())) {
    throw ShapeError(std::string(name) + ": y_true is " + to_string(labels) +
                     ", it needs one class number for each of the samples " + to_string(samples));
  }
  const std::vector<double> values = y_true.variable().value().to_vector<double>();
  std::vector<std::int64_t> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double label = values[i];
    if (!(label >= 0 && label < static_cast<double>(classes) && label == std::floor(label))) {
      throw ValueError(std::string(name) + ": the label " + scalar_text(label) + " at place " +
                       std::to_string(i) + " is not one of the classes 0 to " + std::to_string(classes - 1));
    }
    result[i] = static_cast<std::int64_t>(label);
  }
  return Tensor(result, samples);
}

}  // namespace gradus
