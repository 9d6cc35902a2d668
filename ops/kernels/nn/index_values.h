#pragma once

#include <gradus/graph/call.h>

namespace gradus::kernels {

// The values of operand i as int64 indices below `limit`. They may be integers, or floats without a fraction,
// as fit hands them on. ValueError naming the first that is none: "index 5 is out of range [0, 3)".
Tensor index_values(const Call& call, std::size_t i, std::int64_t limit);

}  // namespace gradus::kernels
