#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// A layer's own weight by name. StateError before the layer is built, or where it has none of the name.
Parameter layer_weight(const Layer& layer, std::string_view weight);

}  // namespace gradus
