#pragma once

#include <gradus/graph/operand.h>
#include <gradus/models/losses/reduction.h>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace gradus {

// The losses of the samples of a batch.
struct LossValues {
  Variable values = {};
  Tensor mask = {};  // boolean, of the values' shape: those that count; undefined: all do
};

// A handle to what training makes small. Given by name, as an op (`mean_squared_error`), as an object
// (`CategoricalCrossentropy({.from_logits = true})`), or as a function of (y_true, y_pred) whose values, one
// a sample or a single one, are averaged. Names are those of the objects, as Keras writes them:
//   mean_squared_error (mse), mean_absolute_error (mae), mean_absolute_percentage_error (mape),
//   mean_squared_logarithmic_error (msle), huber, log_cosh, cosine_similarity,
//   binary_crossentropy (bce), binary_focal_crossentropy, categorical_crossentropy,
//   categorical_focal_crossentropy, categorical_generalized_cross_entropy, sparse_categorical_crossentropy,
//   crossentropy (ce), which picks a cross-entropy by shape, kl_divergence (kld), poisson,
//   hinge, squared_hinge, categorical_hinge, dice, tversky, circle, ctc;
// upper and lower case and underscores do not matter. ValueError for another name.
class Loss {
 public:
  class Kind;
  // What gives the losses of the samples, or those of all of them already reduced, which ops do in one node.
  using Values = std::function<LossValues(const Operand&, const Operand&)>;
  using Reducing = std::function<Variable(const Operand&, const Operand&, Reduction)>;

  Loss() = default;                                                // none
  Loss(std::string_view name);                                     // NOLINT: implicit on purpose
  Loss(const char* name) : Loss(std::string_view(name)) {}         // NOLINT
  Loss(const std::string& name) : Loss(std::string_view(name)) {}  // NOLINT
  template <std::derived_from<Kind> K>
  Loss(K kind) : kind_(std::make_shared<K>(std::move(kind))) {}  // NOLINT
  template <class Options>
  Loss(Variable (*op)(const Operand&, const Operand&, Options))  // NOLINT
      : Loss(Reducing([op](const Operand& y_true, const Operand& y_pred, Reduction reduction) {
               Options options;
               options.reduction = reduction;
               return op(y_true, y_pred, std::move(options));
             }),
             LossReduction(), "loss") {}
  template <class F>
  requires(!std::derived_from<F, Loss> &&
           std::is_invocable_r_v<Variable, const F&, const Operand&, const Operand&>)
      Loss(F function)  // NOLINT
      : Loss(Values([function = std::move(function)](const Operand& y_true, const Operand& y_pred) {
               return LossValues{function(y_true, y_pred)};
             }),
             LossReduction(), "loss") {}
  // From a function and what becomes of its values: how the library's own losses are made.
  Loss(Values function, LossReduction reduction, std::string_view name);
  Loss(Reducing function, LossReduction reduction, std::string_view name);

  bool defined() const { return static_cast<bool>(kind_); }
  // The loss of a batch, a scalar unless its reduction is "none"; each sample's part is multiplied by its
  // weight where there are weights: one for each value or for each sample. ShapeError where they do not fit.
  Variable operator()(const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight = {}) const;
  // The same where a boolean mask tells which values count: a mean is taken over those. A mask of another
  // shape than that of the values, or of a loss that is one value for all samples, says nothing.
  Variable masked(const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight,
                  const Tensor& mask) const;
  // The losses of the samples, neither weighted nor reduced: what a metric averages.
  LossValues values(const Operand& y_true, const Operand& y_pred) const;
  std::string_view name() const;  // "loss" where it has no other

 private:
  const Kind& kind() const;
  std::shared_ptr<const Kind> kind_;
};

// What one derives a loss from that needs more than a function.
class Loss::Kind {
 public:
  virtual ~Kind() = default;
  // The loss of a batch, a scalar. `sample_weight` is undefined or has one weight for each sample.
  virtual Variable call(const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight) const = 0;
  // The losses of the samples or, as here, the loss of all of them where there is no more to tell.
  virtual LossValues values(const Operand& y_true, const Operand& y_pred) const {
    return {call(y_true, y_pred, {})};
  }
  // What becomes of the values where some do not count.
  virtual LossReduction reduction() const { return {}; }
  virtual std::string_view name() const { return "loss"; }
};

struct LossObjectOptions {
  LossReduction reduction = {};
  std::string name = {};  // empty: after the class, "mean_squared_error"
};

}  // namespace gradus
