// Loss curves of recurrent nets, with weights and order fixed, against PyTorch's in float64.

#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/sequential.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>

#include <fstream>

#include "layers/reference_cases.h"

namespace gradus {
namespace {

using testing_data::reference_tensor;
using testing_data::reference_tensors;

constexpr std::int64_t kBatch = 4;
constexpr double kTolerance = 1e-9;

void expect_curve(const std::string& name, const Sequential& model, const std::string& loss) {
  std::ifstream file(GRADUS_MODEL_REFERENCES "/torch_rnn.json");
  const nlohmann::json net = nlohmann::json::parse(file)[name];
  const Tensor x = reference_tensor(net["x"]), y = reference_tensor(net["y"]);
  model.compile({.optimizer = SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = loss});
  model.set_weights(reference_tensors(net["weights"]));
  const auto losses = net["losses"].get<std::vector<double>>();
  ASSERT_EQ(losses.size(), 20U);
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const std::int64_t from = static_cast<std::int64_t>(step) * kBatch % x.dim(0);
    const Logs logs = model.train_on_batch(x.rows(from, from + kBatch), y.rows(from, from + kBatch));
    EXPECT_NEAR(logs["loss"], losses[step], kTolerance) << "step " << step;
  }
}

TEST(TorchCurve, OfAnLstmNet) {
  expect_curve("lstm",
               Sequential({LSTM(5, {.return_sequences = true, .input_shape = {6, 3}}), LSTM(4), Dense(2)},
                          {.dtype = DType::float64}),
               "mse");
}

TEST(TorchCurve, OfAGruNet) {
  expect_curve("gru",
               Sequential({GRU(5, {.input_shape = {6, 3}}), Dense(3, {.activation = "softmax"})},
                          {.dtype = DType::float64}),
               "categorical_crossentropy");
}

}  // namespace
}  // namespace gradus
