#include <gradus/models/layer_registry.h>
#include <gradus/models/layers/inner_layer.h>

namespace gradus {

ConfigValue to_config_value(const Layer& layer) { return serialize_layer(layer); }
ConfigValue to_config_value(const std::vector<Layer>& layers) {
  ConfigValue::List list;
  for (const Layer& layer : layers) list.push_back(serialize_layer(layer));
  return list;
}

void read_config_value(const ConfigValue& value, std::optional<Layer>& layer) {
  layer.reset();
  if (!value.is_null()) layer = deserialize_layer(value.config());
}
void read_config_value(const ConfigValue& value, std::vector<Layer>& layers) {
  layers.clear();
  for (const ConfigValue& each : value.list()) layers.push_back(deserialize_layer(each.config()));
}

}  // namespace gradus
