#pragma once

#include <gradus/models/activation_function.h>
#include <gradus/models/layer.h>

namespace gradus {

// An activation as a layer of its own; the shape stays.
class Activation : public Layer {
 public:
  explicit Activation(ActivationFunction activation, LayerOptions options = {});
  static Activation from_config(const Config& config);
};

}  // namespace gradus
