#pragma once

#include <gradus/graph/operand.h>

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace gradus {

// What a layer does to its output: given by name ("relu"), as an op (`relu`, `softmax`), or as any function
// of an Operand. Names are linear, relu, sigmoid, tanh, softmax, log_softmax, exponential; upper and lower
// case do not matter. ValueError for another name.
class ActivationFunction {
 public:
  ActivationFunction() = default;             // linear
  ActivationFunction(std::string_view name);  // NOLINT: implicit on purpose
  ActivationFunction(const char* name) : ActivationFunction(std::string_view(name)) {}         // NOLINT
  ActivationFunction(const std::string& name) : ActivationFunction(std::string_view(name)) {}  // NOLINT
  ActivationFunction(Variable (*op)(const Operand&)) : function_(op), name_("function") {}     // NOLINT
  template <class Options>
  ActivationFunction(Variable (*op)(const Operand&, Options))  // NOLINT
      : function_([op](const Operand& x) { return op(x, Options{}); }), name_("function") {}
  template <class F>
  requires(std::is_class_v<F>&& std::is_invocable_r_v<Variable, const F&, const Operand&>)
      ActivationFunction(F function)  // NOLINT
      : function_(std::move(function)), name_("function") {}

  bool linear() const { return !function_; }
  const std::string& name() const { return name_; }  // as typed; "function" for one without a name
  // REQUIRES !linear().
  Variable operator()(const Operand& x) const { return function_(x); }

 private:
  std::function<Variable(const Operand&)> function_;
  std::string name_ = "linear";
};

}  // namespace gradus
