#pragma once

#include <gradus/graph/function.h>
#include <gradus/graph/operand.h>

#include <cstdint>
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

// Compares the gradients of `function` at `inputs` with 6th-order directional differences, in float64:
// floating inputs are converted and perturbed, others stay as they are. A direction costs the same whatever
// the inputs' size. Source of the stencil: Fornberg, "Generation of finite difference formulas on arbitrarily
// spaced grids", 1988. REQUIRES that no kink lies within 0.03 of an input.
GradcheckResult gradcheck(const Function& function, const std::vector<Tensor>& inputs,
                          GradcheckOptions options = {});

}  // namespace gradus
