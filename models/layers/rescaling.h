#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct RescalingOptions {
  double offset = 0;
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// x scale + offset; integers become the layer's dtype. ValueError for a number that is not finite.
class Rescaling : public Layer {
 public:
  explicit Rescaling(double scale, RescalingOptions options = {});
  static Rescaling from_config(const Config& config);
};

}  // namespace gradus
