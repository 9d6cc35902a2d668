#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// A layer whose output has its input's shape and mask.
class SameShape : public Layer::Kind {
 public:
  using Kind::Kind;
  Shape output_shape(const Shape& input) override { return input; }
  bool supports_masking() const override { return true; }
};

}  // namespace gradus
