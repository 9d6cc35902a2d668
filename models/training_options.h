#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/models/by_output.h>
#include <gradus/models/callbacks/callback.h>
#include <gradus/models/count.h>
#include <gradus/models/data/dataset.h>
#include <gradus/models/losses/loss.h>
#include <gradus/models/metrics/metric.h>
#include <gradus/models/tensors.h>
#include <gradus/ops/matmul_precision.h>
#include <gradus/optim/optimizer.h>

#include <map>
#include <optional>
#include <vector>

namespace gradus {

struct CompileOptions {
  Optimizer optimizer = "rmsprop";
  // One for all outputs, or one for each: `{"mse", "mae"}`, `{{"price", "mse"}, {"kind", "ce"}}`. An output
  // without a loss is not trained.
  Losses loss = {};
  LossWeights loss_weights = {};  // factors of the outputs' losses in the loss; 1 unless given
  // Each sample counts once; in the weighted ones by its weight. A list for the one output; of several
  // outputs one metric for each, in order, or lists by name: `{{"kind", {"accuracy"}}}`.
  Metrics metrics = {};
  Metrics weighted_metrics = {};
  // What the products of this model's fit, evaluate, predict and …_on_batch use; the process's unless given.
  std::optional<MatmulPrecision> matmul_precision = {};
  Bfloat16Fallback bfloat16_fallback = Bfloat16Fallback::error;
};

struct ValidationData;

// Samples with their labels. Weights are one for each sample, or one for each
// value of a loss that has several a sample (steps of a sequence): [n, time].
struct Data {
  Tensors x = {};
  Tensors y = {};
  Tensors sample_weight = {};

  operator ValidationData() const;  // NOLINT: implicit on purpose
};

// `.validation_data = {x, y}`, `{x, y, sample_weight}`, a Data, or a Dataset whose elements are batches.
struct ValidationData {
  Tensors x = {};
  Tensors y = {};
  Tensors sample_weight = {};
  std::optional<Dataset> dataset = {};

  bool defined() const { return dataset || x.defined() || y.defined(); }
};
inline Data::operator ValidationData() const { return {x, y, sample_weight, {}}; }

// How much is printed: 0 nothing, 1 a progress bar, 2 a line an epoch; "auto" is 1.
class Verbose {
 public:
  template <std::integral I>
  constexpr Verbose(I level) : level_(static_cast<int>(level)) {}  // NOLINT: implicit on purpose
  Verbose(const char* name);                                       // NOLINT: ValueError unless "auto"
  int level() const { return level_; }

 private:
  int level_;
};

// Whether the order of the samples is drawn anew in each epoch; "batch" draws within each batch only.
class Shuffle {
 public:
  enum class Kind : std::uint8_t { none, all, batch };
  template <std::same_as<bool> B>
  constexpr Shuffle(B shuffle) : kind_(shuffle ? Kind::all : Kind::none) {}  // NOLINT: implicit on purpose
  Shuffle(const char* name);  // NOLINT: ValueError unless "batch"
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

using ClassWeight = std::map<std::int64_t, double>;

// Keras's arguments of fit in Keras's order.
struct FitOptions {
  Count batch_size = 32;  // the last batch of an epoch may be smaller
  Count epochs = 1;       // the epoch to end with, counted from the first ever
  Verbose verbose = "auto";
  std::vector<Callback> callbacks = {};
  double validation_split = 0;          // this share of the samples, the last ones, is kept for validation
  ValidationData validation_data = {};  // goes before validation_split
  Shuffle shuffle = true;
  ClassWeight class_weight = {};  // a factor for the samples of a class; a class not named has 1
  Tensors sample_weight = {};     // a factor for each sample
  Count initial_epoch = 0;
  // Of tensors at most all batches there are; of a Dataset any number: the next epoch goes on where this one
  // ended, and begins the data anew where they end.
  std::optional<Count> steps_per_epoch = {};
  std::optional<Count> validation_steps = {};       // the same for the validation
  std::optional<Count> validation_batch_size = {};  // batch_size unless given
  Count validation_freq = 1;                        // validate after every so many epochs
};

struct EvaluateOptions {
  Count batch_size = 32;
  Verbose verbose = "auto";
  Tensors sample_weight = {};
  std::optional<Count> steps = {};
  std::vector<Callback> callbacks = {};
};
struct PredictOptions {
  Count batch_size = 32;
  Verbose verbose = "auto";
  std::optional<Count> steps = {};
  std::vector<Callback> callbacks = {};
};
struct TrainOnBatchOptions {
  Tensors sample_weight = {};
  ClassWeight class_weight = {};
};
struct TestOnBatchOptions {
  Tensors sample_weight = {};
};

}  // namespace gradus
