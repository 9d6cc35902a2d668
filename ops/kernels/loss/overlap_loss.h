#pragma once

#include <gradus/ops/kernels/loss/loss_op.h>

namespace gradus::kernels {

// What losses share that compare where y_true and y_pred overlap: sums over axes, all of them by default, so
// that the whole batch gives one value.
struct OverlapLoss {
  std::string_view name = {};
  OpAttributes attributes = {};  // beside the axes
  Axes axis = {};
  Function values = {};
  Reduction reduction = {};
  Tensor sample_weight = {};  // one for each value
};
Variable overlap_loss(OverlapLoss loss, const Operand& y_true, const Operand& y_pred);

// The record of such a loss, given how it is called for some axes.
using OverlapCall = std::function<Variable(const Variable& y_true, const Variable& y_pred, const Axes& axis,
                                           Reduction reduction, const Tensor& weight)>;
OpInfo overlap_record(const OverlapCall& call, OpInfo about);

}  // namespace gradus::kernels
