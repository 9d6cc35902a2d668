// Attention, AdditiveAttention, MultiHeadAttention and GroupQueryAttention.

#include <gradus/graph/error.h>
#include <gradus/models/layers/attention.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/masking.h>
#include <gradus/models/layers/multi_head_attention.h>
#include <gradus/models/model.h>
#include <gradus/models/sequential.h>
#include <gradus/models/symbol.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gtest/gtest.h>

#include "../says.h"
#include "reference_cases.h"

namespace gradus {
namespace {

using testing_data::says;

Tensor sequences(std::int64_t time = 5, std::uint64_t seed = 3) { return Random(seed).normal({2, time, 6}); }

TEST(AttentionLayers, AgreeWithPyTorch) { testing_data::expect_cases("attention.json"); }

TEST(MultiHeadAttention, HasKerasWeights) {
  const MultiHeadAttention layer(2, 3, {.value_dim = 4, .use_gate = true});
  layer({sequences(), sequences(4)});
  std::vector<std::string> paths;
  for (const Weight& weight : layer.weight_list()) {
    paths.push_back(weight.path + " " + to_string(weight.parameter.shape()));
  }
  EXPECT_EQ(paths,
            (std::vector<std::string>{"query/kernel [6, 2, 3]", "query/bias [2, 3]", "key/kernel [6, 2, 3]",
                                      "key/bias [2, 3]", "gate/kernel [6, 2, 4]", "gate/bias [2, 4]",
                                      "value/kernel [6, 2, 4]", "value/bias [2, 4]",
                                      "attention_output/kernel [2, 4, 6]", "attention_output/bias [6]"}));
  EXPECT_EQ(layer.name(), "multi_head_attention");
  EXPECT_EQ(GroupQueryAttention(3, 4, 2).name(), "grouped_query_attention");
}

TEST(MultiHeadAttention, GivesTheBiasToAQueryThatMayAttendNothing) {
  for (const bool scores : {false, true}) {
    const MultiHeadAttention layer(
        2, 3, {.bias_initializer = Constant(0.5), .seed = 1, .return_attention_scores = scores});
    const Tensor none = Tensor::zeros({2, 5}, DType::boolean);
    const Tensor y = layer({sequences(), sequences()}, {.mask = {Tensor(), none}}).value();
    EXPECT_TRUE(identical(y, Tensor::full({2, 5, 6}, 0.5)));
  }
}

TEST(MultiHeadAttention, TakesAMaskWithoutABatch) {
  const MultiHeadAttention layer(2, 3, {.seed = 1});
  const Tensor lower = Tensor(
      {{1, 0, 0, 0, 0}, {1, 1, 0, 0, 0}, {1, 1, 1, 0, 0}, {1, 1, 1, 1, 0}, {1, 1, 1, 1, 1}}, DType::boolean);
  const Tensor expected = layer({sequences(), sequences()}, {.use_causal_mask = true}).value();
  EXPECT_TRUE(all_close(layer({sequences(), sequences()}, {.attention_mask = lower}).value(), expected,
                        {.atol = 1e-6}));
}

TEST(MultiHeadAttention, DropsWeightsInTrainingOnly) {
  const MultiHeadAttention layer(2, 3, {.dropout = 0.5, .seed = 1, .return_attention_scores = true});
  const auto run = [&](bool training) {
    return layer.call_all({sequences(), sequences()}, {.training = training});
  };
  const std::vector<Variable> still = run(false), dropped = run(true);
  EXPECT_TRUE(identical(still[0].value(), run(false)[0].value()));
  EXPECT_FALSE(all_close(still[0].value(), dropped[0].value(), {.atol = 1e-3}));
  EXPECT_TRUE(identical(still[1].value(), dropped[1].value()));  // the scores are those before dropout
}

TEST(MultiHeadAttention, HeedsMasksOfAModelAndHandsTheQuerysOn) {
  const auto net = [](std::int64_t time) {
    const Symbol in = Input({time, 6});
    const Symbol masked = Masking()(in);
    const Symbol attended = MultiHeadAttention(2, 3)({masked, masked});
    return Model({in}, {Attention()({attended, attended})}, {.seed = 1});
  };
  Tensor x = sequences();
  for (std::int64_t i = 0; i < 2; ++i) {
    for (std::int64_t k = 0; k < 6; ++k) x.set({i, 4, k}, 0);
  }
  const Model longer = net(5), shorter = net(4);
  longer.set_weights(shorter.get_weights());
  Tensor four = Tensor::zeros({2, 4, 6});
  for (std::int64_t i = 0; i < 2; ++i) {
    for (std::int64_t t = 0; t < 4; ++t) {
      for (std::int64_t k = 0; k < 6; ++k) four.set({i, t, k}, x(i, t, k));
    }
  }
  const Tensor y = longer.predict(x, {.verbose = 0}), expected = shorter.predict(four, {.verbose = 0});
  for (std::int64_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(all_close(y[i].rows(0, 4), expected[i], {.atol = 1e-6}));
    EXPECT_TRUE(identical(y[i].rows(4, 5), Tensor::zeros({1, 6})));
  }
}

TEST(MultiHeadAttention, TakesSymbolsAndOptionsOfACall) {
  const Symbol in = Input({5, 6});
  const MultiHeadAttention layer(2, 3, {.output_shape = 4, .return_attention_scores = true});
  const std::vector<Symbol> outputs = layer.call_all(std::vector<Symbol>{in, in}, {.use_causal_mask = true});
  EXPECT_EQ(outputs[0].shape(), (Shape{5, 4}));
  EXPECT_EQ(outputs[1].shape(), (Shape{2, 5, 5}));
  const Model model({in}, outputs, {.seed = 1});
  const Tensors results = model.predict_all(sequences(), {.verbose = 0});
  const std::vector<Variable> expected =
      layer.call_all({sequences(), sequences()}, {.use_causal_mask = true});
  EXPECT_TRUE(all_close(results[0], expected[0].value(), {.atol = 1e-6}));
  EXPECT_TRUE(all_close(results[1], expected[1].value(), {.atol = 1e-6}));
  EXPECT_EQ(results[1](0, 1, 0, 1), 0);
}

TEST(AttentionLayers, FlowThroughEmptyBatchesAndOneKey) {
  const Tensor none = Tensor::zeros({0, 5, 6});
  EXPECT_EQ(MultiHeadAttention(2, 3)({none, none}).shape(), (Shape{0, 5, 6}));
  EXPECT_EQ(Attention()({none, none}).shape(), (Shape{0, 5, 6}));
  const Tensor one = sequences(1);
  const Tensor y = Attention()({sequences(), one}).value();
  for (std::int64_t t = 0; t < 5; ++t) EXPECT_TRUE(all_close(y[0].rows(t, t + 1), one[0], {.atol = 1e-6}));
}

TEST(AttentionLayers, DropInTrainingOnly) {
  for (const Layer& layer : {Layer(Attention({.dropout = 0.5, .seed = 1})),
                             Layer(AdditiveAttention({.dropout = 0.5, .seed = 1}))}) {
    const Tensor still = layer({sequences(), sequences()}).value();
    EXPECT_TRUE(identical(still, layer({sequences(), sequences()}).value()));
    const Tensor dropped = layer({sequences(), sequences()}, {.training = true}).value();
    EXPECT_FALSE(all_close(still, dropped, {.atol = 1e-3}));
  }
}

TEST(AttentionErrors, SayWhatIsWrong) {
  const Tensor x = sequences();
  EXPECT_THAT([] { MultiHeadAttention(0, 3); }, says<ValueError>("num_heads must be positive, got 0"));
  EXPECT_THAT([] { MultiHeadAttention(2, -1); }, says<ValueError>("key_dim must be positive, got -1"));
  EXPECT_THAT([] { MultiHeadAttention(2, 3, {.value_dim = 0}); },
              says<ValueError>("value_dim must be positive"));
  EXPECT_THAT([] { MultiHeadAttention(2, 3, {.dropout = 1}); },
              says<ValueError>("dropout must be in [0, 1)"));
  EXPECT_THAT([] { Attention({.dropout = -0.1}); }, says<ValueError>("dropout must be in [0, 1), got -0.1"));
  EXPECT_THAT([] { Attention({.score_mode = "dots"}); },
              says<ValueError>("unknown score_mode 'dots'", "did you mean 'dot'"));
  EXPECT_THAT([] { GroupQueryAttention(3, 4, 3); },
              says<ValueError>("num_query_heads 4 must be divisible by num_key_value_heads 3"));
  EXPECT_THAT([&] { MultiHeadAttention(2, 3)(x); },
              says<ValueError>("takes {query, value} or {query, value, key}, got 1 input"));
  EXPECT_THAT([&] { Attention()({x, x, x, x}); }, says<ValueError>("got 4 inputs"));
  EXPECT_THAT(
      [&] {
        Attention()({Tensor::zeros({2, 6}), x});
      },
      says<ShapeError>("Attention needs [batch, time, features], got (None, 6)"));
  EXPECT_THAT(
      [&] {
        Attention()({x, x, sequences(4)});
      },
      says<ShapeError>("key (None, 4, 6) and value (None, 5, 6) must be equally long"));
  EXPECT_THAT([&] { Attention()({x, Tensor::zeros({2, 5, 4})}); }, says<ShapeError>("equally many features"));
  EXPECT_THAT(
      [&] {
        MultiHeadAttention(2, 3, {.attention_axes = {2}})({x, x});
      },
      says<ValueError>("attention_axes cannot choose among them"));
  EXPECT_THAT(
      [&] {
        MultiHeadAttention(2, 3)({x, x}, {.attention_mask = Tensor::ones({2, 5, 5})});
      },
      says<DTypeError>("the attention_mask must be boolean, got float32"));
  EXPECT_THAT(
      [&] {
        MultiHeadAttention(2, 3)({x, x}, {.attention_mask = Tensor::ones({2, 5, 4}, DType::boolean)});
      },
      says<ShapeError>("the attention_mask must be [2, 5, 5], got [2, 5, 4]"));
  EXPECT_THAT(
      [&] {
        Attention()({x, x}, {.mask = {Tensor(), Tensor::ones({2, 4}, DType::boolean)}});
      },
      says<ShapeError>("the mask of the value must be [2, 5], got [2, 4]"));
  const Tensor images = Tensor::zeros({2, 3, 4, 6});
  EXPECT_EQ(MultiHeadAttention(2, 3)({images, images}).shape(), (Shape{2, 3, 4, 6}));
  EXPECT_THAT(
      [&] {
        MultiHeadAttention(2, 3)({images, images}, {.use_causal_mask = true});
      },
      says<ShapeError>("masks need [batch, time, features], the query is [2, 3, 4, 6]"));
}

TEST(AttentionErrors, OtherFeaturesThanItWasBuiltForAreAnError) {
  const MultiHeadAttention layer(2, 3);
  layer({sequences(), sequences()});
  EXPECT_THAT([&] { layer({Tensor::zeros({2, 5, 4}), sequences()}); }, says<ShapeError>("[2, 5, 4]"));
  EXPECT_EQ(layer({sequences(), sequences()}).shape(), (Shape{2, 5, 6}));
}

}  // namespace
}  // namespace gradus
