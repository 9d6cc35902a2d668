#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct SoftmaxLayerOptions {
  Axes axis = -1;  // one or several, along which the values sum to 1 together; counted with the batch's
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// e^x / sum(e^x). Where the call has a mask that broadcasts to x, what it masks is 0.
class Softmax : public Layer {
 public:
  explicit Softmax(SoftmaxLayerOptions options = {});
  static Softmax from_config(const Config& config);
};

}  // namespace gradus
