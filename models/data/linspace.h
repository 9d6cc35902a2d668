#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>

namespace gradus {

struct LinspaceOptions {
  bool endpoint = true;  // whether `stop` is the last value
  DType dtype = DType::float64;
};

// `num` evenly spaced values from start to stop, bit for bit NumPy's linspace: [num].
// ValueError for a negative num; DTypeError unless the dtype is floating.
Tensor linspace(double start, double stop, std::int64_t num = 50, const LinspaceOptions& options = {});

namespace data {
using gradus::linspace;
using gradus::LinspaceOptions;
}  // namespace data

}  // namespace gradus
