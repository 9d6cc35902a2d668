#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>

namespace gradus {

struct NormalizeOptions {
  std::int64_t axis = -1;
  double order = 2;  // of the norm; 1, 2, infinity, or any other that is positive
};

// x divided by its norms along an axis, as keras.utils.normalize; where a norm is 0 the values stay 0.
// float32 stays float32, any other dtype becomes float64. A scalar is taken as one row, as Keras does.
// ShapeError for an axis out of range, ValueError for an order that is not positive.
Tensor normalize(const Tensor& x, const NormalizeOptions& options = {});

namespace data {
using gradus::normalize;
using gradus::NormalizeOptions;
}  // namespace data

}  // namespace gradus
