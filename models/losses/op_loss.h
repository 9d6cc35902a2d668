#pragma once

#include <gradus/models/losses/loss.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/shape.h>

namespace gradus {

// An op and the settings it is called with, as what a loss is made of.
template <class Options>
auto with(Variable (*op)(const Operand&, const Operand&, Options), Options settings) {
  return [op, settings = std::move(settings)](const Operand& y_true, const Operand& y_pred,
                                              Reduction reduction) {
    Options options = settings;
    options.reduction = reduction;
    return op(y_true, y_pred, std::move(options));
  };
}
inline auto with(Variable (*op)(const Operand&, const Operand&, LossOptions)) {
  return with(op, LossOptions{});
}

// x with `axis` moved to the end, which is where the ops look.
inline Operand axis_last(const Operand& x, std::int64_t axis) {
  if (axis == -1 || !x.has_value() || axis == x.rank() - 1) return x;
  return Operand(moveaxis(x, axis, -1), x.where());
}

// The same along another axis of both operands.
template <class Function>
auto along(std::int64_t axis, Function function) {
  return [axis, function = std::move(function)](const Operand& y_true, const Operand& y_pred,
                                                Reduction reduction) {
    if (axis == -1) return function(y_true, y_pred, reduction);
    return function(axis_last(y_true, axis), axis_last(y_pred, axis), reduction);
  };
}

inline std::string_view name_or(const std::string& name, std::string_view otherwise) {
  return name.empty() ? otherwise : std::string_view(name);
}

}  // namespace gradus
