#pragma once

// Reductions over some axes, or over all where none is given. ShapeError for an axis out of range or
// repeated.

#include <gradus/graph/operand.h>

namespace gradus {

struct ReduceOptions {
  Axes axis = {};         // empty: all axes
  bool keepdims = false;  // keep the reduced axes, with extent 1
};

Variable sum(const Operand& x,
             ReduceOptions options = {});  // 0 for no elements; booleans are counted in int64
Variable mean(const Operand& x, ReduceOptions options = {});  // NaN for no elements; integers give float32
Variable max(const Operand& x,
             ReduceOptions options = {});  // ties share the gradient; ShapeError for no elements
Variable logsumexp(const Operand& x, ReduceOptions options = {});  // log(sum(e^x)), shifted by the maximum

}  // namespace gradus
