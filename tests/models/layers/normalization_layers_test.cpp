#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

const Tensor kX = {{1, 2}, {3, 6}, {5, 10}, {7, 2}};  // means 4 and 5; biased variances 5 and 11

TEST(BatchNormalization, MovesItsAveragesByTheBiasedVariance) {
  const BatchNormalization layer({.momentum = 0.9});
  const Tensor y = layer(kX, {.training = true}).value();
  EXPECT_TRUE(all_close(layer.moving_mean().value(), Tensor{0.4, 0.5}));
  EXPECT_TRUE(all_close(layer.moving_variance().value(), Tensor{0.9 + 0.5, 0.9 + 1.1}));
  EXPECT_NEAR(y(0, 0), -3 / std::sqrt(5.001), 1e-5);
  layer(kX);
  EXPECT_TRUE(all_close(layer.moving_mean().value(), Tensor{0.4, 0.5})) << "inference moves nothing";
}

TEST(BatchNormalization, MovesOncePerStepOfFitAndTwiceWhenItIsCalledTwice) {
  const BatchNormalization once({.momentum = 0.5, .name = "once"});
  const Sequential model({once});
  model.compile({.optimizer = SGD({.learning_rate = 0}), .loss = "mse"});
  model.fit(kX, kX, {.batch_size = 4, .epochs = 2, .verbose = 0});
  EXPECT_TRUE(all_close(once.moving_mean().value(), Tensor{3, 3.75}));
  model.evaluate(kX, kX, {.verbose = 0});
  model.predict(kX, {.verbose = 0});
  EXPECT_TRUE(all_close(once.moving_mean().value(), Tensor{3, 3.75}));

  const BatchNormalization shared({.momentum = 0.5});
  const Input in({2});
  const Model twice({in}, {Add()({shared(in), shared(in)})});
  twice.compile({.optimizer = SGD({.learning_rate = 0}), .loss = "mse"});
  twice.train_on_batch(kX, kX);
  EXPECT_TRUE(all_close(shared.moving_mean().value(), Tensor{3, 3.75}));
}

TEST(BatchNormalization, KeepsItsAveragesWhenTheLossIsNotFinite) {
  const BatchNormalization layer;
  const Sequential model({layer}, {.seed = 1});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.build({2});
  Tensor bad = kX.clone();
  bad.set({0, 0}, NAN);
  EXPECT_THROW(model.fit(bad, kX, {.verbose = 0}), ValueError);
  EXPECT_TRUE(identical(layer.moving_mean().value(), Tensor::zeros({2})));
}

TEST(BatchNormalization, ThatIsFrozenUsesItsAveragesInTrainingToo) {
  const BatchNormalization layer({.trainable = false});
  const Tensor y = layer(kX, {.training = true}).value();
  EXPECT_TRUE(all_close(y, multiply(kX, 1 / std::sqrt(1.001)).value()));
  EXPECT_TRUE(identical(layer.moving_mean().value(), Tensor::zeros({2})));
  EXPECT_EQ(layer.trainable_weights().size(), 0U);
  layer.set_trainable(true);
  EXPECT_EQ(layer.trainable_weights().size(), 2U);
}

TEST(BatchNormalization, LeavesItsAveragesAloneForABatchOfNoRows) {
  const BatchNormalization layer;
  EXPECT_EQ(layer(Tensor::zeros({0, 2}), {.training = true}).shape(), (Shape{0, 2}));
  EXPECT_TRUE(identical(layer.moving_mean().value(), Tensor::zeros({2})));
}

TEST(BatchNormalization, HasItsWeightsInKerasOrder) {
  const BatchNormalization layer;
  layer.build({3});
  std::vector<std::string> paths;
  for (const Weight& weight : layer.weight_list()) paths.push_back(weight.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"gamma", "beta", "moving_mean", "moving_variance"}));
  const BatchNormalization plain({.center = false, .scale = false});
  plain.build({3});
  EXPECT_EQ(plain.weights().size(), 2U);
  EXPECT_THAT([&] { plain.gamma(); }, says<StateError>("'batch_normalization' has no gamma"));
}

TEST(BatchNormalization, RefusesWhatDoesNotFit) {
  EXPECT_THAT([] { BatchNormalization({.momentum = 1.5}); },
              says<ValueError>("BatchNormalization: momentum must be in [0, 1], got 1.5"));
  EXPECT_THAT([] { BatchNormalization({.epsilon = -1}); },
              says<ValueError>("BatchNormalization: epsilon must be finite and not negative"));
  EXPECT_THAT([] { BatchNormalization({.axis = 2}).build({3}); },
              says<ShapeError>("BatchNormalization has axis 2, its input is (None, 3)"));
  EXPECT_THAT([] { BatchNormalization({.axis = 0}).build({3}); },
              says<ValueError>("axis 0 of BatchNormalization is the batch's"));
  const BatchNormalization layer;
  layer.build({2});
  EXPECT_THAT([&] { layer.output_shape({3}); },
              says<ShapeError>("BatchNormalization was built for 2 channels, its input has 3"));
  EXPECT_THAT(
      [&] {
        layer(kX, {.training = true, .mask = {Tensor::ones({4, 2}, DType::boolean)}});
      },
      says<ShapeError>("the mask of [4, 2] must have all its axes but the last, it is [4, 2]"));
}

TEST(Predict, IsInferenceWhateverTrainingDid) {
  const Sequential model(
      {Dense(8, {.activation = "relu"}), BatchNormalization(), Dropout(0.5), GaussianNoise(0.3), Dense(1)},
      {.seed = 4});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.fit(kX, Tensor::zeros({4, 1}), {.epochs = 3, .verbose = 0});
  const Tensor first = model.predict(kX, {.verbose = 0});
  EXPECT_TRUE(identical(first, model.predict(kX, {.verbose = 0})));
  Variable y(kX);
  for (const Layer& layer : model.layers()) y = layer(y);
  EXPECT_TRUE(identical(first, y.value()));
}

TEST(LayerNormalizations, RefuseWhatDoesNotFit) {
  EXPECT_THAT(
      [] {
        LayerNormalization({.axis = {1, -1}}).build({3});
      },
      says<ValueError>("axis -1 of LayerNormalization is there twice"));
  EXPECT_THAT([] { LayerNormalization({.axis = Axes()}); },
              says<ValueError>("LayerNormalization: axis is empty"));
  EXPECT_THAT([] { LayerNormalization({.epsilon = NAN}); }, says<ValueError>("LayerNormalization: epsilon"));
  EXPECT_THAT([] { GroupNormalization({.groups = 0}); },
              says<ValueError>("GroupNormalization: groups must be positive or -1, got 0"));
  EXPECT_THAT([] { GroupNormalization({.groups = 3}).build({4}); },
              says<ShapeError>("group_normalization: 4 channels do not fall into 3 groups"));
  EXPECT_THAT([] { RMSNormalization({.axis = 5}).build({4}); },
              says<ShapeError>("rms_normalization: RMSNormalization has axis 5"));
  EXPECT_THAT([] { UnitNormalization({.axis = 0})(kX); }, says<ValueError>("is the batch's"));
}

TEST(Normalization, AdaptsToData) {
  const Normalization layer;
  EXPECT_TRUE(all_close(layer(kX).value(), kX)) << "nothing is known yet";
  layer.adapt(kX);
  EXPECT_TRUE(all_close(layer.weights()[0].value(), Tensor{4, 5}));
  EXPECT_TRUE(all_close(layer.weights()[1].value(), Tensor{5, 11}));
  EXPECT_EQ(layer.trainable_weights().size(), 0U);
  EXPECT_NEAR(layer(kX).value()(0, 1), -3 / std::sqrt(11), 1e-6);
  layer.adapt(Tensor{{0, 0}, {2, 4}});
  EXPECT_TRUE(all_close(layer(Tensor{{2, 4}}).value(), Tensor{{1, 1}}));
}

TEST(Normalization, KeepsAConstantColumnFinite) {
  const Normalization layer;
  layer.adapt(Tensor{{3, 1}, {3, 2}});
  EXPECT_TRUE(all_close(layer(Tensor{{3, 1}}).value(), Tensor{{0, -1}}));
}

TEST(Normalization, TakesOneMeanForAllAndGoesBack) {
  const Normalization all({.axis = Axes()});
  all.adapt(Tensor{{1, 2}, {3, 4}});
  EXPECT_EQ(all.weights()[0].shape(), Shape());
  EXPECT_NEAR(all(Tensor{{2.5, 4}}).value()(0, 1), 1.5 / std::sqrt(1.25), 1e-6);
  const Normalization back({.invert = true});
  back.adapt(kX);
  const Normalization forth;
  forth.adapt(kX);
  EXPECT_TRUE(all_close(back(forth(kX)).value(), kX));
}

TEST(Normalization, IsAdaptedBeforeItsModelIsBuilt) {
  const Normalization layer;
  layer.adapt(kX);
  const Sequential model({layer, Dense(1)}, {.dtype = DType::float64, .seed = 1});
  EXPECT_EQ(model.predict(kX, {.verbose = 0}).dtype(), DType::float64);
}

TEST(Normalization, RefusesWhatDoesNotFit) {
  EXPECT_THAT([] { Normalization({.mean = Tensor{1}}); },
              says<ValueError>("Normalization: give mean and variance, or neither"));
  EXPECT_THAT(
      [] {
        Normalization({.mean = Tensor{1}, .variance = Tensor{1, 2}});
      },
      says<ValueError>("Normalization: mean is [1], variance is [2]"));
  EXPECT_THAT([] { Normalization({.axis = Axes(), .mean = Tensor{1}, .variance = Tensor{1}}); },
              says<ValueError>("Normalization: mean is [1] for 0 axes"));
  const Normalization given({.mean = Tensor{1, 2, 3}, .variance = Tensor{1, 1, 1}});
  EXPECT_THAT([&] { given.build({2}); },
              says<ShapeError>("mean and variance are [3], the input's axes are [2]"));
  EXPECT_THAT([&] { given.adapt(kX); }, says<StateError>("'normalization' was given its mean and variance"));
  const Normalization layer;
  layer.build({2});
  EXPECT_THAT(
      [&] {
        layer.adapt(Tensor::zeros({2, 3}));
      },
      says<ShapeError>("was built for axes of extents [2], its input is (None, 3)"));
  EXPECT_THAT(
      [&] {
        layer.adapt(Tensor::zeros({0, 2}));
      },
      says<ValueError>("needs samples, the data is [0, 2]"));
  EXPECT_THAT([] { Normalization({.axis = 0}).build({2}); }, says<ValueError>("is the batch's"));
}

}  // namespace
}  // namespace gradus
