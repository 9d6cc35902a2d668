#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/classes.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradus::data {

Classes::Classes(const std::string& call, const Tensor& y) : y_(y) {
  const std::int64_t n = rows_of(call, "y", y);
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  codes_.resize(order.size());
  const std::int64_t width = n == 0 ? 1 : y.size() / n;
  dispatch(y.dtype(), [&]<class T>() {
    const T* labels = y.raw<T>();
    if constexpr (std::is_floating_point_v<T>) {
      for (std::int64_t i = 0; i < y.size(); ++i) {
        if (std::isnan(labels[i])) {
          throw ValueError(call + ": the label of row " + std::to_string(i / width) + " is nan");
        }
      }
    }
    const auto compare = [&](std::int64_t a, std::int64_t b) {
      const T *left = labels + a * width, *right = labels + b * width;
      return std::lexicographical_compare(left, left + width, right, right + width);
    };
    std::stable_sort(order.begin(), order.end(), compare);
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || compare(order[i - 1], order[i])) {
        first_.push_back(order[i]);
        sizes_.push_back(0);
      }
      codes_[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(first_.size()) - 1;
      ++sizes_.back();
    }
  });
}

std::string Classes::text(std::size_t which) const {
  const std::int64_t width = y_.size() / y_.dim(0), begin = first_[which] * width;
  if (y_.rank() == 1) return label_text(y_, begin);
  std::string text = "[";
  for (std::int64_t j = 0; j < width; ++j) text += (j == 0 ? "" : ", ") + label_text(y_, begin + j);
  return text + "]";
}

std::string label_text(const Tensor& y, std::int64_t place) {
  return dispatch(y.dtype(), [&]<class T>() -> std::string {
    const T label = y.raw<T>()[place];
    if constexpr (std::is_same_v<T, bool>)
      return label ? "True" : "False";
    else if constexpr (std::is_floating_point_v<T>)
      return scalar_text(label);
    else
      return std::to_string(label);
  });
}

}  // namespace gradus::data
