#include <gradus/graph/error.h>
#include <gradus/models/layers/input.h>
#include <gradus/models/layers/input_kind.h>

namespace gradus {

InputKind::InputKind(const Shape& shape, InputOptions options)
    : Kind({.input_shape = shape, .name = std::move(options.name)}), shape_(shape), dtype_(options.dtype) {
  for (const std::int64_t extent : shape) {
    if (extent < 1) throw ShapeError("Input: extents must be positive, got " + to_string(shape));
  }
}

Config InputKind::get_config() const {
  Config config;
  config.set("batch_shape", [&] {
    ConfigValue::List list = {ConfigValue()};
    list.insert(list.end(), shape_.begin(), shape_.end());
    return list;
  }());
  return config.set("dtype", dtype_ ? ConfigValue(to_string(*dtype_)) : ConfigValue());
}

InputLayer::InputLayer(const Shape& input_shape, InputOptions options)
    : Layer(std::make_shared<InputKind>(input_shape, std::move(options)), "InputLayer") {}

InputLayer InputLayer::from_config(const Config& config) {
  const ConfigValue::List& batch = config["batch_shape"].list();
  if (batch.empty()) throw ValueError("InputLayer: batch_shape is empty");
  std::vector<std::int64_t> dims;
  for (std::size_t i = 1; i < batch.size(); ++i) dims.push_back(batch[i].integer());
  InputOptions options;
  if (const ConfigValue* name = config.find("name")) options.name = name->text();
  if (const ConfigValue* dtype = config.find("dtype"); dtype != nullptr && !dtype->is_null()) {
    options.dtype = parse_dtype(dtype->text());
  }
  return InputLayer(Shape(dims), std::move(options));
}

Input::Input(const Shape& shape, InputOptions options)
    : Symbol(std::make_shared<const Call>(Call{InputLayer(shape, std::move(options)), {}, {}, {shape}}), 0) {}

}  // namespace gradus
