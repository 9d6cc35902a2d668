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
  std::string arguments = {};  // what is passed beside the operands: "axis = [0, 1], keepdims = true"
  std::vector<Tensor> inputs = {};
  Function call = {};
  // Infinities, NaN, subnormals, the ends of a domain: values are looked at, gradients are not.
  bool extreme = false;
};

// A misuse, and the text of its error without the op's name in front and the user's line behind.
struct OpError {
  std::string message = {};
  std::vector<Tensor> inputs = {};
  Function call = {};
};

// Floating-point operations of the forward pass of a sample, estimated: so many an element of the result, or
// a function.
class OpCost {
 public:
  using Function = std::function<double(const OpSample& sample, const Tensor& result)>;
  OpCost(double per_element = 1)  // NOLINT: implicit on purpose
      : function_([=](const OpSample&, const Tensor& result) {
          return per_element * static_cast<double>(result.size());
        }) {}
  template <class F>
  requires std::is_invocable_r_v<double, F, const OpSample&, const Tensor&> OpCost(F function)  // NOLINT
      : function_(std::move(function)) {}
  double operator()(const OpSample& sample, const Tensor& result) const { return function_(sample, result); }

 private:
  Function function_;
};

// The record of an op: the one source of its tests, benchmark and documentation. Its name and family are
// those of its file.
struct OpInfo {
  std::string signature = {};  // what a user passes: "(x, {.axis = -1})"
  std::string formula = {};    // y = …
  std::string gradient = {};   // dx = …, g being the gradient of the result; empty: none
  std::string shapes = {};     // of operands and result
  std::string kinks = {};  // where the derivative jumps, and what it is there; samples keep away from them
  OpCost flops = {};
  // Samples whose extents are about n; drawn from `random`, the same for the same seed.
  std::function<std::vector<OpSample>(Random& random, std::int64_t n)> samples = {};
  std::vector<OpError> errors = {};
  bool random = false;  // the result is drawn: there are no values to compare it with
  std::string name = {};
  std::string family = {};

  bool differentiable() const { return !gradient.empty(); }
};

// The records of all ops, in the order of the build's lists.
std::span<const OpInfo> catalogue();
// The record of the op called `name`; ValueError, with the nearest name, when there is none.
const OpInfo& find_op(std::string_view name);

// "[2, 3], [3]; axis = 1"
std::string describe(const OpSample& sample);
// Bytes the forward pass of a sample moves at least: its operands read, its result written.
double bytes_moved(const OpSample& sample, const Tensor& result);

}  // namespace gradus
