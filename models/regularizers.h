#pragma once

#include <gradus/graph/operand.h>
#include <gradus/models/config/described.h>

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace gradus {

// A penalty on the values of a weight, which is added to the loss: what a layer takes for
// `kernel_regularizer` and its like. Given by name ("l1", "l2", "l1_l2", "orthogonal_regularizer"), as one of
// the classes below, or as any function of an Operand that gives a scalar. Upper and lower case and
// underscores do not matter. ValueError for another name.
class Regularizer : public Described {
 public:
  using Function = std::function<Variable(const Operand&)>;

  Regularizer() = default;                                                // none
  Regularizer(std::string_view name);                                     // NOLINT: implicit on purpose
  Regularizer(const char* name) : Regularizer(std::string_view(name)) {}  // NOLINT
  Regularizer(const std::string& name) : Regularizer(std::string_view(name)) {}  // NOLINT
  template <class F>
  requires(std::is_invocable_r_v<Variable, const F&, const Operand&> && !std::derived_from<F, Regularizer>)
      Regularizer(F function)  // NOLINT
      : Regularizer("custom", Function(std::move(function))) {}
  Regularizer(std::string name, Function function);

  bool defined() const { return static_cast<bool>(function_); }
  // The penalty, a scalar of w's dtype. ShapeError when a function of the user's own gives something else,
  // StateError where there is none.
  Variable operator()(const Operand& w) const;

  // {"class_name": "L2", "config": {"l2": 0.01}}, null for none, and the way back. StateError for a function
  // of the user's own; ValueError for a class or an option that is unknown.
  ConfigValue serialize() const { return defined() ? description("regularizer") : ConfigValue(); }
  static Regularizer deserialize(const ConfigValue& description);

 protected:
  Regularizer(Described description, Function function);

 private:
  Function function_;
};

// l1 sum(|w|). ValueError, here and below, unless factors are finite and not negative.
struct L1 : Regularizer {
  explicit L1(double l1 = 0.01);
};
// l2 sum(w^2): no half, as in Keras.
struct L2 : Regularizer {
  explicit L2(double l2 = 0.01);
};
struct L1L2Options {
  double l1 = 0;
  double l2 = 0;
};
// Both together. Under its name, "l1_l2", both factors are 0.01, as in Keras.
struct L1L2 : Regularizer {
  explicit L1L2(L1L2Options options = {});
};
struct OrthogonalRegularizerOptions {
  double factor = 0.01;
  std::string mode = "rows";  // or "columns"
};
// factor times the mean of |a b| over all pairs of rows, or columns, of a matrix, each of norm 1; 0 where
// there is no pair. The weight must be a matrix: ShapeError.
struct OrthogonalRegularizer : Regularizer {
  explicit OrthogonalRegularizer(const OrthogonalRegularizerOptions& options = {});
};

}  // namespace gradus
