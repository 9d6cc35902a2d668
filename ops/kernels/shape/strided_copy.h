#pragma once

#include <gradus/graph/tensor.h>

namespace gradus::kernels {

// Positions in a buffer, in elements: index i lies at offset + sum(i[axis] * strides[axis]).
struct Layout {
  std::int64_t offset = 0;
  Dims strides = {};
};

// The strides of a contiguous tensor of this shape.
Dims contiguous_strides(const Shape& shape);

// Copies shape.elements() values between two layouts of tensors of one dtype: transpose, slice, broadcast and
// their reverse are this with other strides. REQUIRES that no position lies outside its tensor.
void strided_copy(const Shape& shape, const Tensor& from, const Layout& source, Tensor& to,
                  const Layout& target);

}  // namespace gradus::kernels
