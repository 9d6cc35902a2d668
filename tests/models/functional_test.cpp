#include <gradus/models/functional.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/sequential.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>

#include <gtest/gtest.h>

#include "says.h"

namespace gradus {
namespace {

using testing_data::says;

Tensor numbers(const Shape& shape, std::uint64_t seed) { return Random(seed).normal(shape); }

// in -> a (4) -> out (1) with a residual: out = w2 (h + tanh'(h)).
Model residual(std::uint64_t seed = 7) {
  const Input in({4});
  const Symbol h = Dense(4, {.activation = "tanh", .name = "hidden"})(in);
  const Symbol sum = Add()({in, h});
  return Model({in}, {Dense(1, {.name = "out"})(sum)}, {.seed = seed});
}

TEST(Functional, ComputesWhatItsLayersDo) {
  const Model model = residual();
  const std::vector<Tensor> w = model.get_weights();
  ASSERT_EQ(w.size(), 4U);
  const Tensor x = numbers({5, 4}, 1);
  const Variable h = tanh(matmul(x, w[0]) + w[1]);
  const Variable expected = matmul(h + x, w[2]) + w[3];
  EXPECT_TRUE(all_close(model.predict(x, {.verbose = 0}), expected.value()));
}

TEST(Functional, ShapesAreKnownBeforeAWeightIs) {
  const Input in({4});
  const Dense layer(3);
  const Symbol out = layer(in);
  EXPECT_EQ(out.shape(), Shape({3}));
  EXPECT_FALSE(layer.built());
  const Model model({in}, {out});
  EXPECT_TRUE(layer.built());
}

TEST(Functional, WeightsComeFromTheModelsSeed) {
  const std::vector<Tensor> a = residual(3).get_weights(), b = residual(3).get_weights(),
                            c = residual(4).get_weights();
  EXPECT_TRUE(identical(a[0], b[0]));
  EXPECT_TRUE(identical(a[2], b[2]));
  EXPECT_FALSE(identical(a[0], c[0]));
}

TEST(Functional, ListsLayersFromTheInputsOn) {
  const Model model = residual();
  std::vector<std::string> names;
  for (const Layer& layer : model.layers()) names.push_back(layer.name());
  EXPECT_EQ(names, (std::vector<std::string>{"input_layer", "hidden", "add", "out"}));
  EXPECT_EQ(model.name(), "functional");
  EXPECT_EQ(model.get_layer("hidden").class_name(), "Dense");
}

TEST(Functional, NamesOfOneClassAreCounted) {
  const Input a({2}), b({2});
  const Model model({a, b}, {Add()({Dense(1)(a), Dense(1)(b)})});
  std::vector<std::string> names;
  for (const Layer& layer : model.layers()) names.push_back(layer.name());
  EXPECT_EQ(names, (std::vector<std::string>{"input_layer", "input_layer_1", "dense", "dense_1", "add"}));
}

TEST(Functional, ASharedLayerIsCountedOnceAndTrainsOnBothCalls) {
  const Input a({3}), b({3});
  const Dense shared(2, {.use_bias = false});
  const Model model({a, b}, {Add()({shared(a), shared(b)})}, {.seed = 1});
  EXPECT_EQ(model.count_params(), 6);
  EXPECT_EQ(model.layers().size(), 4U);
  const Tensor x = numbers({4, 3}, 1), z = numbers({4, 3}, 2);
  const Tensor w = shared.kernel().value().clone();
  const Tensor got = model.predict({x, z}, {.verbose = 0});
  EXPECT_TRUE(all_close(got, (matmul(x, w) + matmul(z, w)).value()));

  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.train_on_batch({x, z}, Tensor::zeros({4, 2}));
  const Parameter k("k", w);
  Variable loss = mean_squared_error(Tensor::zeros({4, 2}), matmul(x, k) + matmul(z, k));
  loss.backward();
  EXPECT_TRUE(all_close(shared.kernel().value(), (w - 0.01 * k.grad()).value()));
}

TEST(Functional, TwoHeadsAddTheirWeightedLosses) {
  const Input in({3});
  const Symbol h = Dense(5, {.activation = "relu"})(in);
  const Model model({in},
                    {Dense(1, {.name = "price"})(h), Dense(2, {.activation = "softmax", .name = "kind"})(h)},
                    {.seed = 3});
  EXPECT_EQ(model.output_names(), (std::vector<std::string>{"price", "kind"}));
  model.compile({.optimizer = "sgd",
                 .loss = {{"price", "mse"}, {"kind", "sparse_categorical_crossentropy"}},
                 .loss_weights = {{"price", 0.5}, {"kind", 2}},
                 .metrics = {{"kind", {"accuracy"}}}});
  const Tensor x = numbers({6, 3}, 1), price = numbers({6, 1}, 2);
  const Tensor kind(std::vector<std::int64_t>{0, 1, 1, 0, 1, 0});
  const Tensors outputs = model.predict_all(x, {.verbose = 0});
  const double mse = mean_squared_error(price, outputs[0]).item();
  const double ce = sparse_categorical_crossentropy(kind, outputs[1]).item();
  const Logs logs = model.evaluate(x, {price, kind}, {.verbose = 0});
  EXPECT_NEAR(logs["price_loss"], mse, 1e-6);
  EXPECT_NEAR(logs["kind_loss"], ce, 1e-5);
  EXPECT_NEAR(logs.loss, 0.5 * mse + 2 * ce, 1e-5);
  EXPECT_TRUE(logs.contains("kind_accuracy"));
  EXPECT_EQ(model.metrics_names(),
            (std::vector<std::string>{"loss", "price_loss", "kind_loss", "kind_accuracy"}));
  const Logs named = model.evaluate(x, {{"kind", kind}, {"price", price}}, {.verbose = 0});
  EXPECT_EQ(named.loss, logs.loss);

  const History history = model.fit(x, {price, kind}, {.epochs = 3, .verbose = 0, .validation_split = 0.5});
  EXPECT_EQ(history["val_kind_accuracy"].size(), 3U);
}

TEST(Functional, TakesInputsByName) {
  const Input a({2}, {.name = "a"}), b({2}, {.name = "b"});
  const Model model({a, b}, {Subtract()({a, b})});
  const Tensor x = numbers({3, 2}, 1), z = numbers({3, 2}, 2);
  const Tensor expected = (x - z).value();
  EXPECT_TRUE(identical(model.predict({{"b", z}, {"a", x}}, {.verbose = 0}), expected));
  EXPECT_THAT(
      [&] {
        model.predict({{"a", x}, {"c", z}}, {.verbose = 0});
      },
      says<ValueError>("unknown input 'c'", "'a', 'b'"));
  EXPECT_THAT([&] { model.predict(x, {.verbose = 0}); }, says<ValueError>("x is 1 tensor", "has 2 inputs"));
  EXPECT_THAT(
      [&] {
        model.predict({x, numbers({4, 2}, 1)}, {.verbose = 0});
      },
      says<ShapeError>("the inputs differ in their rows"));
  EXPECT_THAT(
      [&] {
        model.predict({x, numbers({3, 5}, 1)}, {.verbose = 0});
      },
      says<ShapeError>("x['b']", "[3, 5]", "expected 2 features, got 5"));
}

TEST(Functional, NamesWhatACompileGetsWrong) {
  const Input in({3});
  const Model model({in}, {Dense(1, {.name = "p"})(in), Dense(1, {.name = "q"})(in)});
  EXPECT_THAT(
      [&] {
        model.compile({.loss = {{"r", "mse"}}});
      },
      says<ValueError>("compile", "unknown output 'r'", "'p', 'q'"));
  EXPECT_THAT(
      [&] {
        model.compile({.loss = {"mse", "mse", "mse"}});
      },
      says<ValueError>("loss has 3 parts", "2 outputs"));
  EXPECT_THAT(
      [&] {
        model.compile({.loss = "mse", .loss_weights = {1, 2, 3}});
      },
      says<ValueError>("loss_weights has 3 parts"));
  EXPECT_FALSE(model.compiled());
  model.compile({.loss = "mse"});
  EXPECT_THAT([&] { model.predict(numbers({2, 3}, 1), {.verbose = 0}); }, says<StateError>("predict_all"));
  EXPECT_THAT(
      [&] {
        model.fit(numbers({2, 3}, 1), numbers({2, 1}, 1), {.verbose = 0});
      },
      says<ValueError>("y is 1 tensor", "has 2 outputs"));
  EXPECT_THAT(
      [&] {
        model.fit(numbers({2, 3}, 1), {numbers({2, 1}, 1), numbers({3, 1}, 1)}, {.verbose = 0});
      },
      says<ShapeError>("x has 2 rows, y['q'] has 3"));
  EXPECT_THAT(
      [&] {
        model.fit(numbers({2, 3}, 1), {numbers({2, 1}, 1), numbers({2, 1}, 1)},
                  {.verbose = 0, .class_weight = {{0, 1.0}}});
      },
      says<ValueError>("class_weight needs a model of one output"));
}

TEST(Functional, RefusesAGraphThatDoesNotCloseAndNamesTheInput) {
  const Input a({2}, {.name = "words"}), b({2}, {.name = "pictures"});
  const Symbol sum = Add()({a, b});
  EXPECT_THAT([&] { Model({a}, {sum}); }, says<ValueError>("Input 'pictures'", "not among the inputs"));
  EXPECT_THAT([&] { Model({a, a}, {sum}); }, says<ValueError>("'words' is among the inputs twice"));
  EXPECT_THAT([&] { Model(std::vector<Symbol>{}, {sum}); }, says<ValueError>("at least one input"));
  EXPECT_THAT(
      [&] {
        Model({a, b}, {Dense(1, {.name = "words"})(sum)});
      },
      says<ValueError>("has a layer 'words' already"));
  EXPECT_THAT([&] { Input({0}); }, says<ShapeError>("extents must be positive"));
  EXPECT_THAT([&] { Add()(a); }, says<ValueError>("at least 2 inputs, got 1"));
  EXPECT_THAT([&] { Add()({a, Dense(3)(b)}); }, says<ShapeError>("(None, 2)", "(None, 3)", "do not fit"));
}

TEST(Functional, PartsOfAModelShareItsWeights) {
  const Input in({4});
  const Symbol h = Dense(3, {.activation = "tanh"})(in);
  const Model whole({in}, {Dense(1)(h)}, {.seed = 5});
  const Model features({in}, {h});
  const Model head({h}, {whole.get_layer(-1)(h)});
  const Tensor x = numbers({2, 4}, 1);
  const Tensor hidden = features.predict(x, {.verbose = 0});
  EXPECT_EQ(hidden.shape(), Shape({2, 3}));
  EXPECT_TRUE(all_close(head.predict(hidden, {.verbose = 0}), whole.predict(x, {.verbose = 0})));
}

TEST(Functional, AModelIsALayerOfAnother) {
  Sequential encoder;
  encoder.add(Dense(3, {.activation = "tanh"}));
  encoder.add(Dense(2));
  const Input in({4});
  const Model model({in}, {Dense(1)(encoder(in))}, {.seed = 2});
  EXPECT_EQ(model.layers().size(), 3U);
  EXPECT_EQ(model.count_params(), 4 * 3 + 3 + 3 * 2 + 2 + 2 + 1);
  EXPECT_EQ(model.weight_list().front().path, "sequential/dense/kernel");
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const double before = model.evaluate(numbers({8, 4}, 1), numbers({8, 1}, 2), {.verbose = 0}).loss;
  model.fit(numbers({8, 4}, 1), numbers({8, 1}, 2), {.epochs = 20, .verbose = 0});
  EXPECT_LT(model.evaluate(numbers({8, 4}, 1), numbers({8, 1}, 2), {.verbose = 0}).loss, before);
}

TEST(Functional, TrainingReachesTheLayers) {
  const Input in({50});
  const Model model({in}, {Dropout(0.5, {.seed = 1})(in)});
  const Tensor x = Tensor::ones({2, 50});
  EXPECT_TRUE(identical(model(x).value(), x));
  EXPECT_FALSE(identical(model(x, {.training = true}).value(), x));
  const Model always({in}, {Dropout(0.5, {.seed = 1})(in, {.training = true})});
  EXPECT_FALSE(identical(always(x).value(), x));
}

TEST(Functional, ADeepChainIsBuiltByLoops) {
  const Input in({1});
  Symbol h = in;
  for (int i = 0; i < 3000; ++i) h = Add()({h, in});
  const Model model({in}, {h});
  EXPECT_EQ(model.predict(Tensor{{1.0}}, {.verbose = 0}).item(), 3001);
}

TEST(Functional, SummaryShowsConnections) {
  const Model model = residual();
  std::ostringstream out;
  model.summary(out);
  EXPECT_EQ(out.str(),
            R"(Model: "functional"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)                  ┃ Output Shape              ┃         Param # ┃ Connected to               ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ input_layer (InputLayer)      │ (None, 4)                 │               0 │ -                          │
├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
│ hidden (Dense)                │ (None, 4)                 │              20 │ input_layer[0][0]          │
├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
│ add (Add)                     │ (None, 4)                 │               0 │ input_layer[0][0],         │
│                               │                           │                 │ hidden[0][0]               │
├───────────────────────────────┼───────────────────────────┼─────────────────┼────────────────────────────┤
│ out (Dense)                   │ (None, 1)                 │               5 │ add[0][0]                  │
└───────────────────────────────┴───────────────────────────┴─────────────────┴────────────────────────────┘
 Total params: 25 (100.00 B)
 Trainable params: 25 (100.00 B)
 Non-trainable params: 0 (0.00 B)
)");
}

struct Net : Model::Kind {
  Net() : Kind({.seed = 3}) {}
  Dense hidden = Dense(3, {.activation = "tanh"});
  Dense out = Dense(1, {.name = "out"});
  std::vector<Layer> layers() const override { return {hidden, out}; }
  Variable call(const Operand& x, CallOptions options) override { return out(hidden(x, options), options); }
};

TEST(ModelKind, AModelOfOnesOwnTrains) {
  const Model model = Net();
  EXPECT_EQ(model.name(), "net");
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Tensor x = numbers({16, 2}, 1);
  const Tensor y = sum(x, {.axis = 1, .keepdims = true}).value();
  const History history = model.fit(x, y, {.epochs = 30, .verbose = 0});
  EXPECT_LT(history["loss"].back(), 0.5 * history["loss"].front());
  EXPECT_EQ(model.count_params(), 2 * 3 + 3 + 3 + 1);
  EXPECT_EQ(model.predict(x, {.verbose = 0}).shape(), Shape({16, 1}));
}

struct Distance : Layer::Kind {
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions&) override {
    return {abs(inputs[0] - inputs[1])};
  }
};

TEST(LayerKind, ALayerOfSeveralInputsIsTriedForItsShape) {
  const Input a({3}), b({3});
  const Layer distance = Distance();
  const Symbol d = distance({a, b});
  EXPECT_EQ(d.shape(), Shape({3}));
  const Tensor x = numbers({2, 3}, 1), z = numbers({2, 3}, 2);
  EXPECT_TRUE(identical(Model({a, b}, {d}).predict({x, z}, {.verbose = 0}), abs(x - z).value()));
  EXPECT_TRUE(identical(distance({x, z}).value(), abs(x - z).value()));
}

struct Penalised : Layer::Kind {
  void build(const Shape& input) override {
    w = add_weight("w", {input.back()},
                   {.initializer = "ones", .regularizer = L2(0.5), .constraint = MaxNorm({.max_value = 1})});
    seen = add_weight("seen", {}, {.initializer = "zeros", .trainable = false});
  }
  Variable call(const Operand& x, CallOptions options) override {
    add_loss(0.25 * sum(square(x)));
    if (options.training) add_update(seen, (seen.value() + 1.0).value());
    return x * w;
  }
  Parameter w, seen;
};

TEST(LayerKind, WhatALayerAddsIsInTheLossAndItsUpdatesFollowTheStep) {
  Sequential model;
  const Layer layer = Penalised();
  model.add(layer);
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Tensor x = numbers({4, 3}, 1), y = numbers({4, 3}, 2);
  const double expected = mean_squared_error(y, x).item() + 0.5 * 3 + 0.25 * sum(square(x)).item();
  const double first = model.train_on_batch(x, y).loss;
  EXPECT_NEAR(first, expected, 1e-5);
  EXPECT_EQ(layer.as<Penalised>().seen.item(), 1);
  EXPECT_NEAR(norm(layer.as<Penalised>().w).item(), 1, 1e-5);
  model.evaluate(x, y, {.verbose = 0});
  EXPECT_EQ(layer.as<Penalised>().seen.item(), 1);

  const std::vector<Tensor> before = model.get_weights();
  EXPECT_THROW(model.train_on_batch(Tensor::full({4, 3}, 1e30), y), ValueError);
  EXPECT_EQ(layer.as<Penalised>().seen.item(), 1);  // a step that is refused leaves nothing behind
  EXPECT_TRUE(identical(model.get_weights()[0], before[0]));
}

struct Halves : Layer::Kind {
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions&) override {
    return {inputs[0] * 0.5, inputs[0] * 2};
  }
};

TEST(LayerKind, AllOutputsOfALayerAreTried) {
  const Input in({3});
  const std::vector<Symbol> both = Layer(Halves()).call_all(std::vector<Symbol>{in});
  ASSERT_EQ(both.size(), 2U);
  const Model model({in}, {both[1]});
  EXPECT_TRUE(identical(model.predict(Tensor::ones({2, 3}), {.verbose = 0}), Tensor::full({2, 3}, 2)));
}

struct Liar : Layer::Kind {
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions&) override {
    return {inputs[0] * 1, inputs[0] * 2};
  }
  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override { return {inputs[0]}; }
};

TEST(LayerKind, ALayerThatGivesMoreThanItSaidIsRefused) {
  const Input in({3});
  const Symbol out = Layer(Liar())(in);
  EXPECT_THAT([&] { Model({in}, {out}); }, says<StateError>("liar", "gave 2 outputs, said 1"));
}

TEST(Functional, ACallThatIsNoTrainingStaysSo) {
  const Input in({50});
  const Model model({in}, {Dropout(0.5, {.seed = 1})(in, {.training = false})});
  const Tensor x = Tensor::ones({2, 50});
  EXPECT_TRUE(identical(model(x, {.training = true}).value(), x));
  const Model back = Model::from_config(model.get_config());
  EXPECT_TRUE(identical(back(x, {.training = true}).value(), x));
}

TEST(Functional, ModelsWithoutNamesOfTheirOwnMeetInOne) {
  const Sequential encoder({Dense(2, {.input_dim = 4})}), decoder({Dense(4, {.input_dim = 2})});
  const Sequential both({encoder, decoder});
  std::vector<std::string> paths;
  for (const Weight& weight : both.weight_list()) paths.push_back(weight.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"sequential/dense/kernel", "sequential/dense/bias",
                                             "sequential_1/dense/kernel", "sequential_1/dense/bias"}));
  // A new layer does not take the name that a layer of another model has.
  const Input in({4});
  const Dense shared(3);
  const Model first({in}, {shared(in)});
  const Model second({in}, {shared(Dense(4)(in))});
  EXPECT_EQ(shared.name(), "dense");
  EXPECT_EQ(second.get_layer(1).name(), "dense_1");
}

TEST(Functional, AWeightThatIsReachedTwiceCountsOnce) {
  const Input in({3});
  const Dense layer(3, {.name = "d"});
  const Model inner({in}, {layer(in)});
  const Model outer({in}, {Add()({inner(in), layer(in)})});
  EXPECT_EQ(outer.count_params(), 12);
  outer.compile({.optimizer = "sgd", .loss = "mse"});
  EXPECT_NO_THROW(outer.train_on_batch(Tensor::ones({2, 3}), Tensor::ones({2, 3})));
}

TEST(Functional, AModelCannotHoldItselfThroughAnother) {
  const Sequential a({.name = "a"}), b({.name = "b"});
  b.add(a);
  EXPECT_THAT([&] { a.add(b); }, says<ValueError>("'a' cannot hold itself"));
}

TEST(Functional, AnOutputWithoutALossNeedsNoLabels) {
  const Input in({3});
  const Model model({in}, {Dense(1, {.name = "p"})(in), Dense(1, {.name = "q"})(in)}, {.seed = 1});
  model.compile({.optimizer = "sgd", .loss = {{"p", "mse"}}});
  const Tensor x = numbers({4, 3}, 1), y = numbers({4, 1}, 2);
  const std::vector<Tensor> before = model.get_layer("q").get_weights();
  EXPECT_NO_THROW(model.fit(x, {{"p", y}}, {.batch_size = 3, .verbose = 0}));
  EXPECT_TRUE(identical(model.get_layer("q").get_weights()[0], before[0]));
  EXPECT_THAT(
      [&] {
        model.fit(x, {{"q", y}}, {.verbose = 0});
      },
      says<ValueError>("y of output 'p' is missing"));
}

TEST(Functional, AMetricIsGivenOnce) {
  const Input in({3});
  const Model model({in}, {Dense(1, {.name = "p"})(in), Dense(1, {.name = "q"})(in)});
  const Metric metric("mse");
  EXPECT_THAT(
      [&] {
        model.compile({.loss = "mse", .metrics = {{"p", {metric}}, {"q", {metric}}}});
      },
      says<ValueError>("metric 'mse' is given in two places"));
}

}  // namespace
}  // namespace gradus
