#pragma once

#include <gradus/models/layers/cells.h>

namespace gradus {

struct RNNOptions {
  bool return_sequences = false;
  bool return_state = false;
  bool go_backwards = false;
  bool stateful = false;
  bool zero_output_for_mask = false;
  Regularizer activity_regularizer = {};
  Shape input_shape = {};  // [time, features]
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};

// Runs a cell over time: x [batch, time, features] -> [batch, size], the output of the last step, or with
// return_sequences [batch, time, size], those of all. With return_state the outputs are {output, states…}.
// The inputs {x, states…} start from given states [batch, size], x alone from zeros. Backwards, the steps go
// from the last to the first, and the outputs stand in that order.
// A mask, boolean [batch, time], leaves steps out: they keep the states and give the output of the step
// before again, or zeros with zero_output_for_mask. It is handed on with sequences.
// Stateful: each batch starts from the states that the one before has left, until reset_state; ValueError for
// a batch of another size while those states are not zeros.
// ValueError for a layer that is no cell, ShapeError for states or a mask that do not fit x.
class RNN : public Layer {
 public:
  explicit RNN(const Layer& cell, RNNOptions options = {});
  explicit RNN(const std::vector<Layer>& cells, RNNOptions options = {});  // StackedRNNCells
  static RNN from_config(const Config& config);

  // The next batch starts from zeros. StateError unless stateful.
  void reset_state() const;
  const Layer& cell() const;

 protected:
  RNN(std::shared_ptr<Kind> kind, std::string_view class_name);
};

struct SimpleRNNLayerOptions {
  ActivationFunction activation = "tanh";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  bool return_sequences = false;
  bool return_state = false;
  bool go_backwards = false;
  bool stateful = false;
  std::optional<std::uint64_t> seed = {};
  bool zero_output_for_mask = false;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// RNN of a SimpleRNNCell; with tanh, and nothing masked or dropped from the state, all steps at once. The
// same holds for the two below.
class SimpleRNN : public RNN {
 public:
  explicit SimpleRNN(std::int64_t units, SimpleRNNLayerOptions options = {});
  static SimpleRNN from_config(const Config& config);
};

struct LSTMLayerOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  bool unit_forget_bias = true;
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  std::optional<std::uint64_t> seed = {};
  bool return_sequences = false;
  bool return_state = false;
  bool go_backwards = false;
  bool stateful = false;
  bool zero_output_for_mask = false;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// RNN of an LSTMCell: states {h, c}.
class LSTM : public RNN {
 public:
  explicit LSTM(std::int64_t units, LSTMLayerOptions options = {});
  static LSTM from_config(const Config& config);
};

struct GRULayerOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  std::optional<std::uint64_t> seed = {};
  bool return_sequences = false;
  bool return_state = false;
  bool go_backwards = false;
  bool stateful = false;
  bool reset_after = true;
  bool zero_output_for_mask = false;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// RNN of a GRUCell.
class GRU : public RNN {
 public:
  explicit GRU(std::int64_t units, GRULayerOptions options = {});
  static GRU from_config(const Config& config);
};

}  // namespace gradus
