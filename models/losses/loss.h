#pragma once

#include <gradus/graph/operand.h>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace gradus {

// A handle to what training makes small. Given by name, as an op (`mean_squared_error`), as an object
// (`CategoricalCrossentropy({.from_logits = true})`), or as a function of (y_true, y_pred) whose values, one
// a sample or a single one, are averaged. Names, with Keras's short forms: mean_squared_error (mse),
// binary_crossentropy (bce), categorical_crossentropy, sparse_categorical_crossentropy, and crossentropy
// (ce), which picks one of the three by shape; upper and lower case and underscores do not matter. ValueError
// for another name.
class Loss {
 public:
  class Kind;

  Loss() = default;                                                // none
  Loss(std::string_view name);                                     // NOLINT: implicit on purpose
  Loss(const char* name) : Loss(std::string_view(name)) {}         // NOLINT
  Loss(const std::string& name) : Loss(std::string_view(name)) {}  // NOLINT
  template <std::derived_from<Kind> K>
  Loss(K kind) : kind_(std::make_shared<K>(std::move(kind))) {}  // NOLINT
  template <class Options>
  Loss(Variable (*op)(const Operand&, const Operand&, Options))  // NOLINT
      : Loss(Weighted([op](const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight) {
          Options options;
          options.sample_weight = sample_weight;
          return op(y_true, y_pred, std::move(options));
        })) {}
  template <class F>
  requires(!std::derived_from<F, Loss> &&
           std::is_invocable_r_v<Variable, const F&, const Operand&, const Operand&>)
      Loss(F function)  // NOLINT
      : Loss(averaged(std::move(function))) {}

  bool defined() const { return static_cast<bool>(kind_); }
  // The loss of a batch, a scalar; each sample's part is multiplied by its weight where there are weights.
  Variable operator()(const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight = {}) const;
  std::string_view name() const;  // "loss" where it has no other

 protected:
  using Function = std::function<Variable(const Operand&, const Operand&)>;
  using Weighted = std::function<Variable(const Operand&, const Operand&, const Tensor&)>;
  explicit Loss(Weighted function, std::string_view name = "loss");

 private:
  static Weighted averaged(Function function);
  std::shared_ptr<const Kind> kind_;
};

// What one derives a loss from that needs more than a function.
class Loss::Kind {
 public:
  virtual ~Kind() = default;
  // The loss of a batch, a scalar. `sample_weight` is undefined or has one weight for each sample.
  virtual Variable call(const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight) const = 0;
  virtual std::string_view name() const { return "loss"; }
};

}  // namespace gradus
