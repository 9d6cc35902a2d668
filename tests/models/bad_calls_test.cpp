#include <gradus/graph/error.h>
#include <gradus/models/callbacks/terminate_on_nan.h>
#include <gradus/models/layers/activation.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/models/layers/flatten.h>
#include <gradus/models/losses/crossentropy.h>
#include <gradus/ops/elementwise.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/sgd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "example_data.h"

namespace gradus {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;
using testing_data::classifier;
using testing_data::Example;
using testing_data::regressor;
using testing_data::same_weights;
using testing_data::sums;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <class E, class... Parts>
auto says(Parts... parts) {
  return ThrowsMessage<E>(AllOf(HasSubstr(parts)...));
}

// Runs fit on 10 samples of two features.
History fit_ten(const Sequential& model, FitOptions options) {
  const Example sum = sums(10);
  const Tensor &x = sum.x, &y = sum.y;
  options.verbose = 0;
  return model.fit(x, y, std::move(options));
}

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

TEST(BadCalls, TrainingNeedsCompileFirst) {
  const Example sum = sums(4);
  const Tensor &x = sum.x, &y = sum.y;
  Sequential model({Dense(1, {.input_dim = 2})}, {.name = "net"});
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 0}); },
              says<StateError>("fit: model 'net' is not compiled: call compile first"));
  EXPECT_THAT([&] { model.evaluate(x, y, {.verbose = 0}); }, says<StateError>("call compile first"));
  EXPECT_THAT([&] { model.train_on_batch(x, y); }, says<StateError>("call compile first"));
  EXPECT_THAT([&] { model.optimizer(); }, says<StateError>("call compile first"));
  model.compile({.optimizer = "sgd"});
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 0}); }, says<StateError>("compiled without a loss"));
}

TEST(BadCalls, PredictSummaryAndSavingNeedAnInputShape) {
  Sequential model({Dense(1)}, {.name = "net"});
  model.compile({.loss = "mse"});
  const auto message = says<StateError>("model 'net' is not built", "input_dim", "call build or fit first");
  EXPECT_THAT([&] { model.predict(Tensor::zeros({1, 2}), {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model.evaluate(Tensor::zeros({1, 2}), Tensor::zeros({1, 1}), {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model.summary(); }, message);
  EXPECT_THAT([&] { model.save_weights("/nowhere/w.npz"); }, message);
  EXPECT_THAT([&] { model.load_weights("/nowhere/w.npz"); }, message);
}

TEST(BadCalls, AModelWithoutLayersCanOnlyBeCompiled) {
  const Example sum = sums(4);
  const Tensor &x = sum.x, &y = sum.y;
  const Sequential model;
  EXPECT_NO_THROW(model.compile({.loss = "mse"}));
  const auto message = says<StateError>("model 'sequential' has no layers");
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model.predict(x, {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model(x); }, message);
  EXPECT_THAT([&] { model.build({2}); }, message);
  EXPECT_THAT([&] { model.save_weights("/nowhere/w.npz"); }, message);
  EXPECT_THAT([&] { model.pop(); }, message);
}

TEST(BadCalls, ALayerAddedAfterFitTrainsWithAFreshOptimizer) {
  const Example sum = sums(10);
  const Tensor &x = sum.x, &y = sum.y;
  const Sequential model = regressor();
  model.compile({.optimizer = "adam", .loss = "mse"});
  model.fit(x, y, {.verbose = 0});
  EXPECT_EQ(model.optimizer().iterations(), 1);
  model.add(Dense(1));
  EXPECT_EQ(model.weights().size(), 4U);
  model.fit(x, y, {.verbose = 0});
  EXPECT_EQ(model.optimizer().iterations(), 1);
  EXPECT_EQ(model.optimizer().parameters().size(), 4U);
}

TEST(BadCalls, TheSecondCompileCountsAndKeepsTheWeights) {
  const Sequential model = regressor();
  fit_ten(model, {});
  const std::vector<Tensor> before = model.get_weights();
  model.compile({.optimizer = Adam({.learning_rate = 0.25}), .loss = "mse"});
  EXPECT_TRUE(same_weights(model, before));
  EXPECT_EQ(model.optimizer().learning_rate(), 0.25);
  fit_ten(model, {});
  EXPECT_EQ(model.optimizer().iterations(), 1);
}

TEST(BadCalls, ALayerStandsInAModelOnce) {
  Sequential model({.name = "net"});
  const Dense layer(2);
  model.add(layer);
  EXPECT_THAT([&] { model.add(layer); }, says<ValueError>("layer 'dense' is in model 'net' already"));
  EXPECT_EQ(model.layers().size(), 1U);
  EXPECT_THAT([&] { model.add(model); }, says<ValueError>("cannot hold itself"));
}

TEST(BadCalls, ALayerInTwoModelsSharesItsWeights) {
  const Dense shared(1, {.input_dim = 2});
  Sequential a({shared}), b({shared});
  EXPECT_EQ(&a.weights()[0].node(), &b.weights()[0].node());
  { const Sequential c({shared}); }
  EXPECT_EQ(a.predict(Tensor::ones({1, 2}), {.verbose = 0})(0, 0),
            b.predict(Tensor::ones({1, 2}), {.verbose = 0})(0, 0));
}

TEST(BadCalls, NamesInAModelDiffer) {
  Sequential model({Dense(1), Dense(1), Dense(1, {.name = "head"})}, {.name = "net"});
  EXPECT_EQ(model.layers()[1].name(), "dense_1");
  EXPECT_THAT([&] { model.add(Dense(1, {.name = "head"})); },
              says<ValueError>("model 'net' has a layer 'head' already"));
  EXPECT_EQ(model.layers().size(), 3U);
  EXPECT_THAT([] { Dense(1, {.name = "a/b"}); }, says<ValueError>("'a/b'"));
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

TEST(BadCalls, AccuracyDoesNotMeasureARegression) {
  const Example sum = sums(4);
  const Tensor &x = sum.x, &y = sum.y;
  const Sequential model = regressor();
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"accuracy"}});
  const std::vector<Tensor> before = model.get_weights();
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 0}); },
              says<ValueError>("accuracy: the label of a single output must be 0 or 1", "regression"));
  EXPECT_TRUE(same_weights(model, before));
}

TEST(BadCalls, AnExceptionOfACallbackLeavesTheModelUsable) {
  struct Throws : Callback::Kind {
    void on_epoch_end(std::int64_t epoch, Logs&) override {
      if (epoch == 3) throw std::runtime_error("enough");
    }
  };
  const Sequential model = regressor();
  EXPECT_THAT([&] { fit_ten(model, {.epochs = 10, .callbacks = {Throws()}}); },
              says<std::runtime_error>("enough"));
  EXPECT_EQ(model.optimizer().iterations(), 4);
  EXPECT_EQ(fit_ten(model, {.epochs = 2}).epoch.size(), 2U);
}

TEST(BadCalls, AMovedFromModelSaysSo) {
  Sequential model = regressor();
  const Sequential other = std::move(model);
  EXPECT_THAT([&] { model.summary(); }, says<StateError>("used after a move"));  // NOLINT: on purpose
  EXPECT_THAT([&] { model.predict(Tensor::zeros({1, 2})); }, says<StateError>("used after a move"));
  EXPECT_THAT([&] { other.predict(Tensor(), {.verbose = 0}); }, says<ValueError>("x is missing"));
}

TEST(BadCalls, AnExceptionOfALayerLeavesTheModelUsable) {
  struct Fails : Layer::Kind {
    Variable call(const Operand& x, CallOptions options) override {
      if (options.training && *armed) throw std::runtime_error("no");
      return x.variable();
    }
    Shape output_shape(const Shape& input) override { return input; }
    std::shared_ptr<bool> armed = std::make_shared<bool>(true);
  };
  Fails kind;
  const auto armed = kind.armed;
  Sequential model({.seed = 1});
  model.add(Dense(2, {.input_dim = 2}));
  model.add(kind);
  model.add(Dense(1));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_THAT([&] { fit_ten(model, {}); }, says<std::runtime_error>("no"));
  *armed = false;
  EXPECT_EQ(fit_ten(model, {}).epoch.size(), 1U);
}

TEST(BadCalls, ALossThatIsNotFiniteEndsFitBeforeTheWeightsChange) {
  const Example sum = sums(10);
  Tensor x = sum.x, y = sum.y;
  x.set({7, 0}, kNan);
  const Sequential model = regressor();
  const auto fit = [&](std::vector<Callback> callbacks) {
    return model.fit(
        x, y,
        {.batch_size = 5, .epochs = 3, .verbose = 0, .callbacks = std::move(callbacks), .shuffle = false});
  };
  EXPECT_THAT([&] { fit({}); }, says<ValueError>("fit: the loss is nan in epoch 1, step 2"));
  EXPECT_EQ(model.optimizer().iterations(), 1);
  EXPECT_TRUE(std::isfinite(model.get_weights()[1](0)));

  const History history = fit({TerminateOnNaN()});
  EXPECT_EQ(history.epoch.size(), 1U);
  EXPECT_TRUE(std::isnan(history["loss"][0]));
  EXPECT_EQ(model.optimizer().iterations(), 2);
  EXPECT_THAT([&] { model.train_on_batch(x, y); }, says<ValueError>("train_on_batch: the loss is nan"));
}

TEST(BadCalls, ADivergingFitSaysWhere) {
  const Example sum = sums(10);
  const Tensor &x = sum.x, &y = sum.y;
  const Sequential model = regressor();
  model.compile({.optimizer = SGD({.learning_rate = 1e10}), .loss = "mse"});
  EXPECT_THAT([&] { model.fit(x, y, {.epochs = 50, .verbose = 0}); },
              says<ValueError>("the loss is inf in epoch", "A lower learning rate"));
}

TEST(BadCalls, HyperparametersOfLayersAreChecked) {
  EXPECT_THAT([] { Dense(0); }, says<ValueError>("Dense: units must be positive, got 0"));
  EXPECT_THAT([] { Dense(-2); }, says<ValueError>("got -2"));
  EXPECT_THAT([] { Dense(1, {.input_dim = 0}); }, says<ValueError>("input_dim must be positive, got 0"));
  EXPECT_THAT([] { Dense(1, {.input_shape = {2}, .input_dim = 2}); }, says<ValueError>("not both"));
  EXPECT_THAT([] { Dense(1, {.dtype = DType::int32}); }, says<DTypeError>("float32 or float64, got int32"));
  for (const double rate : {-0.1, 1.5, kNan}) {
    EXPECT_THAT([&] { Dropout d(rate); }, says<ValueError>("Dropout: rate must be in [0, 1]"));
  }
}

TEST(BadCalls, SetWeightsSetsAllOrNothing) {
  Sequential model({Dense(5, {.input_dim = 3}), Dense(2)}, {.seed = 1});
  const std::vector<Tensor> before = model.get_weights();
  std::vector<Tensor> values = {Tensor::ones({3, 5}), Tensor::ones({5}), Tensor::ones({5, 2}),
                                Tensor::ones({4})};
  EXPECT_THAT([&] { model.set_weights(values); },
              says<ShapeError>("set_weights: 'sequential' weight 'dense_1/bias' is [2]", "is [4]"));
  values.pop_back();
  EXPECT_THAT([&] { model.set_weights(values); }, says<ShapeError>("has 4 weights, got 3"));
  EXPECT_THAT(
      [&] {
        model.layers()[0].set_weights({Tensor::ones({3, 5}), Tensor::ones({4})});
      },
      says<ShapeError>("'dense' weight 'bias' is [5]", "is [4]"));
  values.push_back(Tensor::ones({2}, DType::int64));
  EXPECT_THAT([&] { model.set_weights(values); }, says<DTypeError>("'dense_1/bias'", "int64"));
  EXPECT_TRUE(same_weights(model, before));
}

TEST(BadCalls, StepsAndVerbosityAreChecked) {
  const Sequential model = regressor();
  EXPECT_THAT([&] { fit_ten(model, {.steps_per_epoch = 2}); },
              says<ValueError>("steps_per_epoch is 2, the data has 1 batches"));
  EXPECT_THAT([&] { fit_ten(model, {.steps_per_epoch = 0}); },
              says<ValueError>("steps_per_epoch must be positive, got 0"));
  EXPECT_THAT([&] { fit_ten(model, {.validation_freq = 0}); }, says<ValueError>("validation_freq"));
  EXPECT_THAT([&] { fit_ten(model, {.validation_batch_size = 0}); },
              says<ValueError>("validation_batch_size"));
  EXPECT_THAT([&] { fit_ten(model, {.shuffle = "bach"}); },
              says<ValueError>("'bach'", "did you mean 'batch'?"));
  const Example sum = sums(4);
  const Tensor &x = sum.x, &y = sum.y;
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 3}); }, says<ValueError>("verbose", "got 3"));
}

TEST(BadCalls, TwoMetricsOfOneNameAreRefused) {
  EXPECT_THAT(
      [] {
        regressor().compile({.loss = "mse", .metrics = {"mse", "mse"}});
      },
      says<ValueError>("compile: two entries of the logs would be called 'mse'"));
}

TEST(BadCalls, ALossWithoutReductionIsRefused) {
  const Sequential model = classifier();
  model.compile({.optimizer = "sgd", .loss = CategoricalCrossentropy({.reduction = "none"})});
  EXPECT_THAT(
      [&] {
        model.fit(Tensor::zeros({4, 2}), Tensor::eye(4), {.verbose = 0});
      },
      says<ShapeError>("the loss of a batch must be one number, got [4]"));
}

TEST(BadCalls, ALayerMustTakeWhatTheOneBeforeGives) {
  Sequential model({Flatten({.input_shape = {2, 3}})}, {.name = "net"});
  EXPECT_THAT([&] { model.add(Dense(1, {.input_dim = 4})); },
              says<ShapeError>("layer 'dense' takes samples of shape [4], got [6]"));
  EXPECT_EQ(model.layers().size(), 1U);
  model.add(Dense(1));
  EXPECT_EQ(model.count_params(), 7);
}

TEST(BadCalls, AskingForALayerThatIsNotThereListsTheNames) {
  Sequential model({Dense(1, {.input_dim = 2}), Dense(1)});
  EXPECT_EQ(model.get_layer("dense_1").name(), "dense_1");
  EXPECT_EQ(model.get_layer(-1).name(), "dense_1");
  EXPECT_EQ(model.get_layer(0).name(), "dense");
  EXPECT_THAT([&] { model.get_layer("dens"); },
              says<ValueError>("get_layer: unknown layer 'dens'", "'dense_1'"));
  EXPECT_THAT([&] { model.get_layer(2); }, says<ValueError>("index 2 is out of range", "2 layers"));
}

}  // namespace
}  // namespace gradus
