#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/to_categorical.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace gradus {

namespace {

template <class T>
std::int64_t checked_label(T label, std::size_t index, const std::optional<std::int64_t>& num_classes) {
  const auto refuse = [&](const std::string& text, const std::string& why) {
    throw ValueError("to_categorical: label " + text + " at index " + std::to_string(index) + " " + why);
  };
  if constexpr (std::is_floating_point_v<T>) {
    if (std::trunc(label) != label) refuse(scalar_text(label), "is no class: it is not an integer");
    if (!(std::abs(label) < T{0x1p53})) refuse(scalar_text(label), "is no class: it is too large");
  }
  const auto value = static_cast<std::int64_t>(label);
  if (value < 0) refuse(std::to_string(value), "is no class: it is negative");
  if (num_classes && value >= *num_classes) {
    refuse(std::to_string(value), "is not below num_classes, " + std::to_string(*num_classes));
  }
  return value;
}

std::vector<std::int64_t> checked_labels(const Tensor& y, const std::optional<std::int64_t>& num_classes) {
  std::vector<std::int64_t> labels;
  labels.reserve(static_cast<std::size_t>(y.size()));
  dispatch(y.dtype(), [&]<class T>() {
    for (const T label : y.values<T>()) labels.push_back(checked_label(label, labels.size(), num_classes));
  });
  return labels;
}

}  // namespace

Tensor to_categorical(const Tensor& y, std::optional<std::int64_t> num_classes) {
  y.require_defined();
  if (num_classes && *num_classes < 1) {
    throw ValueError("to_categorical: num_classes must be positive, got " + std::to_string(*num_classes));
  }
  const std::vector<std::int64_t> labels = checked_labels(y, num_classes);
  if (!num_classes && labels.empty()) {
    throw ValueError("to_categorical: there are no labels to take the number of classes from");
  }
  const std::int64_t classes =
      num_classes ? *num_classes : *std::max_element(labels.begin(), labels.end()) + 1;
  std::vector<std::int64_t> dims(y.shape().begin(), y.shape().end());
  if (dims.size() > 1 && dims.back() == 1) dims.pop_back();
  dims.push_back(classes);

  Tensor result = Tensor::zeros(Shape(dims));
  float* row = result.raw<float>();
  for (const std::int64_t label : labels) {
    row[label] = 1;
    row += classes;
  }
  return result;
}

}  // namespace gradus
