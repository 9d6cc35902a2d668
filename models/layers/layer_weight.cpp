#include <gradus/graph/error.h>
#include <gradus/models/layers/layer_weight.h>

namespace gradus {

Parameter layer_weight(const Layer& layer, std::string_view weight) {
  for (const Weight& each : layer.weight_list()) {
    if (each.path == weight) return each.parameter;
  }
  throw StateError(std::string(weight) + ": '" + layer.name() +
                   (layer.built() ? "' has no " + std::string(weight) : "' is not built yet"));
}

}  // namespace gradus
