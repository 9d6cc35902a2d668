#pragma once

#include <gradus/graph/tensor.h>

#include <optional>

namespace gradus::kernels {

// The gradient of a product over the axes along which `kept` has extent 1 and x more; g has `kept`'s shape.
// Nothing where those axes are no neighbours.
std::optional<Tensor> prod_gradient(const Tensor& x, const Shape& kept, const Tensor& g);

}  // namespace gradus::kernels
