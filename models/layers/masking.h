#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct MaskingOptions {
  Shape input_shape = {};
  std::string name = {};
};

// Masks the steps of [batch, time, features] whose features all are mask_value, and sets them to zero: the
// layers that follow leave them out. ValueError for a mask_value of NaN, which nothing equals.
class Masking : public Layer {
 public:
  explicit Masking(double mask_value = 0, MaskingOptions options = {});
  static Masking from_config(const Config& config);
};

}  // namespace gradus
