#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

TEST(Dense, RefusesWhatDoesNotFit) {
  EXPECT_THAT([] { Dense(0); }, says<ValueError>("Dense: units must be positive, got 0"));
  EXPECT_THAT([] { Dense(2, {.activation = "rellu"}); }, says<ValueError>("'rellu'", "did you mean 'relu'?"));
  EXPECT_THAT([] { Dense(2, {.kernel_initializer = "zeross"}); },
              says<ValueError>("'zeross'", "did you mean 'zeros'?"));
  EXPECT_THAT([] { Dense(2).build({}); }, says<ShapeError>("dense: Dense needs samples with features"));
  EXPECT_EQ(Dense(2, {.activation = "ReLU"}).get_config()["activation"].text(), "relu");
}

TEST(Dense, RefusesABiasOfAnotherWidthWhereItIsSet) {
  const Dense given(5, {.bias_initializer = Tensor{1, 2, 3, 4}});
  EXPECT_THAT([&] { given.build({3}); }, says<ShapeError>("[4]", "[5]"));
  EXPECT_FALSE(given.built());
  const Dense layer(5);
  layer.build({3});
  const Tensor before = layer.bias().value().clone();
  EXPECT_THAT(
      [&] {
        layer.set_weights({Tensor::zeros({3, 5}), Tensor::zeros({4})});
      },
      says<ShapeError>("'dense'", "'bias' is [5]", "[4]"));
  EXPECT_TRUE(identical(layer.bias().value(), before));
}

TEST(Dense, NamesBothSizesWhenAFlattenedImageChanges) {
  const Sequential model({Flatten(), Dense(2)}, {.seed = 1});
  model.build({3, 4});
  EXPECT_THAT([&] { model.layers()[1].output_shape({20}); },
              says<ShapeError>("dense: Dense was built for 12 features, its input is (None, 20)"));
  EXPECT_THAT(
      [&] {
        model(Tensor::zeros({1, 5, 4}));
      },
      says<ShapeError>("[1, 20]", "[12, 2]", "in sequential/dense"));
}

TEST(Dense, PassesRegularizersAndConstraintsOn) {
  const Dense layer(2, {.kernel_regularizer = "l2",
                        .bias_regularizer = L1(0.5),
                        .kernel_constraint = "non_neg",
                        .bias_constraint = MaxNorm({.max_value = 1})});
  layer.build({3});
  const auto weights = layer.weight_list();
  EXPECT_EQ(weights[0].regularizer.name(), "l2");
  EXPECT_EQ(weights[1].regularizer.name(), "l1");
  EXPECT_EQ(weights[0].constraint.name(), "non_neg");
  EXPECT_EQ(weights[1].constraint.name(), "max_norm");
}

TEST(Dense, DescribesItselfAsKerasDoes) {
  const Dense layer(3, {.activation = "relu",
                        .kernel_regularizer = L2(0.1),
                        .name = "mine",
                        .trainable = false,
                        .dtype = DType::float64});
  const Config config = layer.get_config();
  std::vector<std::string> names;
  for (const auto& [name, value] : config.values()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"name", "trainable", "dtype", "units", "activation", "use_bias",
                                             "kernel_initializer", "bias_initializer", "kernel_regularizer",
                                             "bias_regularizer", "activity_regularizer", "kernel_constraint",
                                             "bias_constraint"}));
  EXPECT_EQ(config["name"].text(), "mine");
  EXPECT_FALSE(config["trainable"].truth());
  EXPECT_EQ(config["dtype"].text(), "float64");
  EXPECT_EQ(config["units"].integer(), 3);
  EXPECT_EQ(config["kernel_initializer"].config()["class_name"].text(), "GlorotUniform");
  EXPECT_EQ(config["kernel_regularizer"].config().to_json(),
            object_config("L2", Config().set("l2", 0.1)).to_json());
  EXPECT_TRUE(config["bias_constraint"].is_null());
  EXPECT_THAT([] { Dense::from_config(Config()); }, says<ValueError>("Dense: its config has no 'units'"));
  EXPECT_THAT([] { Dense::from_config(Config().set("units", 2).set("use_bais", true)); },
              says<ValueError>("Dense: unknown option 'use_bais'", "did you mean 'use_bias'?"));
  EXPECT_THAT([] { Dense::from_config(Config().set("units", 2).set("use_bias", "yes")); },
              says<ValueError>("Dense: use_bias: config: a value must be a truth value, it is a text"));
  EXPECT_THAT([] { Dense(1, {.activation = [](const Operand& x) { return x * 2; }}).get_config(); },
              says<StateError>("activation"));
}

// Keras: the regularizer's value divided by the batch size.
TEST(ActivityRegularizer, AddsAMeanOverTheBatchToTheLoss) {
  const Tensor x = {{1, 2}, {3, 4}, {-1, 0}};
  const Tensor y = Tensor::zeros({3, 1});
  const auto loss_of = [&](const Layer& layer) {
    const Sequential model({layer, Dense(1, {.kernel_initializer = "zeros"})});
    model.compile(
        {.optimizer = "sgd", .loss = [](const Operand& a, const Operand& b) { return mean(a * b); }});
    const double training = model.train_on_batch(x, y).loss;
    EXPECT_EQ(training, model.test_on_batch(x, y).loss);
    return training;
  };
  // |x| sums to 11, x^2 to 31.
  EXPECT_NEAR(loss_of(ActivityRegularization({.l1 = 0.5, .l2 = 0.1})), (5.5 + 3.1) / 3, 1e-6);
  EXPECT_EQ(loss_of(ActivityRegularization()), 0);
  const Dense dense(2, {.kernel_initializer = IdentityInitializer(),
                        .activity_regularizer = [](const Operand& v) { return sum(v); },
                        .trainable = false});
  EXPECT_NEAR(loss_of(dense), 9.0 / 3, 1e-6);
  EXPECT_THAT([] { ActivityRegularization({.l1 = -1}); },
              says<ValueError>("l1 must be finite and not negative"));
}

TEST(Embedding, LooksRowsUpAndRefusesWhatIsNone) {
  const Embedding layer(3, 2, {.weights = Tensor{{1, 2}, {3, 4}, {5, 6}}});
  const Tensor y = layer(Tensor{{2, 0}}).value();
  EXPECT_TRUE(identical(y, Tensor{{{5, 6}, {1, 2}}}));
  EXPECT_EQ(layer.embeddings().shape(), (Shape{3, 2}));
  EXPECT_THAT([&] { layer(Tensor{{3}}); }, says<ValueError>("3", "in embedding"));
  EXPECT_THROW(layer(Tensor{{0.5}}), Error);
  EXPECT_THAT([] { Embedding(0, 2); }, says<ValueError>("Embedding: input_dim must be positive, got 0"));
  EXPECT_THAT([] { Embedding(2, -1); }, says<ValueError>("Embedding: output_dim must be positive, got -1"));
  EXPECT_THAT(
      [] {
        Embedding(2, 2, {.weights = Tensor::zeros({2, 3})});
      },
      says<ShapeError>("Embedding: weights must be [2, 2], got [2, 3]"));
  EXPECT_THAT([] { Embedding(2, 2).embeddings(); }, says<StateError>("'embedding' is not built yet"));
}

TEST(Embedding, MakesAMaskOfWhatIsNotZero) {
  const Embedding layer(4, 1, {.mask_zero = true});
  const Tensor x = Tensor({{1, 0, 3}, {0, 0, 2}}, DType::int64);
  layer.build({3});
  const std::vector<Masked> out = layer.kind().call_masked({x}, {});
  EXPECT_EQ(out[0].mask.dtype(), DType::boolean);
  EXPECT_EQ(out[0].mask.to_vector<int>(), (std::vector<int>{1, 0, 1, 0, 0, 1}));
  EXPECT_FALSE(Embedding(4, 1).kind().makes_mask());
}

TEST(Embedding, HandsItsMaskThroughToTheMeanOfTheSteps) {
  const Sequential model(
      {Embedding(5, 2, {.mask_zero = true, .weights = Tensor{{9, 9}, {1, 2}, {3, 4}, {5, 6}, {7, 8}}}),
       Dropout(0.5), GlobalAveragePooling1D()});
  model.build({3});
  const Tensor y = model.predict(Tensor{{1, 0, 2}, {4, 0, 0}}, {.verbose = 0});
  EXPECT_TRUE(all_close(y, Tensor{{2, 3}, {7, 8}}));
}

TEST(Softmax, RefusesAMaskThatDoesNotFit) {
  const Softmax layer;
  const Tensor x = Tensor::zeros({2, 3});
  EXPECT_THAT(
      [&] {
        layer(x, {.mask = {Tensor::ones({2, 2}, DType::boolean)}});
      },
      says<ShapeError>("softmax: the mask [2, 2] does not broadcast to the input [2, 3]"));
  EXPECT_THAT([] { Softmax({.axis = 3}).output_shape({2}); },
              says<ShapeError>("softmax: Softmax has axis 3, its input is (None, 2)"));
  EXPECT_THAT([] { Softmax({.axis = Axes()}); }, says<ValueError>("Softmax: axis is empty"));
}

TEST(Rectifiers, RefuseOptionsThatMakeNoSense) {
  EXPECT_THAT([] { ReLU({.max_value = -1}); },
              says<ValueError>("ReLU: max_value must be finite and not negative, got -1.0"));
  EXPECT_THAT([] { ReLU({.negative_slope = NAN}); }, says<ValueError>("ReLU: negative_slope"));
  EXPECT_THAT([] { LeakyReLU({.negative_slope = -0.1}); }, says<ValueError>("LeakyReLU: negative_slope"));
  EXPECT_THAT([] { ELU({.alpha = INFINITY}); }, says<ValueError>("ELU: alpha"));
  EXPECT_THAT([] { PReLU({.shared_axes = 0}).build({3}); },
              says<ValueError>("p_re_lu: axis 0 of PReLU is the batch's"));
  EXPECT_THAT(
      [] {
        PReLU({.shared_axes = {1, 1}}).build({3});
      },
      says<ValueError>("axis 1 of PReLU is there twice"));
}

TEST(Reshaping, RefusesWhatDoesNotFit) {
  EXPECT_THAT(
      [] {
        Reshape({-1, -1});
      },
      says<ValueError>("Reshape: target_shape has extents of 0 or more and at most one -1", "[-1, -1]"));
  EXPECT_THAT(
      [] {
        Reshape({4, 2}).output_shape({6});
      },
      says<ShapeError>("reshape: samples of (None, 6) do not fit target_shape [4, 2]"));
  EXPECT_THAT(
      [] {
        Reshape({-1, 4}).output_shape({6});
      },
      says<ShapeError>("do not fit target_shape [-1, 4]"));
  EXPECT_EQ(Reshape({2, 3})(Tensor::zeros({0, 6})).shape(), (Shape{0, 2, 3}));
  EXPECT_THAT(
      [] {
        Permute({2, 2});
      },
      says<ValueError>("Permute: dims must be 1 to 2 in some order, got [2, 2]"));
  EXPECT_THAT(
      [] {
        Permute({2, 1}).output_shape({3});
      },
      says<ShapeError>("permute: Permute takes samples of 2 axes"));
  EXPECT_THAT([] { RepeatVector(0); }, says<ValueError>("RepeatVector: n must be positive, got 0"));
  EXPECT_THAT(
      [] {
        RepeatVector(2)(Tensor::zeros({1, 2, 3}));
      },
      says<ShapeError>("repeat_vector: RepeatVector takes samples [features], its input is (None, 2, 3)"));
}

TEST(Rescaling, TakesIntegers) {
  const Tensor y = Rescaling(1.0 / 255)(Tensor({{0, 255}}, DType::int32)).value();
  EXPECT_EQ(y.dtype(), DType::float32);
  EXPECT_TRUE(all_close(y, Tensor{{0, 1}}));
  EXPECT_THAT([] { Rescaling(NAN); }, says<ValueError>("Rescaling: scale must be finite"));
}

TEST(Lambda, RunsAFunctionAndHasNoDescription) {
  const Lambda layer([](const Operand& x) { return x * 2; });
  EXPECT_TRUE(identical(layer(Tensor{{1, 2}}).value(), Tensor{{2, 4}}));
  EXPECT_EQ(layer.output_shape({3}), (Shape{3}));
  EXPECT_EQ(Lambda([](const Operand& x) { return sum(x, {.axis = 1}); }).output_shape({3, 4}), (Shape{4}));
  EXPECT_EQ(Lambda([](const Operand& x) { return x * 1; }, {.output_shape = {7}}).output_shape({3}),
            (Shape{7}));
  EXPECT_THAT([&] { layer.get_config(); },
              says<StateError>("'lambda' cannot be described: a Lambda holds a function"));
  EXPECT_THAT([] { Lambda(nullptr); }, says<ValueError>("Lambda: the function is empty"));
}

TEST(EinsumDense, RefusesEquationsThatMeanNothing) {
  for (const char* equation : {"ab,bc", "ab->ac", "ab,bc->", "a1,bc->ac", "...ab,bc->ac", "ab,...bc->ac"}) {
    EXPECT_THAT([&] { EinsumDense(equation, 3); }, says<ValueError>("must be of the form", equation));
  }
  EXPECT_THAT([] { EinsumDense("ab,bc->ad", 3); }, says<ValueError>("'d' of the output is neither"));
  EXPECT_THAT([] { EinsumDense("ab,bx->ab", 3); }, says<ValueError>("'x' of the kernel is neither"));
  EXPECT_THAT(
      [] {
        EinsumDense("abc,cd->abd", 3).build({2, 3});
      },
      says<ValueError>("einsum_dense: equation 'abc,cd->abd' needs an output_shape of 2 extents, got [3]"));
  EXPECT_THAT(
      [] {
        EinsumDense("abc,cd->abd", {4, 3}).build({2, 3});
      },
      says<ShapeError>("axis 'b' of equation 'abc,cd->abd' is 2 in the input, 4 in output_shape"));
  EXPECT_THAT(
      [] {
        EinsumDense("abc,cd->abd", {2, -1}).build({2, 3});
      },
      says<ValueError>("axis 'd' of equation", "output_shape must give its extent"));
  EXPECT_THAT(
      [] {
        EinsumDense("ab,bc->ac", 3).build({2, 3});
      },
      says<ShapeError>("equation 'ab,bc->ac' does not fit the input (None, 2, 3)"));
  EXPECT_THAT([] { EinsumDense("ab,bc->ac", 3, {.bias_axes = "x"}).build({2}); },
              says<ValueError>("bias axis 'x' is not in a sample of the output"));
}

}  // namespace
}  // namespace gradus
