#pragma once

#include <gradus/graph/tensor.h>

namespace gradus {

struct Meshgrid {
  Tensor xx;  // [y's size, x's size], x along every row
  Tensor yy;  // [y's size, x's size], y down every column
};

// The coordinates of a grid's points, with NumPy's default 'xy' indexing:
//   auto [xx, yy] = meshgrid(x, y);
// x [m] and y [n] keep their dtypes. ShapeError unless both are vectors.
Meshgrid meshgrid(const Tensor& x, const Tensor& y);

namespace data {
using gradus::Meshgrid;
using gradus::meshgrid;
}  // namespace data

}  // namespace gradus
