#pragma once

#include <gradus/models/layers/layer_fields.h>

#include <optional>
#include <vector>

namespace gradus {

// Layers among the options of a layer that works through them, in Keras's form: {"class_name": …, "config":
// …}.

ConfigValue to_config_value(const Layer& layer);
ConfigValue to_config_value(const std::vector<Layer>& layers);

void read_config_value(const ConfigValue& value, std::optional<Layer>& layer);
void read_config_value(const ConfigValue& value, std::vector<Layer>& layers);

}  // namespace gradus
