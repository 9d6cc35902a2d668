#pragma once

#include <gradus/graph/operand.h>
#include <gradus/models/config/config.h>

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace gradus {

// What a layer does to its output: given by name ("relu"), as an op (`relu`, `softmax`, one of
// <gradus/models/activations.h>), or as any function of an Operand. Names are Keras's: celu, elu,
// exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu (hard_swish), hard_tanh, leaky_relu, linear,
// log_sigmoid, log_softmax, mish, relu, relu6, selu, sigmoid, silu (swish), soft_shrink, softmax, softplus,
// softsign, sparse_plus, sparse_sigmoid, sparsemax, squareplus, tanh, tanh_shrink, threshold; upper and lower
// case and underscores do not matter. ValueError for another name, and for an empty function. Options have
// their defaults; where they should not, pass a function: `[](const Operand& x) { return leaky_relu(x,
// {.negative_slope = 0.1}); }`.
class ActivationFunction {
  using Function = std::function<Variable(const Operand&)>;
  using AnyOp = void (*)();

 public:
  ActivationFunction() = default;             // linear
  ActivationFunction(std::string_view name);  // NOLINT: implicit on purpose
  ActivationFunction(const char* name) : ActivationFunction(std::string_view(name)) {}         // NOLINT
  ActivationFunction(const std::string& name) : ActivationFunction(std::string_view(name)) {}  // NOLINT
  ActivationFunction(Variable (*op)(const Operand&))                                           // NOLINT
      : ActivationFunction(reinterpret_cast<AnyOp>(op), op) {}
  template <class Options>
  ActivationFunction(Variable (*op)(const Operand&, Options))  // NOLINT
      : ActivationFunction(reinterpret_cast<AnyOp>(op), [op](const Operand& x) { return op(x, Options{}); }) {
  }
  template <class F>
  requires(std::is_class_v<F>&& std::is_invocable_r_v<Variable, const F&, const Operand&>)
      ActivationFunction(F function)  // NOLINT
      : ActivationFunction(nullptr, Function(std::move(function))) {}

  bool linear() const { return !function_; }
  // "silu" for silu and swish, by name and as an op; "function" for one of the user's own.
  const std::string& name() const { return name_; }
  Variable operator()(const Operand& x) const;

  // Its name, and the way back; null is linear. StateError for a function of the user's own; ValueError for
  // an unknown name.
  ConfigValue serialize() const;
  static ActivationFunction deserialize(const ConfigValue& description);

 private:
  ActivationFunction(AnyOp op, Function function);  // under its name, if the op is one of those that have one

  Function function_;
  std::string name_ = "linear";
};

}  // namespace gradus
