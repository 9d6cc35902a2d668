#pragma once

#include <gradus/models/layer.h>

#include <functional>

namespace gradus {

struct LambdaOptions {
  // Of a sample of the output, where that is known; else the function is tried on one sample of zeros.
  Shape output_shape = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
};

// Any function of a batch as a layer without weights. It has no description, so get_config throws StateError,
// and so does saving: derive a layer of your own where that is needed. ValueError for an empty function.
class Lambda : public Layer {
 public:
  explicit Lambda(std::function<Variable(const Operand&)> function, LambdaOptions options = {});
};

}  // namespace gradus
