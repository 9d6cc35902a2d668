#pragma once

#include <gradus/models/activation_function.h>
#include <gradus/models/layer.h>

namespace gradus {

// The cells of recurrent nets: layers of one step, whose inputs are {x, states…} and whose outputs are
// {output, states…}. The layers SimpleRNN, LSTM and GRU run one over time, and RNN runs any.
//   auto outputs = LSTMCell(4).call_all({x, h, c});  // x [batch, features]; output, h and c [batch, 4]
// Kernels are [features, gates * units], recurrent kernels [units, gates * units]. In training `dropout` and
// `recurrent_dropout` drop shares of x and of the state, the same ones at each step of a sequence.
// ValueError unless units is positive and the rates are in [0, 1].

struct SimpleRNNCellOptions {
  ActivationFunction activation = "tanh";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  std::optional<std::uint64_t> seed = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// h = activation(x kernel + h recurrent_kernel + bias), and the output is h.
class SimpleRNNCell : public Layer {
 public:
  explicit SimpleRNNCell(std::int64_t units, SimpleRNNCellOptions options = {});
  static SimpleRNNCell from_config(const Config& config);
};

struct LSTMCellOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  bool unit_forget_bias = true;  // the bias of the forget gate starts at 1 (Jozefowicz et al. 2015)
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  std::optional<std::uint64_t> seed = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// States h and c; gates i, f, c, o: c = f c + i activation(..), h = o activation(c).
class LSTMCell : public Layer {
 public:
  explicit LSTMCell(std::int64_t units, LSTMCellOptions options = {});
  static LSTMCell from_config(const Config& config);
};

struct GRUCellOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  bool reset_after = true;  // the reset gate acts behind the recurrent product, else before it
  std::optional<std::uint64_t> seed = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Gates z, r, h: h = z h + (1 - z) activation(..). The bias is [2, 3 * units], of x's product and of the
// state's, or [3 * units] without reset_after.
class GRUCell : public Layer {
 public:
  explicit GRUCell(std::int64_t units, GRUCellOptions options = {});
  static GRUCell from_config(const Config& config);
};

struct StackedRNNCellsOptions {
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};
// Cells one on the other as one cell: each takes the output of the one before, and the states are those of
// the first, then those of the next. ValueError for no cells, or for a layer that is no cell.
class StackedRNNCells : public Layer {
 public:
  explicit StackedRNNCells(const std::vector<Layer>& cells, StackedRNNCellsOptions options = {});
  static StackedRNNCells from_config(const Config& config);
};

}  // namespace gradus
