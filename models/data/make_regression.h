#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <optional>

namespace gradus::data {

// scikit-learn's arguments and defaults.
struct RegressionOptions {
  std::int64_t n_samples = 100;
  std::int64_t n_features = 100;
  std::int64_t n_informative = 10;  // how many features have a say; at most all of them
  std::int64_t n_targets = 1;
  double bias = 0;
  std::optional<std::int64_t> effective_rank = {};  // x is make_low_rank_matrix's when given
  double tail_strength = 0.5;
  double noise = 0;  // standard deviation of what is added to y
  bool shuffle = true;
  Tensor* coef = nullptr;  // gets the true coefficients: float64 [n_features], or [n_features, n_targets]
  std::optional<std::int64_t> random_state = {};
};

struct Regression {
  Tensor x;  // float64 [n_samples, n_features]
  Tensor y;  // float64 [n_samples], or [n_samples, n_targets] for several targets
};

// A random linear problem, as scikit-learn's make_regression: x, the coefficients and the noise are its bits;
// y is the same up to the rounding of sums, which depends on the BLAS that NumPy runs on.
//   Tensor w;
//   auto [x, y] = data::make_regression({.n_features = 3, .noise = 0.1, .coef = &w, .random_state = 0});
// ValueError for numbers that are not positive, noise that is negative or not finite, a bias that is not
// finite, or a tail_strength outside [0, 1].
Regression make_regression(const RegressionOptions& options = {});

}  // namespace gradus::data
