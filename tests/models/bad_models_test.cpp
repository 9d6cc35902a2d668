#include <gradus/graph/error.h>
#include <gradus/models/callbacks/terminate_on_nan.h>
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

TEST(BadModels, TrainingNeedsCompileFirst) {
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

TEST(BadModels, PredictSummaryAndSavingNeedAnInputShape) {
  Sequential model({Dense(1)}, {.name = "net"});
  model.compile({.loss = "mse"});
  const auto message = says<StateError>("model 'net' is not built", "input_dim", "call build or fit first");
  EXPECT_THAT([&] { model.predict(Tensor::zeros({1, 2}), {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model.evaluate(Tensor::zeros({1, 2}), Tensor::zeros({1, 1}), {.verbose = 0}); }, message);
  EXPECT_THAT([&] { model.summary(); }, message);
  EXPECT_THAT([&] { model.save_weights("/nowhere/w.npz"); }, message);
  EXPECT_THAT([&] { model.load_weights("/nowhere/w.npz"); }, message);
}

TEST(BadModels, AModelWithoutLayersCanOnlyBeCompiled) {
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

TEST(BadModels, ALayerAddedAfterFitTrainsWithAFreshOptimizer) {
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

TEST(BadModels, TheSecondCompileCountsAndKeepsTheWeights) {
  const Sequential model = regressor();
  fit_ten(model, {});
  const std::vector<Tensor> before = model.get_weights();
  model.compile({.optimizer = Adam({.learning_rate = 0.25}), .loss = "mse"});
  EXPECT_TRUE(same_weights(model, before));
  EXPECT_EQ(model.optimizer().learning_rate(), 0.25);
  fit_ten(model, {});
  EXPECT_EQ(model.optimizer().iterations(), 1);
}

TEST(BadModels, ALayerStandsInAModelOnce) {
  Sequential model({.name = "net"});
  const Dense layer(2);
  model.add(layer);
  EXPECT_THAT([&] { model.add(layer); }, says<ValueError>("layer 'dense' is in model 'net' already"));
  EXPECT_EQ(model.layers().size(), 1U);
  EXPECT_THAT([&] { model.add(model); }, says<ValueError>("cannot hold itself"));
}

TEST(BadModels, ALayerInTwoModelsSharesItsWeights) {
  const Dense shared(1, {.input_dim = 2});
  Sequential a({shared}), b({shared});
  EXPECT_EQ(&a.weights()[0].node(), &b.weights()[0].node());
  { const Sequential c({shared}); }
  EXPECT_EQ(a.predict(Tensor::ones({1, 2}), {.verbose = 0})(0, 0),
            b.predict(Tensor::ones({1, 2}), {.verbose = 0})(0, 0));
}

TEST(BadModels, NamesInAModelDiffer) {
  Sequential model({Dense(1), Dense(1), Dense(1, {.name = "head"})}, {.name = "net"});
  EXPECT_EQ(model.layers()[1].name(), "dense_1");
  EXPECT_THAT([&] { model.add(Dense(1, {.name = "head"})); },
              says<ValueError>("model 'net' has a layer 'head' already"));
  EXPECT_EQ(model.layers().size(), 3U);
  EXPECT_THAT([] { Dense(1, {.name = "a/b"}); }, says<ValueError>("'a/b'"));
}

TEST(BadModels, AccuracyDoesNotMeasureARegression) {
  const Example sum = sums(4);
  const Tensor &x = sum.x, &y = sum.y;
  const Sequential model = regressor();
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"accuracy"}});
  const std::vector<Tensor> before = model.get_weights();
  EXPECT_THAT([&] { model.fit(x, y, {.verbose = 0}); },
              says<ValueError>("accuracy: the label of a single output must be 0 or 1", "regression"));
  EXPECT_TRUE(same_weights(model, before));
}

TEST(BadModels, AnExceptionOfACallbackLeavesTheModelUsable) {
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

TEST(BadModels, AMovedFromModelSaysSo) {
  Sequential model = regressor();
  const Sequential other = std::move(model);
  EXPECT_THAT([&] { model.summary(); }, says<StateError>("used after a move"));  // NOLINT: on purpose
  EXPECT_THAT([&] { model.predict(Tensor::zeros({1, 2})); }, says<StateError>("used after a move"));
  EXPECT_THAT([&] { other.predict(Tensor(), {.verbose = 0}); }, says<ValueError>("x is missing"));
}

TEST(BadModels, AnExceptionOfALayerLeavesTheModelUsable) {
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

TEST(BadModels, ALossThatIsNotFiniteEndsFitBeforeTheWeightsChange) {
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

TEST(BadModels, ADivergingFitSaysWhere) {
  const Example sum = sums(10);
  const Tensor &x = sum.x, &y = sum.y;
  const Sequential model = regressor();
  model.compile({.optimizer = SGD({.learning_rate = 1e10}), .loss = "mse"});
  EXPECT_THAT([&] { model.fit(x, y, {.epochs = 50, .verbose = 0}); },
              says<ValueError>("the loss is inf in epoch", "A lower learning rate"));
}

TEST(BadModels, HyperparametersOfLayersAreChecked) {
  EXPECT_THAT([] { Dense(0); }, says<ValueError>("Dense: units must be positive, got 0"));
  EXPECT_THAT([] { Dense(-2); }, says<ValueError>("got -2"));
  EXPECT_THAT([] { Dense(1, {.input_dim = 0}); }, says<ValueError>("input_dim must be positive, got 0"));
  EXPECT_THAT([] { Dense(1, {.input_shape = {2}, .input_dim = 2}); }, says<ValueError>("not both"));
  EXPECT_THAT([] { Dense(1, {.dtype = DType::int32}); }, says<DTypeError>("float32 or float64, got int32"));
  for (const double rate : {-0.1, 1.5, kNan}) {
    EXPECT_THAT([&] { Dropout d(rate); }, says<ValueError>("Dropout: rate must be in [0, 1]"));
  }
}

TEST(BadModels, SetWeightsSetsAllOrNothing) {
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

TEST(BadModels, StepsAndVerbosityAreChecked) {
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

TEST(BadModels, TwoMetricsOfOneNameAreRefused) {
  EXPECT_THAT(
      [] {
        regressor().compile({.loss = "mse", .metrics = {"mse", "mse"}});
      },
      says<ValueError>("compile: two entries of the logs would be called 'mse'"));
}

TEST(BadModels, ALossWithoutReductionIsRefused) {
  const Sequential model = classifier();
  model.compile({.optimizer = "sgd", .loss = CategoricalCrossentropy({.reduction = "none"})});
  EXPECT_THAT(
      [&] {
        model.fit(Tensor::zeros({4, 2}), Tensor::eye(4), {.verbose = 0});
      },
      says<ShapeError>("the loss of a batch must be one number, got [4]"));
}

TEST(BadModels, ALayerMustTakeWhatTheOneBeforeGives) {
  Sequential model({Flatten({.input_shape = {2, 3}})}, {.name = "net"});
  EXPECT_THAT([&] { model.add(Dense(1, {.input_dim = 4})); },
              says<ShapeError>("layer 'dense' takes samples of shape [4], got [6]"));
  EXPECT_EQ(model.layers().size(), 1U);
  model.add(Dense(1));
  EXPECT_EQ(model.count_params(), 7);
}

TEST(BadModels, AskingForALayerThatIsNotThereListsTheNames) {
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
