#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/models/callbacks/history.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/sequential.h>

namespace gradus::testing_data {

struct Example {
  Tensor x, y;
};
// 4000 points in four blobs as one-hot classes, split 3200 to 800: the tutorial's part A.
struct Blobs {
  Tensor x_train, y_train, x_test, y_test;
};
const Blobs& four_blobs();
// n samples of k features, and their sum as the one label [n, 1].
Example sums(std::int64_t n, std::int64_t k = 2);

// Dense(4, softmax) on two features, compiled with sgd, categorical_crossentropy and accuracy.
Sequential classifier(std::uint64_t seed = 7);
// Dense(1) on two features, compiled with sgd and mse.
Sequential regressor(std::uint64_t seed = 7);

// Runs fit on ten samples of two features, silently.
History fit_ten(const Sequential& model, FitOptions options);

bool same_weights(const Layer& a, const std::vector<Tensor>& values);

}  // namespace gradus::testing_data
