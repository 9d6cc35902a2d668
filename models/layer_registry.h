#pragma once

#include <gradus/models/layer.h>

#include <string_view>
#include <vector>

namespace gradus {

// A layer without its weights as {"class_name": "Dense", "config": {...}}, and an equal one from that.
// StateError for a layer that cannot be described; ValueError for a class that is unknown, or an entry that
// it does not have.
Config serialize_layer(const Layer& layer);
Layer deserialize_layer(const Config& description);

// The classes that `deserialize_layer` knows.
std::vector<std::string_view> layer_class_names();

}  // namespace gradus
