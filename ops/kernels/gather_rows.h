#pragma once

#include <gradus/graph/variable.h>

namespace gradus::kernels {

// Rows of x, seen as rows of as many values as x.size() / (rows of x): row i of the result is row indices[i]
// of x. The indices are int64, checked by the caller, and `shape` holds indices.size() such rows. The
// gradient is scatter_rows, whose own is gather_rows: all orders.
Variable gather_rows(const Variable& x, const Tensor& indices, std::int64_t width, const Shape& shape);
// The transpose: zeros of shape `shape`, to whose row indices[i] row i of x is added.
Variable scatter_rows(const Variable& x, const Tensor& indices, std::int64_t width, const Shape& shape);

// What gather_rows computes, into tensors of the right size.
void gather_rows_into(const Tensor& x, const Tensor& indices, std::int64_t width, Tensor& out);

}  // namespace gradus::kernels
