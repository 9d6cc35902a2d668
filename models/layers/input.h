#pragma once

#include <gradus/models/symbol.h>

namespace gradus {

struct InputOptions {
  std::optional<DType> dtype = {};  // what samples are converted to; the model's unless given
  std::string name = {};
};

// Where samples of a shape enter a model: a Symbol for `Model({in}, {out})`, and the layer InputLayer for
// Sequential. ShapeError for an extent of 0 or less.
class Input : public Symbol {
 public:
  explicit Input(const Shape& shape, InputOptions options = {});
  operator Layer() const { return call().layer; }  // NOLINT: implicit on purpose
};

// The layer under an Input: gives its input on as it is.
class InputLayer : public Layer {
 public:
  explicit InputLayer(const Shape& input_shape, InputOptions options = {});
  static InputLayer from_config(const Config& config);
};

}  // namespace gradus
