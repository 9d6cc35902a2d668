#include "example_data.h"

#include <gradus/graph/random.h>
#include <gradus/models/data/make_blobs.h>
#include <gradus/models/data/to_categorical.h>
#include <gradus/models/data/train_test_split.h>

namespace gradus::testing_data {

const Blobs& four_blobs() {
  static const Blobs blobs = [] {
    const auto [x, y] = data::make_blobs(
        {.n_samples = 4000, .n_features = 2, .centers = 4, .cluster_std = 2.0, .random_state = 101});
    const auto [x_train, x_test, y_train, y_test] =
        data::train_test_split(x, y, {.test_size = 0.2, .random_state = 42});
    return Blobs{x_train, to_categorical(y_train, 4), x_test, to_categorical(y_test, 4)};
  }();
  return blobs;
}

Example sums(std::int64_t n, std::int64_t k) {
  Example example{Random(3).normal({n, k}), Tensor::zeros({n, 1})};
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < k; ++j) example.y.raw<float>()[i] += example.x.raw<float>()[i * k + j];
  }
  return example;
}

Sequential classifier(std::uint64_t seed) {
  Sequential model({.seed = seed});
  model.add(Dense(4, {.activation = "softmax", .input_dim = 2}));
  model.compile({.optimizer = "sgd", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  return model;
}

Sequential regressor(std::uint64_t seed) {
  Sequential model({.seed = seed});
  model.add(Dense(1, {.input_dim = 2}));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  return model;
}

History fit_ten(const Sequential& model, FitOptions options) {
  const Example sum = sums(10);
  const Tensor &x = sum.x, &y = sum.y;
  options.verbose = 0;
  return model.fit(x, y, std::move(options));
}

bool same_weights(const Layer& layer, const std::vector<Tensor>& values) {
  const std::vector<Tensor> own = layer.get_weights();
  if (own.size() != values.size()) return false;
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (!identical(own[i], values[i])) return false;
  }
  return true;
}

}  // namespace gradus::testing_data
