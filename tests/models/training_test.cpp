#include <gradus/models/layers/activation.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/models/losses/mean_squared_error.h>
#include <gradus/models/metrics/accuracy.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/sgd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "example_data.h"

namespace gradus {
namespace {

using testing_data::classifier;
using testing_data::fit_ten;
using testing_data::four_blobs;
using testing_data::regressor;
using testing_data::same_weights;
using testing_data::sums;

TEST(Fit, ReachesTheTutorialsLossOnFourBlobsFromAnySeed) {
  const auto& data = four_blobs();
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Sequential model = classifier(seed);
    const History history = model.fit(
        data.x_train, data.y_train,
        {.batch_size = 4, .epochs = 10, .verbose = 0, .validation_data = {data.x_test, data.y_test}});
    const auto [loss, metrics] = model.evaluate(data.x_test, data.y_test, {.verbose = 0});
    EXPECT_GT(loss, 0.170) << seed;
    EXPECT_LT(loss, 0.190) << seed;
    EXPECT_GT(metrics.at("accuracy"), 0.915) << seed;
    EXPECT_LT(metrics.at("accuracy"), 0.94) << seed;
    EXPECT_EQ(history.epoch.size(), 10U);
    EXPECT_EQ(history.seed, seed);
    EXPECT_NEAR(history["val_loss"].back(), loss, 1e-6);
    EXPECT_DOUBLE_EQ(history["val_accuracy"].back(), metrics.at("accuracy"));
  }
}

TEST(Fit, GivesTheSameBitsForTheSameSeed) {
  const auto& data = four_blobs();
  const auto run = [&](std::uint64_t seed) {
    Sequential model({.seed = seed});
    model.add(Dense(8, {.activation = "tanh", .input_dim = 2}));
    model.add(Dropout(0.3));
    model.add(Dense(4));
    model.add(Activation("softmax"));
    model.compile({.optimizer = "adam", .loss = "categorical_crossentropy"});
    model.fit(data.x_test, data.y_test, {.epochs = 2, .verbose = 0});
    return model;
  };
  EXPECT_TRUE(same_weights(run(5), run(5).get_weights()));
  EXPECT_FALSE(same_weights(run(5), run(6).get_weights()));
}

TEST(Fit, DrawsAndKeepsASeedWhereNoneIsGiven) {
  const Sequential model;
  EXPECT_EQ(model.seed(), Sequential(model).seed());
  EXPECT_NE(model.seed(), Sequential().seed());
}

TEST(Fit, AcceptsEverySeed) {
  std::vector<Tensor> kernels;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{0xFFFFFFFF}, ~std::uint64_t{0}}) {
    kernels.push_back(regressor(seed).get_weights()[0]);
  }
  EXPECT_FALSE(identical(kernels[0], kernels[1]));
  EXPECT_FALSE(identical(kernels[1], kernels[2]));
}

TEST(Fit, ShufflesAnewInEachEpochUnlessToldNotTo) {
  struct Watch : Layer::Kind {
    Variable call(const Operand& x, CallOptions) override {
      seen->push_back(static_cast<int>(x.variable().value()(0, 0)));
      return x.variable();
    }
    Shape output_shape(const Shape& input) override { return input; }
    std::shared_ptr<std::vector<int>> seen = std::make_shared<std::vector<int>>();
  };
  const auto order = [](Shuffle shuffle) {
    Watch watch;
    const auto seen = watch.seen;
    Sequential model({.seed = 1});
    model.add(watch);
    model.add(Dense(1, {.kernel_initializer = "zeros"}));
    model.compile({.optimizer = "sgd", .loss = "mse"});
    const Tensor x = Tensor::arange(8).reshape({8, 1});
    model.fit(x, Tensor::zeros({8, 1}), {.batch_size = 1, .epochs = 1, .verbose = 0, .shuffle = shuffle});
    model.fit(x, Tensor::zeros({8, 1}), {.batch_size = 1, .epochs = 1, .verbose = 0, .shuffle = shuffle});
    return *seen;
  };
  EXPECT_THAT(order(false), testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7));
  const std::vector<int> shuffled = order(true);
  const std::vector<int> first(shuffled.begin(), shuffled.begin() + 8);
  const std::vector<int> second(shuffled.begin() + 8, shuffled.end());
  EXPECT_THAT(first, testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(second, testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_NE(first, second);
}

TEST(Fit, TakesUpAtInitialEpochWhereAnotherRunEnded) {
  const auto [x, y] = sums(20);
  const Sequential whole = regressor(3);
  whole.fit(x, y, {.batch_size = 3, .epochs = 4, .verbose = 0});
  const Sequential half = regressor(3);
  half.fit(x, y, {.batch_size = 3, .epochs = 2, .verbose = 0});
  const Sequential resumed = regressor(3);
  resumed.set_weights(half.get_weights());
  const History history = resumed.fit(x, y, {.batch_size = 3, .epochs = 4, .verbose = 0, .initial_epoch = 2});
  EXPECT_TRUE(same_weights(resumed, whole.get_weights()));
  EXPECT_THAT(history.epoch, testing::ElementsAre(2, 3));
}

TEST(Fit, AveragesTheLastPartialBatchByItsOwnSize) {
  const Tensor x = Tensor::zeros({5, 2});
  const Tensor y = Tensor({{1}, {1}, {1}, {1}, {3}});
  const Sequential model = regressor();
  model.set_weights({Tensor::zeros({2, 1}), Tensor::zeros({1})});
  const Logs logs = model.evaluate(x, y, {.batch_size = 4, .verbose = 0});
  EXPECT_DOUBLE_EQ(logs.loss, 13.0 / 5);
}

TEST(Fit, TakesTheLastPartForValidationBeforeShuffling) {
  const auto [x, y] = sums(10);
  const Sequential model = regressor();
  const History split = model.fit(x, y, {.epochs = 1, .verbose = 0, .validation_split = 0.3});
  const double loss = model.evaluate(x.rows(7, 10), y.rows(7, 10), {.verbose = 0}).loss;
  EXPECT_NEAR(split["val_loss"][0], loss, 1e-7);
  const History given = model.fit(
      x, y,
      {.epochs = 1, .verbose = 0, .validation_split = 0.3, .validation_data = {x.rows(0, 2), y.rows(0, 2)}});
  EXPECT_NEAR(given["val_loss"][0], model.evaluate(x.rows(0, 2), y.rows(0, 2), {.verbose = 0}).loss, 1e-7);
  EXPECT_EQ(given.params.steps, 1) << "validation_data goes before validation_split";
}

TEST(Fit, ValidatesAsOftenAsAsked) {
  const auto [x, y] = sums(10);
  const History history =
      regressor().fit(x, y, {.epochs = 5, .verbose = 0, .validation_split = 0.3, .validation_freq = 2});
  EXPECT_EQ(history["loss"].size(), 5U);
  EXPECT_EQ(history["val_loss"].size(), 2U);
}

TEST(Fit, RunsNoMoreStepsThanAskedFor) {
  const auto [x, y] = sums(10);
  const Sequential model = regressor();
  model.fit(x, y, {.batch_size = 2, .epochs = 2, .verbose = 0, .steps_per_epoch = 3});
  EXPECT_EQ(model.optimizer().iterations(), 6);
}

TEST(Fit, WeighsSamplesAndDividesByTheirNumber) {
  const Tensor x = Tensor::zeros({2, 2});
  const Tensor y = Tensor({{1}, {2}});
  const Sequential model = regressor();
  model.set_weights({Tensor::zeros({2, 1}), Tensor::zeros({1})});
  const Logs logs = model.evaluate(x, y, {.verbose = 0, .sample_weight = {3, 0.5}});
  EXPECT_NEAR(logs.loss, (3 * 1 + 0.5 * 4) / 2, 1e-6);
}

TEST(Fit, TreatsClassWeightsAsWeightsOfTheSamples) {
  const auto& data = four_blobs();
  const Tensor x = data.x_test.rows(0, 64), y = data.y_test.rows(0, 64);
  Tensor weights = Tensor::ones({64});
  for (std::int64_t i = 0; i < 64; ++i) {
    if (y(i, 2) == 1) weights.set({i}, 5);
  }
  const Sequential by_class = classifier(4), by_sample = classifier(4);
  by_class.fit(x, y, {.verbose = 0, .class_weight = {{2, 5.0}}});
  by_sample.fit(x, y, {.verbose = 0, .sample_weight = weights});
  EXPECT_TRUE(same_weights(by_class, by_sample.get_weights()));
}

TEST(Fit, TakesOneDimensionalDataAsOneFeature) {
  const Tensor x = Tensor::arange(10);
  Sequential model({.seed = 1});
  model.add(Dense(1, {.input_dim = 1}));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const History history = model.fit(x, x, {.batch_size = SIZE_MAX, .verbose = 0});
  EXPECT_EQ(history.params.steps, 1);
  EXPECT_EQ(model.predict(x, {.verbose = 0}).shape(), (Shape{10, 1}));
}

TEST(Fit, ConvertsDataToTheModelsDtype) {
  const auto [x, y] = sums(8);
  const Sequential narrow = regressor();
  EXPECT_EQ(narrow.predict(x.cast(DType::float64), {.verbose = 0}).dtype(), DType::float32);
  Sequential wide({.dtype = DType::float64, .seed = 1});
  wide.add(Dense(1, {.input_dim = 2}));
  wide.compile({.optimizer = "sgd", .loss = "mse"});
  wide.fit(x, y, {.verbose = 0});
  EXPECT_EQ(wide.predict(x, {.verbose = 0}).dtype(), DType::float64);
}

TEST(Fit, BuildsFromTheFirstData) {
  const auto [x, y] = sums(8, 5);
  Sequential model({Dense(3, {.activation = "relu"}), Dense(1)}, {.seed = 2});
  model.compile({.optimizer = "sgd", .loss = mean_squared_error});
  EXPECT_FALSE(model.built());
  model.fit(x, y, {.verbose = 0});
  EXPECT_TRUE(model.built());
  EXPECT_EQ(model.count_params(), 5 * 3 + 3 + 3 + 1);
}

TEST(Fit, LearnsNothingWhereTheLearningRateIsZero) {
  const auto [x, y] = sums(8);
  const Sequential model = regressor();
  model.compile({.optimizer = SGD({.learning_rate = 0}), .loss = "mse"});
  const std::vector<Tensor> before = model.get_weights();
  model.fit(x, y, {.epochs = 3, .verbose = 0});
  EXPECT_TRUE(same_weights(model, before));
}

TEST(Fit, KeepsTheWeightsOfALayerThatIsNotTrainable) {
  const auto [x, y] = sums(8);
  Sequential model({.seed = 1});
  const Dense frozen(3, {.input_dim = 2, .trainable = false});
  const Dense free(1);
  model.add(frozen);
  model.add(free);
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const std::vector<Tensor> before = frozen.get_weights(), moving = free.get_weights();
  model.fit(x, y, {.verbose = 0});
  EXPECT_TRUE(same_weights(frozen, before));
  EXPECT_FALSE(same_weights(free, moving));
  EXPECT_FALSE(frozen.kernel().has_grad());
  EXPECT_EQ(model.trainable_weights().size(), 2U);
  EXPECT_EQ(model.non_trainable_weights().size(), 2U);

  frozen.set_trainable(true);
  model.fit(x, y, {.verbose = 0});
  EXPECT_FALSE(same_weights(frozen, before));
}

TEST(Evaluate, IsTheLossAndAccuracyOverAllSamples) {
  const auto& data = four_blobs();
  const Sequential model = classifier();
  const Logs logs = model.evaluate(data.x_test, data.y_test, {.batch_size = 7, .verbose = 0});
  const Tensor p = model.predict(data.x_test, {.verbose = 0});
  double loss = 0;
  int right = 0;
  for (std::int64_t i = 0; i < 800; ++i) {
    std::int64_t best = 0, label = 0;
    for (std::int64_t j = 0; j < 4; ++j) {
      if (p(i, j) > p(i, best)) best = j;
      if (data.y_test(i, j) == 1) label = j;
    }
    loss -= std::log(p(i, label));
    right += best == label ? 1 : 0;
  }
  EXPECT_NEAR(logs.loss, loss / 800, 1e-5);
  EXPECT_DOUBLE_EQ(logs["accuracy"], right / 800.0);
}

TEST(Predict, GivesARowForEachSampleWhateverTheBatchSize) {
  const auto [x, y] = sums(10);
  const Sequential model = regressor();
  const Tensor whole = model.predict(x, {.batch_size = 10, .verbose = 0});
  EXPECT_EQ(whole.shape(), (Shape{10, 1}));
  EXPECT_TRUE(identical(model.predict(x, {.batch_size = 3, .verbose = 0}), whole));
  EXPECT_TRUE(identical(model.predict_on_batch(x), whole));
  EXPECT_EQ(model.predict(x.rows(0, 0), {.verbose = 0}).shape(), (Shape{0, 1}));
}

TEST(Predict, DropsNothing) {
  Sequential model({.seed = 1});
  model.add(Dropout(0.9, {.input_dim = 4}));
  const Tensor x = Tensor::ones({100, 4});
  EXPECT_TRUE(identical(model.predict(x, {.verbose = 0}), x));
  EXPECT_FALSE(identical(model(x, {.training = true}).value(), x));
}

TEST(TrainOnBatch, DoesOneStepAndReportsThisBatch) {
  const auto [x, y] = sums(8);
  const Sequential a = regressor(3), b = regressor(3);
  a.fit(x, y, {.verbose = 0, .shuffle = false});
  const double before = b.test_on_batch(x, y).loss;
  EXPECT_DOUBLE_EQ(b.train_on_batch(x, y).loss, before);
  EXPECT_TRUE(same_weights(b, a.get_weights()));
  EXPECT_LT(b.test_on_batch(x, y).loss, before);
}

TEST(Fit, TrainsOnEveryKindOfLoss) {
  const testing_data::Example data = sums(16);
  const auto loss_with = [&](const Loss& loss) {
    const Sequential model = regressor(3);
    model.compile({.optimizer = "sgd", .loss = loss});
    return model.fit(data.x, data.y, {.verbose = 0})["loss"][0];
  };
  const double expected = loss_with("mse");
  EXPECT_DOUBLE_EQ(loss_with("mean_squared_error"), expected);
  EXPECT_DOUBLE_EQ(loss_with("MeanSquaredError"), expected);
  EXPECT_DOUBLE_EQ(loss_with(mean_squared_error), expected);
  EXPECT_DOUBLE_EQ(loss_with(MeanSquaredError()), expected);
  EXPECT_NEAR(loss_with([](const Operand& y_true, const Operand& y_pred) { return square(y_true - y_pred); }),
              expected, 1e-6);
}

TEST(Fit, TakesIntegerLabelsForSparseCrossentropy) {
  const auto& data = four_blobs();
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < 800; ++i) {
    for (std::int64_t j = 0; j < 4; ++j) {
      if (data.y_test(i, j) == 1) labels.push_back(j);
    }
  }
  const Sequential sparse = classifier(2), one_hot = classifier(2);
  sparse.compile({.optimizer = "sgd", .loss = "sparse_categorical_crossentropy", .metrics = {"acc"}});
  const History a = sparse.fit(data.x_test, Tensor(labels), {.verbose = 0});
  const History b = one_hot.fit(data.x_test, data.y_test, {.verbose = 0});
  EXPECT_NEAR(a["loss"][0], b["loss"][0], 1e-6);
  EXPECT_DOUBLE_EQ(a["acc"][0], b["accuracy"][0]);
}

TEST(Fit, SeparatesTwoBlobsWithASigmoid) {
  const auto& data = four_blobs();
  Tensor y = Tensor::zeros({800});
  for (std::int64_t i = 0; i < 800; ++i) y.set({i}, data.y_test(i, 1));
  Sequential model({.seed = 1});
  model.add(Dense(1, {.activation = "sigmoid", .input_dim = 2}));
  model.compile({.optimizer = Adam({.learning_rate = 0.02}),
                 .loss = "binary_crossentropy",
                 .metrics = {"accuracy", BinaryAccuracy()}});
  const History history = model.fit(data.x_test, y, {.batch_size = 8, .epochs = 10, .verbose = 0});
  EXPECT_GT(history["accuracy"].back(), 0.98);
  EXPECT_DOUBLE_EQ(history["accuracy"].back(), history["binary_accuracy"].back());
}

TEST(Fit, AModelWithAllWeightsFrozenKeepsThem) {
  const Sequential model = regressor();
  model.set_trainable(false);
  const std::vector<Tensor> before = model.get_weights();
  const History history = fit_ten(model, {.epochs = 2});
  EXPECT_NEAR(history["loss"][0], history["loss"][1], 1e-6);  // the samples come in another order
  EXPECT_TRUE(same_weights(model, before));
  model.set_trainable(true);
  fit_ten(model, {});
  EXPECT_FALSE(same_weights(model, before));
}

struct ClearsLogs : Callback::Kind {
  void on_train_batch_end(std::int64_t, Logs& logs) override { logs = {}; }
};

TEST(Fit, AHookMayDoWhatItLikesWithTheLogsOfABatch) {
  const Sequential model = classifier();
  const auto& [x, y, x_test, y_test] = four_blobs();
  const History history = model.fit(x, y, {.epochs = 1, .verbose = 0, .callbacks = {ClearsLogs()}});
  EXPECT_GT(history["accuracy"][0], 0.5);
}

struct StopsAtOnce : Callback::Kind {
  void on_epoch_begin(std::int64_t, Logs&) override { model().stop_training(); }
};

TEST(Fit, AnEpochThatIsStoppedAtItsBeginHasOneBatch) {
  const Sequential model = regressor();
  const double expected = model.test_on_batch(sums(10).x.rows(0, 2), sums(10).y.rows(0, 2)).loss;
  const History history =
      fit_ten(model, {.batch_size = 2, .epochs = 5, .callbacks = {StopsAtOnce()}, .shuffle = false});
  EXPECT_EQ(history.epoch.size(), 1U);
  EXPECT_NEAR(history["loss"][0], expected, 1e-6);
}

}  // namespace
}  // namespace gradus
