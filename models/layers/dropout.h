#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct DropoutOptions {
  // The shape of the mask, with the batch: 1 where an axis shares one draw, -1 for the input's own extent.
  // Empty: each value is drawn for itself.
  Axes noise_shape = {};
  std::optional<std::uint64_t> seed = {};
  Shape input_shape = {};
  std::optional<std::int64_t> input_dim = {};
  std::string name = {};
};

// In training sets a share `rate` of the values to 0 and divides the others by 1 - rate; else changes
// nothing. A rate of 1 drops all. ValueError for a rate outside [0, 1], ShapeError where noise_shape does not
// fit.
class Dropout : public Layer {
 public:
  explicit Dropout(double rate, DropoutOptions options = {});
};

}  // namespace gradus
