#pragma once

#include <gradus/ops/kernels/loss/loss_op.h>

#include <functional>

namespace gradus::kernels {

// What losses share that compare where y_true and y_pred overlap: sums over axes, all of them by default, so
// that the whole batch gives one value.
// Their value is a function of the sums of t p, t and p, which `of_sums` gives with its derivatives by each.
struct OfSums {
  double value = 0, by_both = 0, by_true = 0, by_pred = 0;
};
struct OverlapLoss {
  std::string_view name = {};
  OpAttributes attributes = {};  // beside the axes
  Axes axis = {};
  Function values = {};  // made of ops
  std::function<OfSums(double both, double of_true, double of_pred)> of_sums = {};
  Reduction reduction = {};
  Tensor sample_weight = {};  // one for each value
};
Variable overlap_loss(OverlapLoss loss, const Operand& y_true, const Operand& y_pred);

// The record of such a loss, given how it is called for some axes.
using OverlapCall = std::function<Variable(const Variable& y_true, const Variable& y_pred, const Axes& axis,
                                           Reduction reduction, const Tensor& weight)>;
OpInfo overlap_record(const OverlapCall& call, OpInfo about);

}  // namespace gradus::kernels
