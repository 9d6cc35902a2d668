#include <gradus/graph/error.h>
#include <gradus/models/layers/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/sgd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "example_data.h"
#include "says.h"

namespace gradus {
namespace {

using testing_data::classifier;
using testing_data::Example;
using testing_data::fit_ten;
using testing_data::regressor;
using testing_data::same_weights;
using testing_data::says;
using testing_data::sums;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(BadCalls, TheNumberOfFeaturesMustBeTheModels) {
  Sequential model({.name = "net", .seed = 1});
  model.add(Dense(2, {.input_dim = 4}));
  model.compile({.loss = "mse"});
  const Tensor x = Tensor::zeros({10, 5}), y = Tensor::zeros({10, 2});
  const auto message = says<ShapeError>(
      "x is [10, 5], model 'net' takes (None, 4): expected 4 features, got 5", "bad_calls_test.cpp:");
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model.evaluate(x, y, {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model.predict(x, {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model.predict(x, {.verbose = 0}); }, says<ShapeError>("predict: "));
  EXPECT_THAT([&] { model.train_on_batch(x, y); }, message);
  EXPECT_THAT([&] { model(x); }, says<ShapeError>("dense", "[10, 5]", "bad_calls_test.cpp:", "in net/dense"));
}

TEST(BadCalls, OneDimensionalDataIsNoSampleOfManyFeatures) {
  EXPECT_THAT(
      [&] { regressor().predict(Tensor::zeros({2}), {.verbose = 0}); },
      says<ShapeError>("x is [2]", "expected 2 features, got 1", "rank 1 is one feature of many samples"));
  EXPECT_THAT([&] { Dense(3)(Tensor::zeros({2})); },
              says<ShapeError>("dense", "needs samples with features"));
  EXPECT_THAT([&] { Dense(3)(Tensor::scalar(2)); }, says<ShapeError>("dense: needs a batch of samples"));
}

TEST(BadCalls, FitAndEvaluateNeedData) {
  const Tensor x = Tensor::zeros({0, 2}), y = Tensor::zeros({0, 1});
  EXPECT_THAT([&] { regressor().fit(x, y, {.verbose = 0}); },
              says<ValueError>("fit: there is no data: x is [0, 2]"));
  EXPECT_THAT([&] { regressor().evaluate(x, y, {.verbose = 0}); },
              says<ValueError>("evaluate: there is no data"));
  EXPECT_EQ(regressor().predict(x, {.verbose = 0}).shape(), (Shape{0, 1}));
}

TEST(BadCalls, AnUnknownNameListsTheKnownOnes) {
  EXPECT_THAT([] { Dense(3, {.activation = "rellu"}); },
              says<ValueError>("unknown activation 'rellu'", "'softmax'", "did you mean 'relu'?"));
  EXPECT_THAT([] { Activation("rellu"); }, says<ValueError>("did you mean 'relu'?"));
  const Sequential model = regressor();
  EXPECT_THAT([&] { model.compile({.loss = "mes"}); },
              says<ValueError>("unknown loss 'mes'", "'mean_squared_error'", "did you mean 'mse'?"));
  EXPECT_THAT([&] { model.compile({.optimizer = "adamm"}); },
              says<ValueError>("unknown optimizer 'adamm'", "did you mean 'adam'?"));
  EXPECT_THAT([&] { model.compile({.metrics = {"acuracy"}}); },
              says<ValueError>("unknown metric 'acuracy'", "did you mean 'accuracy'?"));
  EXPECT_THAT([] { Dense(3, {.kernel_initializer = "glorot"}); },
              says<ValueError>("unknown initializer 'glorot'", "'glorot_uniform'"));
}

TEST(BadCalls, CaseOfANameDoesNotMatterButBlanksDo) {
  EXPECT_EQ(ActivationFunction("ReLU").name(), "relu");
  EXPECT_THAT([] { ActivationFunction(" relu"); },
              says<ValueError>("unknown activation ' relu'", "did you mean 'relu'?"));
}

TEST(BadCalls, LearningRatesMustBeFiniteAndNotNegative) {
  EXPECT_NO_THROW(SGD({.learning_rate = 0}));
  EXPECT_THAT([] { SGD({.learning_rate = -0.1}); }, says<ValueError>("learning_rate", "-0.1"));
  EXPECT_THAT([] { Adam({.learning_rate = kNan}); }, says<ValueError>("learning_rate", "nan"));
  EXPECT_THAT([] { Adam({.learning_rate = 1 / 0.0}); }, says<ValueError>("learning_rate", "inf"));
}

TEST(BadCalls, EpochsMustNotBeNegativeAndZeroTrainsNothing) {
  const Sequential model = regressor();
  const std::vector<Tensor> before = model.get_weights();
  const History history = fit_ten(model, {.epochs = 0});
  EXPECT_TRUE(history.epoch.empty());
  EXPECT_TRUE(history.history.empty());
  EXPECT_TRUE(same_weights(model, before));
  EXPECT_THAT([&] { fit_ten(model, {.epochs = -1}); },
              says<ValueError>("fit: epochs must not be negative, got -1"));
  EXPECT_THAT([&] { fit_ten(model, {.initial_epoch = -2}); },
              says<ValueError>("fit: initial_epoch must not be negative, got -2"));
}

TEST(BadCalls, BatchSizesMustBePositive) {
  const Example sum = sums(10);
  const Tensor &x = sum.x, &y = sum.y;
  const Sequential model = regressor();
  EXPECT_THAT([&] { fit_ten(model, {.batch_size = 0}); },
              says<ValueError>("fit: batch_size must be positive, got 0"));
  EXPECT_THAT([&] { fit_ten(model, {.batch_size = -1}); }, says<ValueError>("got -1"));
  EXPECT_THAT([&] { model.evaluate(x, y, {.batch_size = 0, .verbose = 0}); },
              says<ValueError>("evaluate: batch_size must be positive, got 0"));
  EXPECT_THAT([&] { model.predict(x, {.batch_size = -3, .verbose = 0}); },
              says<ValueError>("predict: batch_size must be positive, got -3"));
}

TEST(BadCalls, ABatchSizeAboveTheDataIsOneBatchOfAll) {
  EXPECT_EQ(fit_ten(regressor(), {.batch_size = 11}).params.steps, 1);
  EXPECT_EQ(fit_ten(regressor(), {.batch_size = SIZE_MAX}).params.steps, 1);
  EXPECT_EQ(fit_ten(regressor(), {.batch_size = std::numeric_limits<std::int64_t>::max()}).params.steps, 1);
}

TEST(BadCalls, ALastBatchOfOneIsTrainedOn) {
  const Sequential model = regressor();
  EXPECT_EQ(fit_ten(model, {.batch_size = 3}).params.steps, 4);
  EXPECT_EQ(model.optimizer().iterations(), 4);
}

TEST(BadCalls, ValidationSplitMustLeaveSamplesOnBothSides) {
  const Sequential model = regressor();
  EXPECT_FALSE(fit_ten(model, {.validation_split = 0}).history.contains("val_loss"));
  for (const double split : {1.0, 1.5, -0.1, kNan}) {
    EXPECT_THAT([&] { fit_ten(model, {.validation_split = split}); },
                says<ValueError>("fit: validation_split must be in [0, 1), got"));
  }
  EXPECT_THAT([&] { fit_ten(model, {.validation_split = 0.95}); },
              says<ValueError>("validation_split 0.95 of 10 samples leaves none for training"));
  EXPECT_THAT(
      [&] {
        model.fit(Tensor::zeros({1, 2}), Tensor::zeros({1, 1}), {.verbose = 0, .validation_split = 0.2});
      },
      says<ValueError>("validation_split 0.2 of 1 samples leaves none for training"));
}

TEST(BadCalls, RowsOfDataLabelsAndWeightsMustAgree) {
  const Sequential model = regressor();
  const std::vector<Tensor> before = model.get_weights();
  const Tensor x = Tensor::zeros({100, 2}), y = Tensor::zeros({99, 1});
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 0}); }, says<ShapeError>("fit: x has 100 rows, y has 99"));
  EXPECT_THAT([&] { model.evaluate(x, y, {.verbose = 0}); },
              says<ShapeError>("evaluate: x has 100 rows, y has 99"));
  EXPECT_THAT(
      [&] {
        fit_ten(model, {.validation_data = {x, y}});
      },
      says<ShapeError>("validation_data", "x has 100 rows, y has 99"));
  EXPECT_THAT([&] { fit_ten(model, {.sample_weight = Tensor::ones({9})}); },
              says<ShapeError>("sample_weight is [9]", "each of the 10 samples"));
  EXPECT_TRUE(same_weights(model, before));
}

TEST(BadCalls, LabelsMustBeThereAndFitTheOutput) {
  const Sequential model = classifier();
  const Tensor x = Tensor::zeros({8, 2});
  EXPECT_THAT([&] { model.fit(x, Tensor(), {.verbose = 0}); }, says<ValueError>("fit: y is missing"));
  EXPECT_THAT([&] { model.fit(Tensor(), x, {.verbose = 0}); }, says<ValueError>("fit: x is missing"));
  EXPECT_THAT([&] { model.fit(x, Tensor::scalar(1), {.verbose = 0}); },
              says<ShapeError>("fit: y is a scalar"));
  EXPECT_THAT([&] { fit_ten(regressor(), {.validation_data = {.x = x}}); },
              says<ValueError>("validation_data", "y is missing"));
  const std::vector<Tensor> before = model.get_weights();
  EXPECT_THAT(
      [&] {
        model.fit(x, Tensor::zeros({8, 4, 1, 1}), {.verbose = 0});
      },
      says<ShapeError>("categorical_crossentropy", "[8, 4, 1, 1]", "[8, 4]", "bad_calls_test.cpp:"));
  EXPECT_THAT(
      [&] {
        model.fit(x, Tensor::zeros({8, 3}), {.verbose = 0});
      },
      says<ShapeError>("categorical_crossentropy", "[8, 3]", "[8, 4]"));
  EXPECT_TRUE(same_weights(model, before));
}

TEST(BadCalls, ALossNeverBroadcastsAColumnAgainstAVector) {
  const Tensor x = Tensor::zeros({3, 2});
  const Logs logs = regressor().evaluate(x, {1, 2, 3}, {.verbose = 0});
  EXPECT_NEAR(logs.loss, (1.0 + 4.0 + 9.0) / 3, 1e-6);
}

TEST(BadCalls, WeightsOfClassesAndSamplesMustMakeSense) {
  const Tensor x = Tensor::zeros({4, 2}), y = Tensor::eye(4);
  const auto fit = [&](ClassWeight class_weight, Tensor sample_weight = {}) {
    classifier().fit(
        x, y,
        {.verbose = 0, .class_weight = std::move(class_weight), .sample_weight = std::move(sample_weight)});
  };
  EXPECT_THAT(
      [&] {
        fit({{4, 2.0}});
      },
      says<ValueError>("class_weight names class 4, model 'sequential' has 4 classes"));
  EXPECT_THAT([&] { fit({{-1, 2.0}}); }, says<ValueError>("class_weight names class -1"));
  EXPECT_THAT([&] { fit({{1, -2.0}}); }, says<ValueError>("not negative; that of class 1 is -2"));
  EXPECT_THAT([&] { fit({}, {1, 1, -1, 1}); }, says<ValueError>("not negative; that of sample 2 is -1"));
  EXPECT_THAT([&] { fit({}, {1, 1, kNan, 1}); }, says<ValueError>("that of sample 2 is nan"));
  EXPECT_THAT([&] { fit({{1, 2.0}}, Tensor::ones({4})); }, says<ValueError>("cannot both be given"));
  EXPECT_NO_THROW(fit({{1, 2.0}}));
}

}  // namespace
}  // namespace gradus
