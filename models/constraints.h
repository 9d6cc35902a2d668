#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/models/config/described.h>

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace gradus {

// What a weight is brought back to after each update: what a layer takes for `kernel_constraint` and its
// like. Given by name ("max_norm", "min_max_norm", "non_neg", "unit_norm"), as one of the classes below, or
// as any function of a Tensor that gives a new one. Upper and lower case and underscores do not matter.
// ValueError for another name.
class Constraint : public Described {
 public:
  using Function = std::function<Tensor(const Tensor&)>;

  Constraint() = default;                                                      // none
  Constraint(std::string_view name);                                           // NOLINT: implicit on purpose
  Constraint(const char* name) : Constraint(std::string_view(name)) {}         // NOLINT
  Constraint(const std::string& name) : Constraint(std::string_view(name)) {}  // NOLINT
  template <class F>
  requires(std::is_invocable_r_v<Tensor, const F&, const Tensor&> && !std::derived_from<F, Constraint>)
      Constraint(F function)  // NOLINT
      : Constraint("custom", Function(std::move(function))) {}
  Constraint(std::string name, Function function);

  bool defined() const { return static_cast<bool>(function_); }
  // What w becomes; w itself stays. ShapeError, DTypeError when a function of the user's own changes either,
  // StateError where there is none.
  Tensor operator()(const Tensor& w) const;

  // {"class_name": "UnitNorm", "config": {"axis": 0}}, null for none, and the way back. StateError for a
  // function of the user's own; ValueError for a class or an option that is unknown.
  ConfigValue serialize() const { return defined() ? description("constraint") : ConfigValue(); }
  static Constraint deserialize(const ConfigValue& description);

 protected:
  Constraint(Described description, Function function);

 private:
  Function function_;
};

// Norms are sqrt(sum(w^2)) over `axis`: 0 for the kernel [in, out] of a Dense, {0, 1, 2} for that of a
// two-dimensional convolution, empty for the whole weight. ShapeError, when applied, for an axis that w does
// not have.

struct MaxNormOptions {
  double max_value = 2;  // at least 0
  Axes axis = 0;
};
// w min(norm, max_value) / (norm + 1e-7).
struct MaxNorm : Constraint {
  explicit MaxNorm(const MaxNormOptions& options = {});
};
struct MinMaxNormOptions {
  double min_value = 0;  // at least 0
  double max_value = 1;  // at least min_value
  double rate = 1;       // in [0, 1]: how much of the way to go in each step
  Axes axis = 0;
};
// w (rate min(max(norm, min_value), max_value) + (1 - rate) norm) / (norm + 1e-7).
struct MinMaxNorm : Constraint {
  explicit MinMaxNorm(const MinMaxNormOptions& options = {});
};
// max(w, 0).
struct NonNeg : Constraint {
  NonNeg();
};
struct UnitNormOptions {
  Axes axis = 0;
};
// w / (norm + 1e-7).
struct UnitNorm : Constraint {
  explicit UnitNorm(const UnitNormOptions& options = {});
};

}  // namespace gradus
