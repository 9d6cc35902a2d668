#pragma once

#include <gradus/graph/tensor.h>

#include <string>

namespace gradus {

// Compares every bit of a tensor of 8-byte elements with the array of that name in reference.txt, which
// make_reference.py wrote with NumPy and scikit-learn: empty when they agree, else what differs.
std::string difference_from_reference(const std::string& name, const Tensor& tensor);

// The array of that name in reference_values.txt, float64, for what agrees up to rounding only. Throws
// std::out_of_range when there is none.
Tensor reference_values(const std::string& name);
// The text of that name in reference_texts.txt. Throws std::out_of_range when there is none.
std::string reference_text(const std::string& name);

}  // namespace gradus
