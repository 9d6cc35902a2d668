// SimpleRNN, LSTM, GRU, RNN and the cells.

#include <gradus/graph/error.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/recurrent_cell.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/sequential.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gtest/gtest.h>

#include "../says.h"
#include "reference_cases.h"

namespace gradus {
namespace {

using testing_data::says;

const PredictOptions kQuiet = {.verbose = 0};

Tensor sequences(std::uint64_t seed = 3) { return Random(seed).normal({4, 6, 3}); }

double share_of_zeros(const Tensor& x) { return mean(cast(equal(x, 0), DType::float32)).item(); }

TEST(Recurrent, AgreesWithPyTorch) { testing_data::expect_cases("recurrent.json"); }

TEST(Recurrent, WeightsAreNamedAndLaidOutAsInKeras) {
  const LSTM lstm(5, {.return_sequences = true});
  lstm(sequences());
  std::vector<std::string> paths;
  for (const Weight& weight : lstm.weight_list()) paths.push_back(weight.path);
  EXPECT_EQ(paths,
            (std::vector<std::string>{"lstm_cell/kernel", "lstm_cell/recurrent_kernel", "lstm_cell/bias"}));
  EXPECT_EQ(lstm.weights()[0].shape(), (Shape{3, 20}));
  EXPECT_EQ(lstm.weights()[1].shape(), (Shape{5, 20}));
  EXPECT_EQ(lstm.weights()[2].shape(), (Shape{20}));
  EXPECT_EQ(lstm.count_params(), 4 * 5 * (3 + 5 + 1));
  const GRU gru(5);
  gru(sequences());
  EXPECT_EQ(gru.weights()[2].shape(), (Shape{2, 15}));
  const GRU before(5, {.reset_after = false});
  before(sequences());
  EXPECT_EQ(before.weights()[2].shape(), (Shape{15}));
  const SimpleRNN plain(5, {.use_bias = false});
  plain(sequences());
  EXPECT_EQ(plain.weights().size(), 2U);
  EXPECT_EQ(plain.name(), "simple_rnn");
}

TEST(Recurrent, ItsWeightsAreFrozenWithIt) {
  const GRU layer(5, {.trainable = false});
  layer(sequences());
  EXPECT_EQ(layer.trainable_weights().size(), 0U);
  EXPECT_EQ(layer.non_trainable_weights().size(), 3U);
  layer.set_trainable(true);
  EXPECT_EQ(layer.trainable_weights().size(), 3U);
}

TEST(Recurrent, TheForgetGatesBiasStartsAtOne) {
  const auto bias = [](LSTMLayerOptions options) {
    options.input_shape = {6, 3};
    const LSTM layer(2, options);
    layer.build({6, 3});
    return layer.weights()[2].value();
  };
  EXPECT_TRUE(identical(bias({}), Tensor({0, 0, 1, 1, 0, 0, 0, 0})));
  EXPECT_TRUE(identical(bias({.unit_forget_bias = false}), Tensor::zeros({8})));
  EXPECT_TRUE(identical(bias({.bias_initializer = Constant(2)}), Tensor({2, 2, 1, 1, 2, 2, 2, 2})));
}

TEST(Recurrent, TheRecurrentKernelStartsOrthogonal) {
  const SimpleRNN layer(4, {.seed = 5});
  layer(sequences());
  const Variable product = matmul(layer.weights()[1], layer.weights()[1], {.transpose_b = true});
  EXPECT_TRUE(all_close(product.value(), Tensor::eye(4), {.atol = 1e-5}));
}

// A mask that leaves out one step of one sample makes the layer go step by step; the others do not notice.
TEST(Recurrent, StepByStepItComputesWhatTheOpDoes) {
  for (const bool backwards : {false, true}) {
    const Layer layers[] = {SimpleRNN(5, {.return_sequences = true, .go_backwards = backwards, .seed = 1}),
                            LSTM(5, {.seed = 1, .return_sequences = true, .go_backwards = backwards}),
                            GRU(5, {.seed = 1, .return_sequences = true, .go_backwards = backwards})};
    for (const Layer& layer : layers) {
      Tensor mask = Tensor::ones({4, 6}, DType::boolean);
      const Tensor all = layer(sequences(), {.mask = {mask}}).value();
      EXPECT_TRUE(identical(all, layer(sequences()).value()));
      mask.set({0, 2}, 0);
      const Tensor some = layer(sequences(), {.mask = {mask}}).value();
      EXPECT_TRUE(all_close(some.rows(1, 4), all.rows(1, 4), {.atol = 1e-6}));
      EXPECT_FALSE(all_close(some[0], all[0], {.atol = 1e-3}));
    }
  }
}

TEST(Recurrent, RnnOfACellIsTheLayer) {
  const LSTM layer(5, {.seed = 1, .return_state = true});
  const RNN rnn(LSTMCell(5), {.return_state = true});
  const std::vector<Variable> expected = layer.call_all({sequences()});
  rnn.build({6, 3});
  rnn.set_weights(layer.get_weights());
  const std::vector<Variable> outputs = rnn.call_all({sequences()});
  ASSERT_EQ(outputs.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(identical(outputs[i].value(), expected[i].value()));
  EXPECT_EQ(rnn.cell().class_name(), "LSTMCell");
}

TEST(Recurrent, ACellTakesOneStep) {
  const GRU layer(5, {.seed = 2});
  const Tensor x = Random(1).normal({4, 1, 3});
  const Tensor expected = layer(x).value();
  const GRUCell cell(5);
  const Tensor step = x.reshape({4, 3}), zeros = Tensor::zeros({4, 5});
  cell.build_all({{3}, {5}});
  cell.set_weights(layer.get_weights());
  const std::vector<Variable> outputs = cell.call_all({step, zeros});
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_TRUE(all_close(outputs[0].value(), expected, {.atol = 1e-6}));
  EXPECT_TRUE(identical(outputs[0].value(), outputs[1].value()));
  EXPECT_EQ(LSTMCell(4).output_shapes({{3}, {4}, {4}}), (std::vector<Shape>{{4}, {4}, {4}}));
}

TEST(Recurrent, StackedCellsHaveNamesOfTheirOwn) {
  const RNN rnn(std::vector<Layer>{LSTMCell(3), LSTMCell(2)});
  EXPECT_EQ(rnn(sequences()).shape(), (Shape{4, 2}));
  EXPECT_EQ(rnn.weight_list()[3].path, "stacked_rnn_cells/lstm_cell_1/kernel");
  EXPECT_EQ(rnn.count_params(), 4 * 3 * (3 + 3 + 1) + 4 * 2 * (3 + 2 + 1));
}

struct RunningSum : RecurrentCell {
  std::vector<std::int64_t> state_sizes() const override { return {3}; }
  std::vector<Variable> call_all(const std::vector<Operand>& in, const CallOptions&) override {
    const Variable sum = in[0] + in[1];
    return {sum, sum};
  }
};
struct Forgetful : RunningSum {
  std::vector<Variable> call_all(const std::vector<Operand>& in, const CallOptions&) override {
    return {in[0].variable()};
  }
};

TEST(Recurrent, RunsCellsOfOnesOwn) {
  const RNN net(RunningSum(), {.return_sequences = true});
  EXPECT_TRUE(all_close(net(sequences()).value(), cumsum(sequences(), {.axis = 1}).value(), {.atol = 1e-6}));
  EXPECT_THAT([] { RNN{Forgetful()}(sequences()); },
              says<ValueError>("cell 'forgetful' gave 1 outputs; its output and 1 states are wanted"));
}

TEST(Recurrent, OverNoStepsItGivesTheInitialState) {
  const Tensor none = Tensor::zeros({2, 0, 3}), h = Random(1).normal({2, 5});
  const GRU gru(5, {.return_sequences = true, .return_state = true});
  const std::vector<Variable> outputs = gru.call_all({none, h});
  EXPECT_EQ(outputs[0].shape(), (Shape{2, 0, 5}));
  EXPECT_TRUE(identical(outputs[1].value(), h));
  EXPECT_EQ(LSTM(5)(Tensor::zeros({0, 6, 3})).shape(), (Shape{0, 5}));
  const GRU other(5, {.activation = "relu", .return_sequences = true});
  EXPECT_EQ(other(none).shape(), (Shape{2, 0, 5}));
}

TEST(RecurrentDropout, DropsTheSameOfEveryStepInTrainingOnly) {
  // The state does not go on, so each step shows what was left of x.
  const SimpleRNN layer(200, {.activation = "linear",
                              .kernel_initializer = IdentityInitializer(),
                              .recurrent_initializer = "zeros",
                              .dropout = 0.5,
                              .return_sequences = true,
                              .seed = 3});
  const Tensor ones = Tensor::ones({2, 3, 200});
  EXPECT_TRUE(identical(layer(ones).value(), ones));
  const Tensor kept = layer(ones, {.training = true}).value();
  const Tensor first = slice(kept, {{}, {.stop = 1}}).value();
  EXPECT_TRUE(identical(kept, broadcast_to(first, kept.shape()).value()));
  const double share = share_of_zeros(kept);
  EXPECT_GT(share, 0.4);
  EXPECT_LT(share, 0.6);
  EXPECT_TRUE(identical(max(kept).value(), Tensor::scalar(2)));
  EXPECT_FALSE(identical(kept, layer(ones, {.training = true}).value()));
}

TEST(RecurrentDropout, DropsFromTheState) {
  const SimpleRNN layer(200, {.activation = "linear",
                              .kernel_initializer = "zeros",
                              .recurrent_initializer = IdentityInitializer(),
                              .recurrent_dropout = 0.5,
                              .seed = 3});
  const Tensor x = Tensor::zeros({2, 3, 1}), h = Tensor::ones({2, 200});
  EXPECT_TRUE(identical(layer({x, h}).value(), h));
  const Tensor kept = layer({x, h}, {.training = true}).value();
  // Three times the same: what is kept is doubled each time.
  EXPECT_TRUE(identical(max(kept).value(), Tensor::scalar(8)));
  EXPECT_TRUE(identical(min(kept).value(), Tensor::scalar(0)));
  EXPECT_NEAR(share_of_zeros(kept), 0.5, 0.1);
}

TEST(RecurrentDropout, EachGateDropsOnItsOwnFromTheState) {
  for (const Layer& layer : {Layer(LSTM(50, {.dropout = 0.3, .recurrent_dropout = 0.3, .seed = 1})),
                             Layer(GRU(50, {.dropout = 0.3, .recurrent_dropout = 0.3, .seed = 1})),
                             Layer(GRU(50, {.recurrent_dropout = 0.3, .seed = 1, .reset_after = false})),
                             Layer(LSTM(50, {.dropout = 0.3, .seed = 1}))}) {
    const Tensor still = layer(sequences()).value();
    EXPECT_TRUE(identical(still, layer(sequences()).value()));
    const Tensor moved = layer(sequences(), {.training = true}).value();
    EXPECT_FALSE(all_close(moved, still, {.atol = 1e-3}));
    EXPECT_TRUE(all(isfinite(moved)).item<bool>());
  }
  const LSTM all_gone(5, {.use_bias = false, .dropout = 1});
  EXPECT_TRUE(identical(all_gone(sequences(), {.training = true}).value(), Tensor::zeros({4, 5})));
}

TEST(RecurrentStateful, GoesOnWhereTheLastBatchEnded) {
  const Tensor x = sequences();
  const Tensor first = slice(x, {{}, {.stop = 2}}).value(), rest = slice(x, {{}, {.start = 2}}).value();
  const LSTM whole(5, {.seed = 4});
  const LSTM parts(5, {.stateful = true});
  const Tensor expected = whole(x).value();
  parts.build({6, 3});
  parts.set_weights(whole.get_weights());
  EXPECT_FALSE(all_close(parts(rest).value(), expected, {.atol = 1e-3}));
  parts.reset_state();
  parts(first);
  EXPECT_TRUE(all_close(parts(rest).value(), expected, {.atol = 1e-6}));
  EXPECT_THAT(
      [&] {
        parts(Tensor::zeros({3, 6, 3}));
      },
      says<ValueError>("goes on with batches of 4 samples, got 3", "reset_state"));
  parts.reset_state();
  EXPECT_EQ(parts(Tensor::zeros({3, 6, 3})).shape(), (Shape{3, 5}));
  EXPECT_THAT([&] { whole.reset_state(); }, says<StateError>("'lstm' is not stateful"));
}

TEST(RecurrentStateful, LetsAGraphRunBackwardAfterTheNextCall) {
  const GRU layer(5, {.seed = 4, .stateful = true});
  layer(sequences());
  const Variable loss = sum(layer(sequences()));
  layer(sequences());
  loss.backward();
  EXPECT_TRUE(layer.weights()[0].has_grad());
}

TEST(RecurrentStateful, KeepsItsStatesInAModel) {
  const LSTM layer(5, {.stateful = true, .input_shape = {6, 3}});
  Sequential model({layer, Dense(1)}, {.seed = 2});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Tensor x = sequences(), y = Tensor::zeros({4, 1});
  const Tensor first = model.predict(x, kQuiet);
  const Tensor second = model.predict(x, kQuiet);
  EXPECT_FALSE(all_close(first, second, {.atol = 1e-4}));
  layer.reset_state();
  EXPECT_TRUE(identical(model.predict(x, kQuiet), first));
  layer.reset_state();
  model.test_on_batch(x, y);
  EXPECT_TRUE(identical(model.predict(x, kQuiet), second));
  layer.reset_state();
  model.train_on_batch(x, y);
  const Tensor on = model.predict(x, kQuiet);
  layer.reset_state();
  EXPECT_FALSE(all_close(model.predict(x, kQuiet), on, {.atol = 1e-4}));
}

TEST(RecurrentErrors, SayWhatIsWrong) {
  EXPECT_THAT([] { LSTM(0); }, says<ValueError>("units must be positive, got 0"));
  EXPECT_THAT([] { GRU(3, {.dropout = 1.5}); }, says<ValueError>("dropout must be in [0, 1], got 1.5"));
  EXPECT_THAT([] { GRU(3, {.recurrent_dropout = -0.1}); }, says<ValueError>("recurrent_dropout must be in"));
  EXPECT_THAT([] { LSTM(3, {.activation = "tanhh"}); }, says<ValueError>("did you mean 'tanh'"));
  EXPECT_THAT(
      [] {
        LSTM(3)(Tensor::zeros({4, 3}));
      },
      says<ShapeError>("lstm: LSTM needs [batch, time, features], got (None, 3)"));
  EXPECT_THAT(
      [] {
        LSTM(3)(Tensor::zeros({4, 3, 2, 2}));
      },
      says<ShapeError>("lstm_cell: LSTMCell needs [batch, features] at each step, got (None, 2, 2)"));
  EXPECT_THAT([] { RNN(Dense(3)); }, says<ValueError>("'dense' is a Dense, not a cell"));
  EXPECT_THAT([] { StackedRNNCells({}); }, says<ValueError>("needs at least one cell"));
  EXPECT_THAT(
      [] {
        LSTM(3)({sequences(), Tensor::zeros({4, 3})});
      },
      says<ValueError>("takes x, or x and its 2 states, got 2 inputs"));
  EXPECT_THAT(
      [] {
        GRU(3)({sequences(), Tensor::zeros({4, 2})});
      },
      says<ShapeError>("state 1 must be (None, 3), got (None, 2)"));
  EXPECT_THAT(
      [] {
        GRU(3)({sequences(), Tensor::zeros({5, 3})});
      },
      says<ShapeError>("x has 4 samples, state 1 has 5"));
  EXPECT_THAT(
      [] {
        GRU(3)(sequences(), {.mask = {Tensor::ones({4, 5}, DType::boolean)}});
      },
      says<ShapeError>("the mask of x [4, 6, 3] must be [4, 6], got [4, 5]"));
  EXPECT_THAT(
      [] {
        GRU(3)(sequences(), {.mask = {Tensor::ones({4, 6})}});
      },
      says<DTypeError>("the mask must be boolean, got float32"));
  EXPECT_THAT(
      [] {
        LSTMCell(3)(Tensor::zeros({4, 2}));
      },
      says<ValueError>("LSTMCell takes 3 inputs, x and the states, got 1"));
}

TEST(RecurrentErrors, OtherFeaturesThanItWasBuiltForAreAnError) {
  const LSTM layer(3);
  layer(sequences());
  EXPECT_THAT([&] { layer(Tensor::zeros({4, 6, 2})); }, says<ShapeError>("[4, 6, 2]"));
  EXPECT_EQ(layer(sequences()).shape(), (Shape{4, 3}));
}

TEST(RecurrentConfig, TakesKerasWordsOnHowItRuns) {
  const LSTM layer(3, {.kernel_regularizer = "l2", .recurrent_dropout = 0.25, .seed = 9, .name = "memory"});
  Config config = layer.get_config();
  EXPECT_EQ(config["units"].integer(), 3);
  EXPECT_EQ(config["recurrent_dropout"].number(), 0.25);
  config.set("unroll", false).set("use_cudnn", "auto").set("implementation", 2);
  EXPECT_EQ(LSTM::from_config(config).get_config().to_json(), layer.get_config().to_json());
  config.set("unitz", 3);
  EXPECT_THAT([&] { LSTM::from_config(config); }, says<ValueError>("LSTM: unknown option 'unitz'"));
  for (const Layer& cell :
       {Layer(SimpleRNNCell(2, {.dropout = 0.5})), Layer(LSTMCell(2, {.use_bias = false})),
        Layer(GRUCell(2, {.reset_after = false}))}) {
    const Config own = cell.get_config();
    EXPECT_EQ(own["units"].integer(), 2);
  }
  EXPECT_EQ(GRUCell::from_config(GRUCell(2, {.reset_after = false}).get_config()).get_config().to_json(),
            GRUCell(2, {.reset_after = false}).get_config().to_json());
}

TEST(Recurrent, RegularizersConstraintsAndActivityReachTheLoss) {
  const auto loss = [](LSTMLayerOptions options) {
    options.seed = 3;
    options.input_shape = {6, 3};
    Sequential model({LSTM(5, options)}, {.seed = 1});
    model.compile({.optimizer = "sgd", .loss = "mse"});
    return model.test_on_batch(sequences(), Tensor::zeros({4, 5}))["loss"];
  };
  const LSTM layer(5, {.seed = 3, .input_shape = {6, 3}});
  Sequential model({layer}, {.seed = 1});
  const Tensor y = model.predict(sequences(), kQuiet);
  const double plain = loss({});
  const auto squares = [](const Tensor& tensor) { return sum(square(tensor)).item(); };
  EXPECT_NEAR(loss({.kernel_regularizer = L2(0.1)}) - plain, 0.1 * squares(layer.weights()[0].value()), 1e-5);
  EXPECT_NEAR(loss({.recurrent_regularizer = L2(0.1)}) - plain, 0.1 * squares(layer.weights()[1].value()),
              1e-5);
  EXPECT_NEAR(loss({.bias_regularizer = L2(0.1)}) - plain, 0.1 * 5, 1e-5);
  EXPECT_NEAR(loss({.activity_regularizer = L2(0.1)}) - plain, 0.1 * squares(y) / 4, 1e-5);
}

}  // namespace
}  // namespace gradus
