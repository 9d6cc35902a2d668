#pragma once

#include <gradus/graph/call.h>

namespace gradus::kernels {

// The shape with these extents; ShapeError under the call's name when they hold more elements than can be.
Shape result_shape(const Call& call, Dims dims);

// The extents a + b and a * b of a result; ShapeError when they overflow.
std::int64_t extent_sum(const Call& call, std::int64_t a, std::int64_t b);
std::int64_t extent_product(const Call& call, std::int64_t a, std::int64_t b);

// An axis of a result of this rank, counted from the front; ShapeError outside [-rank, rank).
std::size_t result_axis(const Call& call, std::int64_t axis, std::int64_t rank);

// Axes of operand 0 counted from the front, in the order given; ShapeError for one out of range or repeated.
Dims axes_in_order(const Call& call, const Axes& axes);

}  // namespace gradus::kernels
