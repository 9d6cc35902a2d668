#include <gradus/models/layers/layer_config.h>

namespace gradus {

LayerConfig::LayerConfig(const Config& config, std::string_view owner) : owner_(owner) {
  for (const auto& [name, value] : config.values()) {
    if (name == "name") {
      name_ = value.text();
    } else if (name == "trainable") {
      trainable_ = value.truth();
    } else if (name == "dtype") {
      // Keras writes a policy, {"class_name": "DTypePolicy", "config": {"name": "float32"}}.
      if (value.is_config()) {
        dtype_ = parse_dtype(value.config()["config"].config()["name"].text());
      } else if (!value.is_null()) {
        dtype_ = parse_dtype(value.text());
      }
    } else {
      rest_.set(name, value);
    }
  }
}

ConfigValue LayerConfig::taken(std::string_view name) {
  const ConfigValue* found = rest_.find(name);
  if (found == nullptr) throw ValueError(owner_ + ": its config has no '" + std::string(name) + "'");
  ConfigValue value = *found;
  Config others;
  for (const auto& [other, entry] : rest_.values()) {
    if (other != name) others.set(other, entry);
  }
  rest_ = std::move(others);
  return value;
}

}  // namespace gradus
