// Training, step by step, against PyTorch in float64: see reference/make_torch.py.

#include <gradus/gradus.h>

#include <gtest/gtest.h>

#include "reference.h"

namespace gradus {
namespace {

using testing_data::tensor_of;

constexpr double kTolerance = 1e-9;

std::string path(const Layer& model, std::size_t weight) { return model.weight_list()[weight].path; }

// Trains the model on the batches of a case, in their order, and compares each loss, then the weights and the
// loss of the first batch when training is over.
void expect_the_curve(const std::string& name, const Sequential& model, const Loss& loss) {
  const Config row = testing_data::json_file("reference/torch/" + name + ".json");
  const ConfigValue::List& batches = row["batches"].list();
  const auto part = [&](std::size_t step, std::string_view which) {
    return tensor_of(batches[step % batches.size()].config()[which]);
  };
  const Shape x = part(0, "x").shape();
  model.build(Shape(std::span(x.begin() + 1, x.end())));
  const Config& weights = row["weights"].config();
  for (const Weight& weight : model.weight_list()) {
    if (weight.trainable) weight.parameter.assign(tensor_of(weights[weight.path]));
  }
  ASSERT_EQ(model.trainable_weights().size(), weights.values().size());
  model.compile({.optimizer = SGD(
                     {.learning_rate = row["learning_rate"].number(), .momentum = row["momentum"].number()}),
                 .loss = loss});
  const ConfigValue::List& losses = row["losses"].list();
  ASSERT_EQ(losses.size(), 20U);
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const double value = model.train_on_batch(part(step, "x"), part(step, "y")).loss;
    EXPECT_NEAR(value, losses[step].number(), kTolerance) << "step " << step;
  }
  const Config& final_weights = row["final_weights"].config();
  for (std::size_t i = 0; i < model.weight_list().size(); ++i) {
    if (!model.weight_list()[i].trainable) continue;
    const Tensor expected = tensor_of(final_weights[path(model, i)]);
    EXPECT_TRUE(all_close(model.weight_list()[i].parameter.value(), expected,
                          {.rtol = kTolerance, .atol = kTolerance}))
        << path(model, i);
  }
  EXPECT_NEAR(model.test_on_batch(part(0, "x"), part(0, "y")).loss, row["final_loss"].number(), kTolerance);
}

TEST(TorchCurves, OfADenseNetAgree) {
  expect_the_curve("dense",
                   Sequential({Dense(5, {.activation = "tanh", .kernel_regularizer = L2(0.01), .name = "a"}),
                               Dense(3, {.activation = "relu", .name = "b"}), Dense(2, {.name = "c"})},
                              {.dtype = DType::float64}),
                   "mean_squared_error");
}

TEST(TorchCurves, OfAConvolutionalNetAgree) {
  expect_the_curve("cnn",
                   Sequential({Conv2D(3, 3, {.padding = "same", .activation = "relu", .name = "a"}),
                               MaxPooling2D(), Conv2D(4, {2, 2}, {.activation = "tanh", .name = "b"}),
                               Flatten(), Dense(3, {.activation = "softmax", .name = "c"})},
                              {.dtype = DType::float64}),
                   "categorical_crossentropy");
}

TEST(TorchCurves, OfANetWithBatchNormalizationAgree) {
  expect_the_curve("batch_normalization",
                   Sequential({Dense(4, {.use_bias = false, .name = "a"}),
                               BatchNormalization({.momentum = 0.8, .name = "n"}), ReLU(),
                               Dense(3, {.activation = "softmax", .name = "c"})},
                              {.dtype = DType::float64}),
                   "categorical_crossentropy");
}

}  // namespace
}  // namespace gradus
