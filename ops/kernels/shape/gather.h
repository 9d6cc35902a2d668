#pragma once

#include <gradus/graph/call.h>
#include <gradus/ops/kernels/shape/axis_split.h>

namespace gradus::kernels {

// Indices into an axis: int64 of any shape, negative ones counted from the end.

// What an operand that holds indices is converted to; DTypeError unless it is an integer.
DType index_dtype(const Call& call, std::size_t i);
// A whole number among the operands as an index, which would take another operand's dtype otherwise.
Operand index_operand(const Operand& indices);
// ValueError, which names the index and the limits, unless all lie in [-extent, extent).
void check_indices(const Call& call, const Tensor& indices, std::int64_t extent);

// With x seen along an axis: out[o, k] = x[o, indices[k]] for each k, where a place holds split.inner values.
// REQUIRES checked indices.
void gather(const Tensor& x, const AxisSplit& split, const Tensor& indices, Tensor& out);
// take_along_axis, but for the checks of shapes: `result` is what they broadcast to outside the axis. `call`
// tells of an index out of range.
Variable take_along(const Call& call, const Variable& x, const Tensor& indices, const Shape& result,
                    std::size_t axis);
// out[o, indices[k]] += updates[o, k], in the order of k; `split` is that of `out`. REQUIRES checked indices.
void scatter_add(const Tensor& updates, const AxisSplit& split, const Tensor& indices, Tensor& out);

}  // namespace gradus::kernels
