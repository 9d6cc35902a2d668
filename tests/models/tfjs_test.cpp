// A dense net trained by each optimizer that TensorFlow.js shares with Keras has TensorFlow.js's losses.

#include <gradus/models/layers/dense.h>
#include <gradus/models/sequential.h>
#include <gradus/optim/adadelta.h>
#include <gradus/optim/adagrad.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/adamax.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>

namespace gradus {
namespace {

using Floats = std::vector<float>;

const nlohmann::json& reference() {
  static const nlohmann::json read = [] {
    std::ifstream file(GRADUS_SOURCE_DIR "/tests/models/reference/tfjs.json");
    return nlohmann::json::parse(file);
  }();
  return read;
}

// With the settings of make_tfjs.mjs, which says where the rules differ.
Optimizer optimizer(const std::string& name) {
  const std::map<std::string, Optimizer> all = {
      {"sgd", SGD({.learning_rate = 0.1})},
      {"momentum", SGD({.learning_rate = 0.05, .momentum = 0.9})},
      {"nesterov", SGD({.learning_rate = 0.05, .momentum = 0.9, .nesterov = true})},
      {"adam", Adam({.learning_rate = 0.01, .epsilon = 1e-12})},
      {"adamax", Adamax({.learning_rate = 0.01})},
      {"rmsprop", RMSprop({.learning_rate = 0.01})},
      {"rmsprop_momentum", RMSprop({.learning_rate = 0.005, .rho = 0.8, .momentum = 0.5})},
      {"adagrad", Adagrad({.learning_rate = 0.1})},
      {"adadelta", Adadelta({.learning_rate = 0.2, .epsilon = 1000})},
      {"adadelta_corrected", Adadelta({.learning_rate = 1, .rho = 0.9, .epsilon = 1e-4})},
  };
  return all.at(name);
}

TEST(TensorFlowJs, HasTheSameLossesWithEveryOptimizer) {
  const auto batch = reference().at("batch_size").get<std::int64_t>();
  const auto labels = reference().at("labels").get<std::vector<std::int64_t>>();
  const auto rows = static_cast<std::int64_t>(labels.size());
  const Tensor x(reference().at("x").get<Floats>(), {rows, 4});
  Tensor y = Tensor::zeros({rows, 3});
  for (std::int64_t row = 0; row < rows; ++row) y.set({row, labels[static_cast<std::size_t>(row)]}, 1);
  const auto weights = reference().at("weights").get<std::vector<Floats>>();

  EXPECT_EQ(reference().at("losses").size(), 10U);
  for (const auto& [name, curve] : reference().at("losses").items()) {
    Sequential model;
    model.add(Dense(8, {.activation = "tanh", .input_dim = 4}));
    model.add(Dense(3, {.activation = "softmax"}));
    model.set_weights({Tensor(weights[0], {4, 8}), Tensor(weights[1], {8}), Tensor(weights[2], {8, 3}),
                       Tensor(weights[3], {3})});
    model.compile({.optimizer = optimizer(name), .loss = "categorical_crossentropy"});
    std::int64_t row = 0;
    for (const double want : curve.get<std::vector<double>>()) {
      const Logs logs = model.train_on_batch(x.rows(row, row + batch), y.rows(row, row + batch));
      EXPECT_NEAR(logs.loss, want, 1e-5 * want) << name << " at row " << row;
      row = (row + batch) % rows;
    }
  }
}

}  // namespace
}  // namespace gradus
