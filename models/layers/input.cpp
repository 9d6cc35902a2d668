#include <gradus/graph/error.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/input_kind.h>
#include <gradus/models/sample_shape.h>

namespace gradus {

InputKind::InputKind(const Shape& shape, InputOptions options)
    : Kind({.input_shape = shape, .name = std::move(options.name)}), shape_(shape), dtype_(options.dtype) {
  for (const std::int64_t extent : shape) {
    if (extent < 1) throw ShapeError("Input: extents must be positive, got " + to_string(shape));
  }
}

Config InputKind::get_config() const {
  return Config()
      .set("batch_shape", batch_config(shape_))
      .set("dtype", dtype_ ? ConfigValue(to_string(*dtype_)) : ConfigValue());
}

InputLayer::InputLayer(const Shape& input_shape, InputOptions options)
    : Layer(std::make_shared<InputKind>(input_shape, std::move(options)), "InputLayer") {}

InputLayer InputLayer::from_config(const Config& config) {
  InputOptions options;
  if (const ConfigValue* name = config.find("name")) options.name = name->text();
  if (const ConfigValue* dtype = config.find("dtype"); dtype != nullptr && !dtype->is_null()) {
    options.dtype = parse_dtype(dtype->text());
  }
  return InputLayer(sample_shape_of(config["batch_shape"]), std::move(options));
}

Symbol symbol_of_input(const Layer& layer) {
  if (dynamic_cast<InputKind*>(&layer.kind()) == nullptr) {
    throw ValueError("'" + layer.name() + "' is called on nothing, and is no Input");
  }
  return Symbol(
      std::make_shared<const Symbol::Call>(Symbol::Call{layer, {}, {}, {layer.kind().input_shape()}}), 0);
}

Input::Input(const Shape& shape, InputOptions options)
    : Symbol(symbol_of_input(InputLayer(shape, std::move(options)))) {}

}  // namespace gradus
