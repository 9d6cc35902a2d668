#pragma once

#include <concepts>
#include <initializer_list>
#include <type_traits>
#include <vector>

namespace gradus {

// One threshold or several, as `0.5` or `{0.3, 0.7}`; none is what the metric says.
class Thresholds {
 public:
  Thresholds() = default;
  template <class N>
  requires std::is_arithmetic_v<N> Thresholds(N threshold)  // NOLINT: implicit on purpose
      : values_{static_cast<double>(threshold)} {}
  Thresholds(std::initializer_list<double> values) : values_(values) {}   // NOLINT
  Thresholds(std::vector<double> values) : values_(std::move(values)) {}  // NOLINT
  const std::vector<double>& values() const { return values_; }
  bool empty() const { return values_.empty(); }

 private:
  std::vector<double> values_;
};

}  // namespace gradus
