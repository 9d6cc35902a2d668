#pragma once

#include <gradus/models/losses/loss.h>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace gradus {

// A handle to a number that is gathered batch by batch. Given by name, as an object (`BinaryAccuracy()`), as
// a loss, or as a name and a function of (y_true, y_pred): of Operands giving a Variable, whose mean counts
// once for each sample, or of Tensors giving a number. Names: accuracy (acc), which picks one of the next
// three by shape, binary_accuracy, categorical_accuracy, sparse_categorical_accuracy, and those of the
// losses. Logs and History carry the name as it was typed. ValueError for another name.
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
  // Takes a batch in. `sample_weight` is undefined or has one weight for each sample.
  void update(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight = {}) const;
  double result() const;  // over all batches since `reset`; 0 before the first, as in Keras
  void reset() const;

 protected:
  explicit Metric(std::shared_ptr<Kind> kind);
  Metric(std::shared_ptr<Kind> kind, std::string_view name) : kind_(std::move(kind)), name_(name) {}

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
  virtual void reset() = 0;
};

}  // namespace gradus
