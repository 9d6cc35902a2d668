#pragma once

// Activation functions. Integers become float32. Every one has gradients of every order.

#include <gradus/graph/operand.h>

namespace gradus {

struct SoftmaxOptions {
  std::int64_t axis = -1;  // the axis along which the values sum to 1
};

Variable relu(const Operand& x);     // max(x, 0); the gradient at 0 is 0
Variable sigmoid(const Operand& x);  // 1 / (1 + e^-x)
// e^x / sum(e^x) along an axis, shifted by the maximum so that large values neither overflow nor lose digits.
// ShapeError for a scalar or an axis out of range.
Variable softmax(const Operand& x, SoftmaxOptions options = {});
Variable log_softmax(const Operand& x, SoftmaxOptions options = {});  // x - logsumexp(x) along an axis

}  // namespace gradus
