#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <span>

namespace gradus::data {

// A copy of the named columns of a matrix, in that order: [n, k] -> [n, columns], any dtype. ShapeError
// unless x has two axes and the columns are in [0, k).
Tensor take_columns(const Tensor& x, std::span<const std::int64_t> columns);

}  // namespace gradus::data
