#pragma once

#include <gradus/models/data/random_state.h>

namespace gradus::data {

// `count` different corners of the unit cube, float64 [count, dimensions] of zeros and ones, drawn as
// scikit-learn draws them. REQUIRES 1 <= count <= 2^dimensions.
Tensor hypercube_corners(std::int64_t count, std::int64_t dimensions, numpy::RandomState& random);

}  // namespace gradus::data
