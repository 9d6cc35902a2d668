#pragma once

#include <gradus/models/callbacks/history.h>
#include <gradus/models/layer.h>
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
  std::int64_t line_length = 88;  // at least 40
};

// What is common to models: a handle to layers that are trained together. Copies refer to the same model. A
// model is a layer too and may stand inside another one. Not to be trained by two threads at once, nor
// trained by one while another uses it.
//
// Samples lie along the first axis of x, y and the weights; x of shape [n] is taken as [n, 1]. Values are
// converted to the model's dtype; integer labels stay integers. Errors name the call and its line, and are
// thrown before anything has changed, unless said otherwise.
class Model : public Layer {
 public:
  class Kind;

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
  History fit(const Tensor& x, const Tensor& y, FitOptions options = {},
              SourceLocation where = SourceLocation::current()) const;
  // The loss and the metrics over all samples, layers not in training. StateError before compile or before
  // the input shape is known; ValueError for no data.
  Logs evaluate(const Tensor& x, const Tensor& y, EvaluateOptions options = {},
                SourceLocation where = SourceLocation::current()) const;
  // The outputs for all samples, [n, ...], layers not in training; for n = 0 an empty Tensor. StateError
  // before the input shape is known.
  Tensor predict(const Tensor& x, PredictOptions options = {},
                 SourceLocation where = SourceLocation::current()) const;

  // One step on one batch, and its loss and metrics (of this batch alone, unlike in Keras). As fit does, an
  // error for a loss that is not finite comes before the weights change.
  Logs train_on_batch(const Tensor& x, const Tensor& y, TrainOnBatchOptions options = {},
                      SourceLocation where = SourceLocation::current()) const;
  Logs test_on_batch(const Tensor& x, const Tensor& y, TestOnBatchOptions options = {},
                     SourceLocation where = SourceLocation::current()) const;
  Tensor predict_on_batch(const Tensor& x, SourceLocation where = SourceLocation::current()) const;
  // Ends fit after the current batch: for callbacks.
  void stop_training() const;

  std::vector<Layer> layers() const;
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

}  // namespace gradus
