#pragma once

#include <gradus/graph/variable.h>

namespace gradus::kernels {

// What is taken apart into many: x itself, under a node of its own. The gradients of the parts meet there as
// rows, so that the way back costs one pass over x and not one for each part.
Variable whole(const Variable& x);

// The positions [begin, end) of an axis of a `whole`, under `shape`, which has as many elements.
Variable part_of_whole(const Variable& whole, std::size_t axis, std::int64_t begin, std::int64_t end,
                       const Shape& shape);

}  // namespace gradus::kernels
