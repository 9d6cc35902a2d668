#pragma once

#include <gradus/graph/tensor.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>

namespace gradus::data {

// How many samples two curves get: `100` in all, half each (the second gets the odd one), or `{30, 70}`.
class CurveSamples {
 public:
  template <std::integral I>
  CurveSamples(I all)  // NOLINT: implicit on purpose
      : first_(static_cast<std::int64_t>(all) / 2), second_(static_cast<std::int64_t>(all) - first_) {}
  template <std::integral I, std::integral J>
  CurveSamples(I first, J second)
      : first_(static_cast<std::int64_t>(first)), second_(static_cast<std::int64_t>(second)) {}

  std::int64_t first() const { return first_; }
  std::int64_t second() const { return second_; }

 private:
  std::int64_t first_;
  std::int64_t second_;
};

struct CurveOptions {
  CurveSamples n_samples = 100;
  bool shuffle = true;
  std::optional<double> noise = {};  // standard deviation of what is added to every coordinate
  std::optional<std::int64_t> random_state = {};
};

struct Curves {
  Tensor x;  // float64 [n_samples, 2]
  Tensor y;  // int64 [n_samples]: 0 on the first curve, 1 on the second
};

struct Point {
  double x = 0, y = 0;
};
struct CurvePair {
  Point (*first)(double angle, double factor) = nullptr;
  Point (*second)(double angle, double factor) = nullptr;
  double factor = 1;     // handed to both
  double range = 0;      // of the angle, from 0 on
  bool endpoint = true;  // whether the angle reaches the range's end
};

// Points at even angles on the two curves, shuffled and made noisy in scikit-learn's order. ValueError, named
// after `call`, for a negative number of samples, none at all, or noise that is negative or not finite.
Curves two_curves(const std::string& call, const CurveOptions& options, const CurvePair& curves);

}  // namespace gradus::data
