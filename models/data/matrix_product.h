#pragma once

#include <gradus/graph/tensor.h>

namespace gradus::data {

// a [n, k] x b [k, m], each sum in the order of k and without fused products: the same bits on every machine,
// which data that are drawn from a seed need more than speed. REQUIRES float64 matrices that fit.
Tensor matrix_product(const Tensor& a, const Tensor& b);

}  // namespace gradus::data
