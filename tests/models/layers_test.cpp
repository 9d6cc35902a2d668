#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/models/layer_names.h>
#include <gradus/models/layers/activation.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/models/layers/flatten.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example_data.h"

namespace gradus {

struct Scale : Layer::Kind {
  void build(const Shape& input) override {
    gain = add_weight("gain", {input.back()}, {.initializer = "ones"});
  }
  Variable call(const Operand& x, CallOptions) override { return x * gain; }
  Parameter gain;
};

namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Dense, ComputesItsFormula) {
  const Dense layer(2, {.bias_initializer = "ones", .seed = 1});
  const Tensor x = {{1, 2, 3}, {4, 5, 6}};
  const Variable y = layer(x);
  EXPECT_EQ(layer.kernel().shape(), (Shape{3, 2}));
  EXPECT_TRUE(all_close(y.value(), (matmul(x, layer.kernel()) + 1).value()));
  EXPECT_EQ(Dense(2, {.use_bias = false, .input_dim = 3}).weights().size(), 0U);
  const Dense free(2, {.use_bias = false});
  free(x);
  EXPECT_EQ(free.weights().size(), 1U);
  EXPECT_THAT([&] { free.bias(); }, ThrowsMessage<StateError>(HasSubstr("'dense' has no bias")));
  EXPECT_THAT([&] { Dense(2).kernel(); }, ThrowsMessage<StateError>(HasSubstr("not built yet")));
}

TEST(Dense, WorksOnTheLastAxisOfAnyRank) {
  const Dense layer(4);
  EXPECT_EQ(layer(Tensor::zeros({5, 3, 2})).shape(), (Shape{5, 3, 4}));
  EXPECT_EQ(layer.output_shape({3, 2}), (Shape{3, 4}));
}

TEST(Dense, TakesActivationsByNameByOpAndByFunction) {
  const Tensor x = {{-1, 2}};
  const auto run = [&](ActivationFunction activation) {
    return Dense(2, {.activation = std::move(activation), .kernel_initializer = IdentityInitializer()})(x)
        .value();
  };
  EXPECT_TRUE(identical(run("relu"), Tensor{{0, 2}}));
  EXPECT_TRUE(identical(run(relu), Tensor{{0, 2}}));
  EXPECT_TRUE(identical(run(softmax), run("softmax")));
  EXPECT_TRUE(identical(run(tanh), run("tanh")));
  EXPECT_TRUE(identical(run([](const Operand& v) { return v * 3; }), Tensor{{-3, 6}}));
  EXPECT_TRUE(identical(run("linear"), Tensor{{-1, 2}}));
  EXPECT_TRUE(identical(run("exponential"), exp(x).value()));
  EXPECT_TRUE(identical(run("log_softmax"), log_softmax(x).value()));
  EXPECT_TRUE(identical(run("sigmoid"), sigmoid(x).value()));
}

TEST(Dense, DrawsTheSameWeightsFromTheSameSeed) {
  const auto kernel = [](std::uint64_t seed) { return Dense(3, {.input_dim = 4, .seed = seed}); };
  const Dense a = kernel(1), b = kernel(1), c = kernel(2);
  for (const Dense& layer : {a, b, c}) layer.build({4});
  EXPECT_TRUE(identical(a.kernel().value(), b.kernel().value()));
  EXPECT_FALSE(identical(a.kernel().value(), c.kernel().value()));
}

TEST(Layer, OfOnesOwnIsBuiltCalledAndTrained) {
  Layer scale = Scale();
  EXPECT_EQ(scale.name(), "scale");
  EXPECT_TRUE(identical(scale(Tensor{{2, 3}}).value(), Tensor{{2, 3}}));
  EXPECT_EQ(scale.as<Scale>().gain.shape(), (Shape{2}));
  EXPECT_THAT([&] { Dense(1).as<Scale>(); },
              ThrowsMessage<StateError>(HasSubstr("'dense' is a Dense, not a Scale")));

  Sequential model({Scale(), Dense(1)}, {.seed = 1});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const auto [x, y] = testing_data::sums(32);
  const History history = model.fit(x, y, {.epochs = 100, .verbose = 0});
  EXPECT_LT(history["loss"].back(), 0.2 * history["loss"].front());
  EXPECT_FALSE(identical(model.layers()[0].as<Scale>().gain.value(), Tensor::ones({2})));
}

TEST(Layer, NamesItselfAndTheLineInErrors) {
  const Layer scale = Scale();
  scale.build({3});
  EXPECT_THAT(
      [&] {
        scale(Tensor::zeros({1, 2}));
      },
      ThrowsMessage<ShapeError>(testing::AllOf(HasSubstr("multiply"), HasSubstr("layers_test.cpp:"),
                                               HasSubstr("in scale"), HasSubstr("'scale/gain'"))));
}

TEST(Layer, GivesGradientsOfItsWeights) {
  const Dense layer(1, {.kernel_initializer = "ones"});
  const Variable y = sum(layer(Tensor{{1, 2}, {3, 4}}));
  const auto gradient = gradients(y, layer.weights());
  EXPECT_TRUE(identical(gradient[0].value(), Tensor{{4}, {6}}));
  EXPECT_TRUE(identical(gradient[1].value(), Tensor{2}));
}

TEST(Layer, ThatFailsToBuildCanBeBuiltAgain) {
  struct Picky : Layer::Kind {
    void build(const Shape& input) override {
      add_weight("a", {input.back()});
      if (input.back() != 2) throw ValueError("not two");
    }
    Variable call(const Operand& x, CallOptions) override { return x.variable(); }
  };
  const Layer layer = Picky();
  EXPECT_THROW(layer.build({3}), ValueError);
  EXPECT_FALSE(layer.built());
  layer.build({2});
  EXPECT_EQ(layer.count_params(), 2);
}

TEST(Dropout, KeepsTheMeanAndDropsTheShareAskedFor) {
  const Dropout layer(0.25, {.seed = 3});
  const Tensor x = Tensor::ones({100, 100});
  const Tensor y = layer(x, {.training = true}).value();
  int dropped = 0;
  for (const float value : y.values<float>()) {
    EXPECT_TRUE(value == 0 || value == 4.0F / 3);
    if (value == 0) ++dropped;
  }
  EXPECT_NEAR(dropped, 2500, 200);
  EXPECT_FALSE(identical(y, layer(x, {.training = true}).value())) << "each call draws anew";
  EXPECT_TRUE(identical(y, Dropout(0.25, {.seed = 3})(x, {.training = true}).value()));
  EXPECT_TRUE(identical(layer(x).value(), x));
}

TEST(Dropout, OfRateOneGivesZerosAndOfRateZeroNothing) {
  const Tensor x = {{1, 2}, {3, 4}};
  EXPECT_TRUE(identical(Dropout(1)(x, {.training = true}).value(), Tensor::zeros({2, 2})));
  EXPECT_TRUE(identical(Dropout(0)(x, {.training = true}).value(), x));
}

TEST(Dropout, SharesOneDrawAlongAnAxisOfTheNoise) {
  const Dropout layer(0.5, {.noise_shape = {-1, 1}, .seed = 1});
  const Tensor y = layer(Tensor::ones({50, 4}), {.training = true}).value();
  for (std::int64_t i = 0; i < 50; ++i) {
    for (std::int64_t j = 1; j < 4; ++j) EXPECT_EQ(y(i, j), y(i, 0));
  }
  EXPECT_THAT(
      [] {
        Dropout(0.5, {.noise_shape = {3, 1}})(Tensor::ones({2, 4}), {.training = true});
      },
      ThrowsMessage<ShapeError>(HasSubstr("dropout: noise_shape [3, 1] does not fit: x is [2, 4]")));
}

TEST(Flatten, JoinsAllAxesButTheBatch) {
  const Flatten layer;
  EXPECT_EQ(layer(Tensor::zeros({2, 3, 4})).shape(), (Shape{2, 12}));
  EXPECT_EQ(layer(Tensor::zeros({0, 3, 4})).shape(), (Shape{0, 12}));
  EXPECT_EQ(layer(Tensor::zeros({5})).shape(), (Shape{5, 1}));
  EXPECT_EQ(layer.output_shape({3, 4}), (Shape{12}));
}

TEST(Sequential, CallsItsLayersInOrderAndNests) {
  Sequential inner({Dense(3, {.activation = "relu"})}, {.name = "inner"});
  Sequential model({inner, Dense(1), Dense(1)}, {.seed = 1});
  model.build({2});
  EXPECT_EQ(model.layers()[0].name(), "inner");
  EXPECT_EQ(model.weights().size(), 6U);
  EXPECT_EQ(model.weight_list()[0].path, "inner/dense/kernel");
  EXPECT_EQ(model.weight_list()[4].path, "dense_1/kernel");
  const Tensor x = {{1, 2}};
  EXPECT_TRUE(identical(model(x).value(), model.layers()[2](model.layers()[1](inner(x))).value()));
}

TEST(Sequential, OfOneSequentialIsThatSequential) {
  const Sequential one({Dense(1, {.input_dim = 2})});
  const Sequential same({one});
  EXPECT_TRUE(one.is(same));
  const Sequential outer({one}, {.name = "outer"});
  EXPECT_FALSE(one.is(outer));
  EXPECT_EQ(outer.layers().size(), 1U);
}

TEST(Sequential, PopTakesTheLastLayerOff) {
  Sequential model({Dense(3, {.input_dim = 2}), Dense(1)}, {.seed = 1});
  model.pop();
  EXPECT_EQ(model.predict(Tensor::zeros({4, 2}), {.verbose = 0}).shape(), (Shape{4, 3}));
  model.add(Dense(2));
  EXPECT_EQ(model.predict(Tensor::zeros({4, 2}), {.verbose = 0}).shape(), (Shape{4, 2}));
}

TEST(Sequential, ThatFailsToBuildCanBeBuiltForAnotherShape) {
  Sequential model({Dense(3), Dense(1, {.input_dim = 4})}, {.seed = 1});
  EXPECT_THROW(model.build({2}), ShapeError);
  EXPECT_FALSE(model.built());
  model.pop();
  model.build({5});
  EXPECT_EQ(model.count_params(), 18);
}

TEST(LayerNames, FollowKeras) {
  EXPECT_EQ(snake_case("Dense"), "dense");
  EXPECT_EQ(snake_case("BatchNormalization"), "batch_normalization");
  EXPECT_EQ(snake_case("MaxPooling2D"), "max_pooling2d");
  EXPECT_EQ(snake_case("Conv2DTranspose"), "conv2d_transpose");
  EXPECT_EQ(snake_case("ReLU"), "re_lu");
  EXPECT_EQ(snake_case("LSTM"), "lstm");
  EXPECT_EQ(snake_case("ELU"), "elu");
}

}  // namespace
}  // namespace gradus
