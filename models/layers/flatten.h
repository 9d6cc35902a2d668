#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// [batch, a, b, ...] -> [batch, a b ...].
class Flatten : public Layer {
 public:
  explicit Flatten(LayerOptions options = {});
};

}  // namespace gradus
