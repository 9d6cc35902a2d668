#pragma once

#include <gradus/models/layers/input.h>

namespace gradus {

// Gives its input on as it is; models ask it for the shape and dtype of their samples.
class InputKind : public Layer::Kind {
 public:
  InputKind(const Shape& shape, InputOptions options);

  Variable call(const Operand& x, CallOptions) override { return x.variable(); }
  Shape output_shape(const Shape& input) override { return input; }
  bool supports_masking() const override { return true; }
  Config get_config() const override;

  std::optional<DType> sample_dtype() const { return dtype_; }

 private:
  Shape shape_;
  std::optional<DType> dtype_;
};

// The symbol of an InputLayer. ValueError for another layer.
Symbol symbol_of_input(const Layer& layer);

}  // namespace gradus
