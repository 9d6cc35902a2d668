#pragma once

#include <gradus/graph/tensor.h>

#include <string>

namespace gradus {

// Compares every bit of a tensor of 8-byte elements with the array of that name in reference.txt, which
// make_reference.py wrote with NumPy and scikit-learn: empty when they agree, else what differs.
std::string difference_from_reference(const std::string& name, const Tensor& tensor);

}  // namespace gradus
