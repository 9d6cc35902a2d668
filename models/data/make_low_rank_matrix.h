#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <optional>

namespace gradus::data {

// scikit-learn's arguments and defaults.
struct LowRankMatrixOptions {
  std::int64_t n_samples = 100;
  std::int64_t n_features = 100;
  std::int64_t effective_rank = 10;
  double tail_strength = 0.5;
  std::optional<std::int64_t> random_state = {};
};

// float64 [n_samples, n_features] with random singular vectors and bell-shaped singular values
//   (1 - tail_strength) exp(-(i / effective_rank)^2) + tail_strength exp(-0.1 i / effective_rank),
// as scikit-learn's make_low_rank_matrix, up to rounding. ValueError for numbers that are not positive or a
// tail_strength outside [0, 1].
Tensor make_low_rank_matrix(const LowRankMatrixOptions& options = {});

}  // namespace gradus::data
