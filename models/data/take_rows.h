#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <span>

namespace gradus::data {

// A copy of the named rows of the first axis, in that order: [n, …] -> [rows, …], any dtype.
// ShapeError for a scalar or a row outside [0, n).
Tensor take_rows(const Tensor& x, std::span<const std::int64_t> rows);

}  // namespace gradus::data
