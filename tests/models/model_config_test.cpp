#include <gradus/graph/error.h>
#include <gradus/models/layer_registry.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/sequential.h>
#include <gradus/ops/elementwise.h>

#include <gtest/gtest.h>

#include "says.h"

namespace gradus {
namespace {

using testing_data::says;

// Another model from the config's text computes the same with the same weights.
void expect_comes_back(const Model& model, const Tensors& x) {
  const std::string text = model.get_config().to_json();
  const Model back = Model::from_config(Config::from_json(text));
  EXPECT_EQ(back.get_config().to_json(), text);
  ASSERT_TRUE(back.built());
  back.set_weights(model.get_weights());
  const Tensors expected = model.predict_all(x, {.verbose = 0}), got = back.predict_all(x, {.verbose = 0});
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(identical(got[i], expected[i]));
}

TEST(ModelConfig, ASequentialComesBack) {
  Sequential model({.name = "net", .seed = 1});
  model.add(Dense(3, {.activation = "tanh", .kernel_initializer = HeNormal(), .input_dim = 2}));
  model.add(Dense(1, {.use_bias = false, .name = "out", .trainable = false}));
  expect_comes_back(model, Random(1).normal({4, 2}));
  EXPECT_EQ(clone_model(model).non_trainable_weights().size(), 1U);
}

TEST(ModelConfig, AnUnbuiltSequentialStaysUnbuilt) {
  Sequential model;
  model.add(Dense(3));
  const Model back = Model::from_config(model.get_config());
  EXPECT_FALSE(back.built());
  EXPECT_EQ(back.layers().size(), 1U);
}

TEST(ModelConfig, AGraphWithSharedLayersAndTwoHeadsComesBack) {
  const Input a({3}, {.name = "a"}), b({3}, {.name = "b"});
  const Dense shared(4, {.activation = "relu"});
  const Symbol joined = Concatenate()({shared(a), shared(b)});
  const Model model({a, b}, {Dense(1, {.name = "p"})(joined), Add()({shared(a), shared(b) * shared(b)})},
                    {.seed = 2});
  expect_comes_back(model, {Random(1).normal({2, 3}), Random(2).normal({2, 3})});
}

TEST(ModelConfig, AModelInAModelComesBack) {
  Sequential inner({.name = "inner"});
  inner.add(Dense(2, {.input_dim = 3}));
  Sequential outer;
  outer.add(inner);
  outer.add(Dense(1));
  expect_comes_back(outer, Random(1).normal({2, 3}));
}

TEST(ModelConfig, SaysWhatCannotBeDescribed) {
  struct Own : Layer::Kind {
    Variable call(const Operand& x, CallOptions) override { return x.variable(); }
  };
  Sequential model;
  model.add(Own());
  EXPECT_THAT([&] { static_cast<void>(model.get_config()); },
              says<StateError>("'own' cannot be described", "get_config"));
  EXPECT_THAT(
      [&] {
        static_cast<void>(Dense(1, {.activation = [](const Operand& x) { return x * 2; }}).get_config());
      },
      says<StateError>("function"));
}

TEST(ModelConfig, RefusesConfigsThatDescribeNothing) {
  const auto layer = [](const char* text) {
    return [text] { static_cast<void>(deserialize_layer(Config::from_json(text))); };
  };
  EXPECT_THAT(layer(R"({"class_name": "Dens", "config": {}})"),
              says<ValueError>("unknown layer class 'Dens'", "did you mean 'Dense'"));
  EXPECT_THAT(layer(R"({"class_name": "Dense", "config": {}})"), says<ValueError>("Dense", "no 'units'"));
  EXPECT_THAT(layer(R"({"class_name": "Dense", "config": {"units": "four"}})"),
              says<ValueError>("whole number"));
  EXPECT_THAT(layer(R"({"class_name": "Dense", "config": {"units": -4}})"),
              says<ValueError>("units must be positive"));
  EXPECT_THAT(layer(R"({"class_name": "Dense", "config": {"units": 4, "unit": 3}})"),
              says<ValueError>("unknown option 'unit'"));
  const auto model = [](const char* layers, const char* outputs) {
    return [=] {
      static_cast<void>(Model::from_config(Config::from_json(
          R"({"name": "m", "layers": [{"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 2]}, "name": "in", "inbound_nodes": []})" +
          std::string(layers) + R"(], "input_layers": [["in", 0, 0]], "output_layers": )" + outputs + "}")));
    };
  };
  EXPECT_THAT(model("", R"([["out", 0, 0]])"),
              says<ValueError>("output_layers names a value that no layer gives"));
  EXPECT_THAT(
      model(
          R"(, {"class_name": "Dense", "config": {"name": "d", "units": 1}, "name": "d", "inbound_nodes": [{"args": [["d", 0, 0]], "kwargs": {}}]})",
          R"([["d", 0, 0]])"),
      says<ValueError>("'d' takes a value that no layer gives"));
}

TEST(ModelConfig, AGraphInASequentialComesBack) {
  const Input in({3});
  const Model graph({in}, {Dense(2)(in)});
  Sequential outer;
  outer.add(graph);
  outer.add(Dense(1));
  expect_comes_back(outer, Random(1).normal({2, 3}));
}

}  // namespace
}  // namespace gradus
