#pragma once

// Operations on the graph itself: where gradients pass, what is kept, and what is computed again.

#include <gradus/graph/function.h>
#include <gradus/graph/operand.h>

#include <functional>
#include <vector>

namespace gradus {

// The value of x as a constant: no gradient passes.
Variable stop_gradient(const Operand& x);

// What custom_gradient asks for the gradients: g is that of the result.
struct CustomBackward {
  const Variable& g;
  std::span<const Variable> x;  // the operands
  const Variable& y;            // the result
};
using CustomGradientRule = std::function<Variables(const CustomBackward&)>;

// The value of `function`, with `rule` for its gradient: one gradient for each operand, of its shape, made of
// ops if it is to be differentiated in turn; an undefined Variable stands for zeros. What goes on inside
// `function` is not recorded. Whether an operand wants a gradient is not the rule's concern.
//   custom_gradient([](const Variable& x) { return exp(x); }, [](const CustomBackward& b) { return b.g * b.y;
//   }, {x})
// ValueError: no function, no rule, no operands; in backward, another number of gradients. StateError in
// backward: a gradient of another shape or dtype.
Variable custom_gradient(const Function& function, const CustomGradientRule& rule,
                         const std::vector<Operand>& operands);

// The value of `function`, of which only the operands are kept: backward runs it again. Costs one more
// forward pass and saves the memory of all values inside. Parameters that the function uses without being
// passed them get their gradients too. The function must give the same value again: one that draws random
// numbers takes them from a copy of a Random; StateError in backward where it does not. ValueError: no
// function, no operands.
Variable checkpoint(const Function& function, const std::vector<Operand>& operands);

}  // namespace gradus
