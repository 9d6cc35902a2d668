#pragma once

#include <gradus/graph/operand.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace gradus {

struct GradcheckOptions {
  int order = 2;            // 1: gradients; 2: gradients of gradients as well
  double tolerance = 1e-8;  // relative
  int directions = 3;       // random directions tried
  std::uint64_t seed = 0;
};

// What gradcheck found: true when every direction agreed.
class GradcheckResult {
 public:
  GradcheckResult(double error, std::string message) : error_(error), message_(std::move(message)) {}
  explicit operator bool() const { return message_.empty(); }
  double error() const { return error_; }                  // the largest relative error met
  const std::string& message() const { return message_; }  // empty when all agreed

 private:
  double error_;
  std::string message_;
};

using GradcheckFunction = std::function<Variable(std::span<const Variable>)>;

// Compares the gradients of `function` at `inputs` with 6th-order directional differences, in float64:
// floating inputs are converted and perturbed, others stay as they are. A direction costs the same whatever
// the inputs' size. Source of the stencil: Fornberg, "Generation of finite difference formulas on arbitrarily
// spaced grids", 1988. REQUIRES that no kink lies within 0.03 of an input.
GradcheckResult gradcheck_span(const GradcheckFunction& function, const std::vector<Tensor>& inputs,
                               GradcheckOptions options = {});

// The same for a function of one to four operands: `gradcheck(swish, {random.normal({3, 4})})`.
template <class F>
GradcheckResult gradcheck(F function, const std::vector<Tensor>& inputs, GradcheckOptions options = {}) {
  const auto call = [&](std::span<const Variable> x) -> Variable {
    if constexpr (std::is_invocable_v<F, std::span<const Variable>>) {
      return function(x);
    } else if constexpr (std::is_invocable_v<F, const Variable&>) {
      return function(x[0]);
    } else if constexpr (std::is_invocable_v<F, const Variable&, const Variable&>) {
      return function(x[0], x[1]);
    } else if constexpr (std::is_invocable_v<F, const Variable&, const Variable&, const Variable&>) {
      return function(x[0], x[1], x[2]);
    } else {
      return function(x[0], x[1], x[2], x[3]);
    }
  };
  return gradcheck_span(call, inputs, options);
}

}  // namespace gradus
