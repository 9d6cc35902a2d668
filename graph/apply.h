#pragma once

#include <gradus/graph/op.h>
#include <gradus/graph/operand.h>

#include <concepts>
#include <initializer_list>
#include <span>
#include <utility>

namespace gradus {

// Runs an op: converts and checks the operands, computes the value, and records a node when an operand wants
// a gradient and this thread records.
Variable apply(Ref<const Op> op, std::span<const Operand> operands);
inline Variable apply(Ref<const Op> op, std::initializer_list<Operand> operands) {
  return apply(std::move(op), std::span(operands.begin(), operands.size()));
}
// The same, of Operands alone and without copies of them: `apply(op, x, kernel, bias)`.
Variable apply(const Ref<const Op>& op, const Operand& x);
Variable apply(const Ref<const Op>& op, const Operand& a, const Operand& b);
Variable apply(const Ref<const Op>& op, std::span<const Operand* const> operands);
template <std::same_as<Operand>... Operands>
requires(sizeof...(Operands) > 2) Variable apply(const Ref<const Op>& op, const Operands&... operands) {
  const Operand* const list[] = {&operands...};
  return apply(op, std::span<const Operand* const>(list));
}
// The same for an op made on the spot: `apply(Outer(k), {a, b})`.
template <std::derived_from<Op> K>
Variable apply(K op, std::initializer_list<Operand> operands) {
  return apply(Ref<const Op>::adopt(new K(std::move(op))), std::span(operands.begin(), operands.size()));
}
template <std::derived_from<Op> K>
Variable apply(K op, std::span<const Operand> operands) {
  return apply(Ref<const Op>::adopt(new K(std::move(op))), operands);
}

}  // namespace gradus
