#pragma once

#include <gradus/graph/gradcheck.h>
#include <gradus/graph/random.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// One call of an op to try: its operands and how they are passed. Operands that can be differentiated are
// floating.
struct OpSample {
  std::string note = {};  // what is special about it
  std::vector<Tensor> inputs = {};
  GradcheckFunction call = {};
};

// A misuse, and the text its error must contain.
struct OpError {
  std::string message = {};
  std::vector<Tensor> inputs = {};
  GradcheckFunction call = {};
};

// The record of an op: the one source of its tests, benchmark and documentation.
struct OpInfo {
  std::string name = {};
  std::string family = {};
  std::string signature = {};  // as a user calls it
  std::string formula = {};    // y = …
  std::string gradient = {};   // dx = …, g being the gradient of the result; empty: none
  std::string shapes = {};     // of operands and result
  std::string kinks = {};  // where the derivative jumps, and what it is there; samples keep away from them
  // Samples whose extents are about n; drawn from `random`, the same for the same seed.
  std::function<std::vector<OpSample>(Random& random, std::int64_t n)> samples = {};
  std::vector<OpError> errors = {};
  // Floating-point operations and bytes moved by the forward pass of a sample, estimated.
  std::function<double(const OpSample& sample, const Tensor& result)> flops = {};

  bool differentiable() const { return !gradient.empty(); }
};

// The records of all ops, in the order of the build's lists.
std::span<const OpInfo> catalogue();
// The record of the op called `name`; ValueError, with the nearest name, when there is none.
const OpInfo& find_op(std::string_view name);

// Bytes the forward pass of a sample moves at least: its operands read, its result written.
double bytes_moved(const OpSample& sample, const Tensor& result);

}  // namespace gradus
