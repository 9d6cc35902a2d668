#pragma once

#include <gradus/graph/tensor.h>

#include <string>

namespace gradus::testing_data::pieces {

// An array of reference.txt, in float64. Throws where there is none of this name.
Tensor reference(const std::string& name);

// Empty when the tensor has the array's shape and its values, up to `tolerance` of each value or of 1,
// whichever is larger; else what differs. Infinities and NaN must be the same.
std::string difference(const Tensor& tensor, const std::string& name, double tolerance = 1e-13);

}  // namespace gradus::testing_data::pieces
