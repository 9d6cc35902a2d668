#pragma once

#include <gradus/graph/tensor.h>

#include <array>
#include <cstdint>
#include <optional>

namespace gradus::data {

// scikit-learn's arguments and defaults. Without a random_state the data differ from run to run: the seed is
// then drawn from std::random_device.
struct BlobsOptions {
  std::int64_t n_samples = 100;
  std::int64_t n_features = 2;
  std::int64_t centers = 3;                      // how many
  double cluster_std = 1.0;                      // standard deviation of every blob
  std::array<double, 2> center_box = {-10, 10};  // what the centers' coordinates are drawn from
  bool shuffle = true;
  std::optional<std::int64_t> random_state = {};
};

struct Blobs {
  Tensor x;  // float64 [n_samples, n_features]
  Tensor y;  // int64 [n_samples], the blob of each sample
};

// Gaussian blobs around random centers, bit for bit scikit-learn's make_blobs:
//   auto [x, y] = data::make_blobs({.n_samples = 4000, .centers = 4, .random_state = 101});
// The first n_samples % centers blobs get one sample more. ValueError unless n_samples, n_features and
// centers are positive, cluster_std is finite and not negative, and the box is finite.
Blobs make_blobs(const BlobsOptions& options = {});

}  // namespace gradus::data
