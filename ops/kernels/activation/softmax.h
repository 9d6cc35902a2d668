#pragma once

#include <gradus/graph/tensor.h>

namespace gradus::kernels {

// Softmax, its logarithm and sparsemax along an axis, and their gradients: one pass over memory for each step
// of the formula, on runs of contiguous values whether these lie along the axis or across it. The results
// have the shape and dtype of the operands.

Tensor softmax_gradient(const Tensor& y, const Tensor& g, std::size_t axis);      // y (g - sum(g y))
Tensor log_softmax_gradient(const Tensor& y, const Tensor& g, std::size_t axis);  // g - e^y sum(g)
// g - mean(g over the support) on the support y > 0, else 0
Tensor sparsemax_gradient(const Tensor& y, const Tensor& g, std::size_t axis);

void softmax_into(const Tensor& x, std::size_t axis, Tensor& y);
void log_softmax_into(const Tensor& x, std::size_t axis, Tensor& y);

}  // namespace gradus::kernels
