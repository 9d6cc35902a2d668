#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>

namespace gradus::kernels {

// The positions, in int64, that put the values along an axis in ascending order: NaN last, equal ones as they
// stand.
Tensor ascending_positions(const Tensor& x, std::size_t axis);

// The positions of the k largest values along the last axis, the largest first: NaN before all, of equal ones
// the first. REQUIRES rank 1 or more and 0 <= k <= extent.
Tensor largest_positions(const Tensor& x, std::int64_t k);

// The position of the extreme value along an axis: the first of equal ones, and of NaNs if there is one.
// `out` is int64 of x's shape without the axis. REQUIRES an extent of 1 or more.
void extreme_positions(Extreme extreme, const Tensor& x, const Shape& shape, std::size_t axis, Tensor& out);

}  // namespace gradus::kernels
