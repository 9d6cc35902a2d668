// Loss curves of recurrent nets, with weights and order fixed, against PyTorch's in float64.

#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/sequential.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>

#include "layers/reference_cases.h"

namespace gradus {
namespace {

constexpr std::int64_t kBatch = 4;
constexpr double kTolerance = 1e-9;

void expect_curve(const std::string& name, const Sequential& model, const std::string& loss) {
  const auto [x, y, weights, losses] = testing_data::reference_curve(name);
  model.compile({.optimizer = SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = loss});
  model.set_weights(weights);
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
