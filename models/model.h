#pragma once

#include <gradus/models/callbacks/history.h>
#include <gradus/models/symbol.h>
#include <gradus/models/training_options.h>

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

struct ModelOptions {
  std::string name = {};
  std::optional<DType> dtype = {};  // what it computes in: the first layer's unless given, else float32
  std::optional<std::uint64_t> seed = {};  // of weights, shuffling and Dropout; drawn when not given
};
struct SummaryOptions {
  // At least 40; 88 unless given, and 108 where the table has a column "Connected to".
  std::optional<std::int64_t> line_length = {};
  bool expand_nested = false;   // the layers of models inside this one, too
  bool show_trainable = false;  // a column that says so
};

// A handle to layers that are trained together: made from symbols (below), as a Sequential, or from a Kind of
// one's own (<gradus/models/model_kind.h>). Copies refer to the same model. A model is a layer too and may
// stand inside another one. Not to be trained by two threads at once, nor trained by one while another uses
// it.
//   auto in = Input({784});
//   auto out = Dense(10, {.activation = "softmax"})(Dense(128, {.activation = "relu"})(in));
//   Model model({in}, {out});
//
// Models of several inputs or outputs take a Tensor for each, in order or by name: see Tensors. An output is
// called after the layer it comes from.
//
// Samples lie along the first axis of x, y and the weights; x of shape [n] is taken as [n, 1]. Values are
// converted to the model's dtype; integer labels stay integers. Errors name the call and its line, and are
// thrown before anything has changed, unless said otherwise.
class Model : public Layer {
 public:
  class Kind;

  // The layers between the symbols, with their weights made. ValueError for an output that depends on an
  // Input which is not among the inputs, for no inputs or outputs, and for two layers of one name.
  Model(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs, ModelOptions options = {});
  template <std::derived_from<Kind> K>
  Model(K kind);  // NOLINT: implicit on purpose

  // The model that `get_config` described, with new weights.
  static Model from_config(const Config& config);

  // Says how to train. May be called again: the last call counts and the weights are kept. An optimizer given
  // by name or made anew starts afresh. ValueError for two metrics of one name;
  // StateError for a matmul_precision that this processor does not have.
  void compile(CompileOptions options, SourceLocation where = SourceLocation::current()) const;
  bool compiled() const;

  // Trains for epochs initial_epoch … epochs - 1 on batches of the samples and returns the curves. Where the
  // model has no input shape yet, it takes that of x. StateError before compile. ShapeError: the rows of x, y
  // and the weights differ, x is not of the model's input shape. ValueError: no data, an option out of range,
  // or a loss that is not finite, which ends training with the weights as they were before that batch
  // (a TerminateOnNaN among the callbacks ends it quietly instead). An error in a later batch, or in a
  // callback, leaves the weights as they are then.
  History fit(const Tensors& x, const Tensors& y, FitOptions options = {},
              SourceLocation where = SourceLocation::current()) const;
  // The same with the elements of a Dataset, each a batch. It shuffles by itself; batch_size,
  // validation_split, shuffle and sample_weight say nothing about it: ValueError where they were given.
  History fit(const Dataset& batches, FitOptions options = {},
              SourceLocation where = SourceLocation::current()) const;
  // The loss and the metrics over all samples, layers not in training. StateError before compile or before
  // the input shape is known; ValueError for no data.
  Logs evaluate(const Tensors& x, const Tensors& y, EvaluateOptions options = {},
                SourceLocation where = SourceLocation::current()) const;
  Logs evaluate(const Dataset& batches, EvaluateOptions options = {},
                SourceLocation where = SourceLocation::current()) const;
  // The outputs for all samples, [n, ...], layers not in training; for n = 0 an empty Tensor. StateError
  // before the input shape is known.
  Tensor predict(const Tensors& x, PredictOptions options = {},
                 SourceLocation where = SourceLocation::current()) const;
  Tensor predict(const Dataset& batches, PredictOptions options = {},
                 SourceLocation where = SourceLocation::current()) const;
  // The same for a model of several outputs: a Tensor for each.
  Tensors predict_all(const Tensors& x, PredictOptions options = {},
                      SourceLocation where = SourceLocation::current()) const;
  Tensors predict_all(const Dataset& batches, PredictOptions options = {},
                      SourceLocation where = SourceLocation::current()) const;

  // One step on one batch, and its loss and metrics, of this batch alone. As fit does, an
  // error for a loss that is not finite comes before the weights change.
  Logs train_on_batch(const Tensors& x, const Tensors& y, TrainOnBatchOptions options = {},
                      SourceLocation where = SourceLocation::current()) const;
  Logs test_on_batch(const Tensors& x, const Tensors& y, TestOnBatchOptions options = {},
                     SourceLocation where = SourceLocation::current()) const;
  Tensor predict_on_batch(const Tensors& x, SourceLocation where = SourceLocation::current()) const;
  // Ends fit after the current batch: for callbacks.
  void stop_training() const;

  std::vector<Layer> layers() const;
  // The names of inputs, outputs and of what evaluate gives ("loss" first). StateError before the input shape
  // is known, and for the metrics before compile.
  std::vector<std::string> input_names() const;
  std::vector<std::string> output_names() const;
  std::vector<std::string> metrics_names() const;
  // ValueError for a name that no layer has, or an index out of range; a negative index counts from the end.
  Layer get_layer(std::string_view name) const;
  Layer get_layer(const char* name) const { return get_layer(std::string_view(name)); }
  template <std::integral I>
  Layer get_layer(I index) const {
    return layer_at(static_cast<std::int64_t>(index));
  }

  // The table of layers that Keras prints, to standard output or elsewhere. StateError before the input shape
  // is known.
  void summary(SummaryOptions options = {}) const;
  void summary(std::ostream& out, SummaryOptions options = {}) const;

  // The weights as .npz, each under its layer's and its own name: "dense/kernel". `load_weights` sets all or,
  // when a name, shape or dtype differs, none and names the first that does. FileError for a bad file.
  void save_weights(const std::string& path) const;
  void load_weights(const std::string& path) const;

  std::uint64_t seed() const;
  DType dtype() const;
  // StateError before compile.
  const Optimizer& optimizer() const;

 protected:
  Model(std::shared_ptr<Layer::Kind> kind, std::string_view class_name)
      : Layer(std::move(kind), class_name) {}

 private:
  Kind& model_kind() const;
  Layer layer_at(std::int64_t index) const;
};

// A model of the same layers with new weights, not compiled. StateError for layers that cannot be described.
Model clone_model(const Model& model);

}  // namespace gradus
