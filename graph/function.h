#pragma once

#include <gradus/graph/variable.h>

#include <concepts>
#include <functional>
#include <span>
#include <type_traits>
#include <utility>

namespace gradus {

// A function of some Variables, made of ops: from a callable of one to four Variables (or Operands), or of a
// span of them.
class Function {
 public:
  using Operands = std::span<const Variable>;

  Function() = default;
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Function> &&
           (std::is_invocable_r_v<Variable, F, Operands> ||
            std::is_invocable_r_v<Variable, F, const Variable&> ||
            std::is_invocable_r_v<Variable, F, const Variable&, const Variable&> ||
            std::is_invocable_r_v<Variable, F, const Variable&, const Variable&, const Variable&> ||
            std::is_invocable_r_v<Variable, F, const Variable&, const Variable&, const Variable&,
                                  const Variable&>)) Function(F function) {  // NOLINT: implicit on purpose
    using V = const Variable&;
    if constexpr (std::is_invocable_r_v<Variable, F, Operands>) {
      call_ = std::move(function);
    } else if constexpr (std::is_invocable_r_v<Variable, F, V>) {
      take<1>([f = std::move(function)](Operands x) { return f(x[0]); });
    } else if constexpr (std::is_invocable_r_v<Variable, F, V, V>) {
      take<2>([f = std::move(function)](Operands x) { return f(x[0], x[1]); });
    } else if constexpr (std::is_invocable_r_v<Variable, F, V, V, V>) {
      take<3>([f = std::move(function)](Operands x) { return f(x[0], x[1], x[2]); });
    } else {
      take<4>([f = std::move(function)](Operands x) { return f(x[0], x[1], x[2], x[3]); });
    }
  }

  explicit operator bool() const { return static_cast<bool>(call_); }
  // ValueError for a number of operands that the function does not take. REQUIRES that there is a function.
  Variable operator()(Operands operands) const {
    if (arity_ != 0 && operands.size() != arity_) throw_count(operands.size());
    return call_(operands);
  }

 private:
  template <std::size_t arity, class F>
  void take(F call) {
    arity_ = arity;
    call_ = std::move(call);
  }
  [[noreturn]] void throw_count(std::size_t given) const;

  std::function<Variable(Operands)> call_;
  std::size_t arity_ = 0;  // 0: any number
};

}  // namespace gradus
