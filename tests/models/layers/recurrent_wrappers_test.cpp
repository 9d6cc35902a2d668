// Bidirectional, TimeDistributed and Masking.

#include <gradus/graph/error.h>
#include <gradus/models/layers/attention.h>
#include <gradus/models/layers/bidirectional.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/masking.h>
#include <gradus/models/layers/recurrent_cell.h>
#include <gradus/models/layers/rnn.h>
#include <gradus/models/layers/time_distributed.h>
#include <gradus/models/sequential.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gtest/gtest.h>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

Tensor sequences() { return Random(3).normal({4, 6, 3}); }

TEST(Bidirectional, MakesBothDirectionsAfterTheLayer) {
  const LSTM lstm(5, {.return_sequences = true, .return_state = true});
  const Bidirectional both(lstm);
  EXPECT_EQ(both.forward_layer().name(), "forward_lstm");
  EXPECT_EQ(both.backward_layer().name(), "backward_lstm");
  const std::vector<Variable> outputs = both.call_all({sequences()});
  ASSERT_EQ(outputs.size(), 5U);
  EXPECT_EQ(outputs[0].shape(), (Shape{4, 6, 10}));
  EXPECT_FALSE(lstm.built());
  EXPECT_EQ(both.weights().size(), 6U);
  EXPECT_EQ(both.weight_list()[3].path, "backward_lstm/lstm_cell/kernel");
  EXPECT_FALSE(identical(both.weights()[0].value(), both.weights()[3].value()));
  // The last step of each run is its state.
  const Tensor ahead = slice(outputs[0], {{}, {.start = 5}, {.stop = 5}}).value().reshape({4, 5});
  const Tensor back = slice(outputs[0], {{}, {.stop = 1}, {.start = 5}}).value().reshape({4, 5});
  EXPECT_TRUE(identical(ahead, outputs[1].value()));
  EXPECT_TRUE(identical(back, outputs[3].value()));
}

TEST(Bidirectional, TakesOptionsWithoutANameToo) {
  const auto soft = [](const Operand& x) { return tanh(x); };
  const Bidirectional both(GRU(5, {.activation = soft}));
  EXPECT_EQ(both(sequences()).shape(), (Shape{4, 10}));
  EXPECT_THAT([&] { both.get_config(); }, says<StateError>("function of one's own"));
}

TEST(Bidirectional, HandsItsMaskOnAndLeavesMaskedStepsOut) {
  Tensor x = sequences();
  for (std::int64_t i = 0; i < 4; ++i) {
    for (std::int64_t k = 0; k < 3; ++k) x.set({i, 5, k}, 0);
  }
  Sequential masked({Masking(0, {.input_shape = {6, 3}}),
                     Bidirectional(GRU(4, {.return_sequences = true}), {.seed = 1}), GRU(3, {.seed = 2})});
  Sequential shorter({Bidirectional(GRU(4, {.return_sequences = true}), {.input_shape = {5, 3}, .seed = 1}),
                      GRU(3, {.seed = 2})});
  const Tensor five = slice(x, {{}, {.stop = 5}}).value();
  masked.build({6, 3});
  shorter.build({5, 3});
  masked.set_weights(shorter.get_weights());
  EXPECT_TRUE(all_close(masked.predict(x), shorter.predict(five, {.verbose = 0}), {.atol = 1e-6}));
}

TEST(Bidirectional, GoesOnWithItsStates) {
  const Bidirectional both(GRU(5, {.stateful = true}));
  const Tensor first = both(sequences()).value();
  EXPECT_FALSE(all_close(both(sequences()).value(), first, {.atol = 1e-4}));
  both.reset_state();
  EXPECT_TRUE(identical(both(sequences()).value(), first));
}

TEST(Bidirectional, RunsCellsOverBothDirections) {
  const Bidirectional both(RNN(std::vector<Layer>{GRUCell(4), LSTMCell(2)}, {.return_sequences = true}),
                           {.merge_mode = "sum"});
  EXPECT_EQ(both(sequences()).shape(), (Shape{4, 6, 2}));
  EXPECT_EQ(both.weights().size(), 12U);
}

TEST(Bidirectional, SaysWhatIsWrong) {
  EXPECT_THAT([] { Bidirectional(Dense(3)); }, says<ValueError>("'dense' is a Dense, not a recurrent layer"));
  EXPECT_THAT([] { Bidirectional(GRU(3), {.merge_mode = "concatt"}); },
              says<ValueError>("unknown merge_mode 'concatt'", "did you mean 'concat'"));
  EXPECT_THAT([] { Bidirectional(GRU(3), {.backward_layer = GRU(3, {.name = "back"})}); },
              says<ValueError>("must differ in go_backwards"));
  EXPECT_THAT(
      [] {
        Bidirectional(GRU(3, {.return_state = true}),
                      {.backward_layer = GRU(3, {.go_backwards = true, .name = "back"})});
      },
      says<ValueError>("must agree in return_sequences, return_state and stateful"));
  EXPECT_THAT([] { Bidirectional(GRU(3), {.backward_layer = GRU(3, {.go_backwards = true})}); },
              says<ValueError>("both layers are named 'gru'"));
  EXPECT_THAT(
      [] {
        Bidirectional(GRU(3),
                      {.merge_mode = "sum", .backward_layer = LSTM(4, {.go_backwards = true})})(sequences());
      },
      says<ShapeError>("merge_mode 'sum' cannot merge"));
  EXPECT_THAT(
      [] {
        Bidirectional(GRU(3))({sequences(), Tensor::zeros({4, 3})});
      },
      says<ValueError>("the 2 states of both directions, got 2 inputs"));
}

// Shifts by the mean of the batch and counts its calls, as BatchNormalization does in training.
struct Centered : Layer::Kind {
  void build(const Shape&) override {
    calls = add_weight("calls", {}, {.initializer = "zeros", .trainable = false});
  }
  Variable call(const Operand& x, CallOptions options) override {
    if (!options.training) return x.variable();
    add_update(calls, Tensor::scalar(calls.item() + 1));
    return x - mean(x, {.axis = 0, .keepdims = true});
  }
  Shape output_shape(const Shape& input) override { return input; }
  Parameter calls;
};

struct KeepsMasked : Layer::Kind {
  Variable call(const Operand& x, CallOptions options) override {
    return options.mask.empty() ? x.variable() : where(options.mask.front(), x, 0);
  }
  Shape output_shape(const Shape& input) override { return input; }
};

TEST(TimeDistributed, AppliesTheLayerToEachStep) {
  const Dense dense(5);
  const TimeDistributed layer(dense);
  EXPECT_EQ(layer.output_shape({6, 3}), (Shape{6, 5}));
  const Tensor y = layer(sequences()).value();
  EXPECT_TRUE(identical(y, dense(sequences()).value()));
  EXPECT_EQ(layer.weight_list()[0].path, "dense/kernel");
  const TimeDistributed nested(LSTM(2, {.seed = 1}));
  const Tensor x = Random(2).normal({3, 5, 4, 2});
  const Variable z = nested(x);
  EXPECT_EQ(z.shape(), (Shape{3, 5, 2}));
  const Tensor second = slice(x, {{}, {.start = 1, .stop = 2}}).value().reshape({3, 4, 2});
  EXPECT_TRUE(all_close(slice(z, {{}, {.start = 1, .stop = 2}}).value().reshape({3, 2}),
                        nested.layer()(second).value(), {.atol = 1e-6}));
  EXPECT_EQ(nested.get_config().to_json(),
            TimeDistributed::from_config(nested.get_config()).get_config().to_json());
}

TEST(TimeDistributed, GivesALayerThatLooksAtTheBatchEachStepAlone) {
  const TimeDistributed layer{Layer(Centered())};
  EXPECT_TRUE(identical(layer(sequences()).value(), sequences()));
  const Tensor y = layer(sequences(), {.training = true}).value();
  EXPECT_TRUE(all_close(mean(y, {.axis = 0}).value(), Tensor::zeros({6, 3}), {.atol = 1e-6}));
  EXPECT_EQ(layer.weights()[0].item(), 6);
}

TEST(TimeDistributed, GivesEachStepItsPartOfALongerMask) {
  const TimeDistributed layer{Layer(KeepsMasked())};
  const Tensor x = sequences(), mask = greater(x, 0).value();
  const Tensor expected = relu(x).value();
  EXPECT_TRUE(identical(layer(x, {.mask = {mask}}).value(), expected));
  const Tensor steps = Tensor::zeros({4, 6}, DType::boolean);
  EXPECT_TRUE(identical(layer(x, {.mask = {steps}}).value(), x));
  EXPECT_THAT(
      [&] {
        layer(x, {.mask = {Tensor::ones({4, 5}, DType::boolean)}});
      },
      says<ShapeError>("must begin with [4, 6], got [4, 5]"));
  EXPECT_THAT([&] { layer(Tensor::zeros({4, 6})); }, says<ShapeError>("rank 3 or more, got (None, 6)"));
}

TEST(Masking, SetsMaskedStepsToZeroAndMasksThem) {
  const Tensor x = Tensor({{{1, 2}, {7, 7}, {7, 0}}, {{7, 7}, {0, 0}, {7, 7}}});
  const Masking layer(7);
  EXPECT_TRUE(identical(layer(x).value(), Tensor({{{1, 2}, {0, 0}, {7, 0}}, {{0, 0}, {0, 0}, {0, 0}}})));
  const std::vector<Tensor> masks = layer.kind().output_masks({x}, {});
  EXPECT_TRUE(identical(masks[0], Tensor({{1, 0, 1}, {0, 1, 0}}, DType::boolean)));
  EXPECT_EQ(Masking::from_config(layer.get_config()).get_config()["mask_value"].number(), 7);
  EXPECT_THAT(
      [&] {
        layer(Tensor::zeros({4, 6}));
      },
      says<ShapeError>("Masking needs [batch, time, features]"));
}

TEST(Masking, IsHeededByAllThatFollow) {
  // Padded at the end, with values that nothing may see.
  Tensor x = sequences();
  for (std::int64_t t = 4; t < 6; ++t) {
    for (std::int64_t i = 0; i < 4; ++i) {
      for (std::int64_t k = 0; k < 3; ++k) x.set({i, t, k}, -1);
    }
  }
  const auto net = [](std::int64_t time) {
    return Sequential({Masking(-1, {.input_shape = {time, 3}}), LSTM(5, {.return_sequences = true}),
                       GRU(4, {.return_sequences = true}), SimpleRNN(3)});
  };
  Sequential longer = net(6), shorter = net(4);
  longer.build({6, 3});
  shorter.build({4, 3});
  longer.set_weights(shorter.get_weights());
  EXPECT_TRUE(all_close(longer.predict(x, {.verbose = 0}),
                        shorter.predict(slice(x, {{}, {.stop = 4}}).value(), {.verbose = 0}),
                        {.atol = 1e-6}));
}

}  // namespace
}  // namespace gradus
