#pragma once

#include <gradus/models/losses/loss.h>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gradus {

// A handle to a number that is gathered batch by batch. Given by name, as an object (`BinaryAccuracy()`), as
// a loss, or as a name and a function of (y_true, y_pred): of Operands giving a Variable, whose mean counts
// once for each sample, or of Tensors giving a number. Names are those of the objects, as Keras writes them:
//   accuracy (acc), which picks one of the next three by shape, binary_accuracy, categorical_accuracy,
//   sparse_categorical_accuracy, top_k_categorical_accuracy, sparse_top_k_categorical_accuracy,
//   precision, recall, true_positives, true_negatives, false_positives, false_negatives, auc,
//   f1_score, fbeta_score, binary_iou, root_mean_squared_error, r2_score, log_cosh_error,
//   cosine_similarity (1 for the same direction), pearson_correlation, concordance_correlation, mean, sum,
// and those of the losses; upper and lower case and underscores do not matter. Logs and History carry the
// name as it was typed. ValueError for another name.
//
// A loss that is a metric is averaged over the samples whatever its reduction is. Where samples have weights,
// a metric counts each by its weight; a sample's weight stands for all its values.
class Metric {
 public:
  class Kind;
  using OpFunction = std::function<Variable(const Operand&, const Operand&)>;
  using NumberFunction = std::function<double(const Tensor&, const Tensor&)>;

  Metric(std::string_view name);                                       // NOLINT: implicit on purpose
  Metric(const char* name) : Metric(std::string_view(name)) {}         // NOLINT
  Metric(const std::string& name) : Metric(std::string_view(name)) {}  // NOLINT
  Metric(const Loss& loss);                                            // NOLINT
  Metric(std::string name, OpFunction function);
  Metric(std::string name, NumberFunction function);
  template <std::derived_from<Kind> K>
  Metric(K kind) : Metric(std::make_shared<K>(std::move(kind))) {}  // NOLINT

  const std::string& name() const { return name_; }
  // Takes a batch in. `sample_weight` is undefined or has one weight for each sample. ShapeError where the
  // shapes do not fit; nothing has changed then.
  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight = {}) const;
  // Over all batches since `reset`; 0 before the first, as in Keras. ValueError where what came in has no
  // result (an AUC of one class).
  double result() const;
  // All numbers of a metric that has several, such as an F1Score of each class; `result` is their mean.
  std::vector<double> results() const;
  // The result while more is to come, for a display: NaN where there is none yet.
  double running_result() const;
  void reset() const;
  bool takes_weights() const;
  bool is(const Metric& other) const { return kind_ == other.kind_; }  // the same one, not an equal one

 protected:
  explicit Metric(std::shared_ptr<Kind> kind);
  Metric(std::shared_ptr<Kind> kind, std::string_view name) : kind_(std::move(kind)), name_(name) {}
  Kind& kind() const;  // StateError when it was moved from

 private:
  std::shared_ptr<Kind> kind_;
  std::string name_;
};

// What one derives a metric from.
class Metric::Kind {
 public:
  virtual ~Kind() = default;
  virtual std::string_view name() const = 0;
  virtual void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) = 0;
  virtual double result() const = 0;
  virtual std::vector<double> results() const { return {result()}; }
  virtual double running_result() const { return result(); }
  virtual void reset() = 0;
  // Whether samples may have weights; where not, a mask says nothing.
  virtual bool takes_weights() const { return true; }
};

}  // namespace gradus
