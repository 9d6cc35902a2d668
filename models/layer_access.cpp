#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/layer_access.h>

namespace gradus {

LayerAccess::Names::Names(const std::vector<Layer>& layers) {
  for (const Layer& layer : layers) taken_.insert(layer.name());
}

void LayerAccess::Names::claim(const Layer& layer, std::string_view call, std::string_view model) {
  Layer::Kind& kind = layer.kind();
  if (taken_.insert(kind.name_).second) return;
  if (fixed(layer)) {
    throw ValueError(std::string(call) + ": model '" + std::string(model) + "' has a layer '" + kind.name_ +
                     "' already; names in a model differ: give one of them another");
  }
  const std::string stem = kind.name_;
  int& next = next_[stem];
  do {
    kind.name_ = stem + "_" + std::to_string(++next);
  } while (!taken_.insert(kind.name_).second);
}

bool LayerAccess::reaches(const Layer& layer, const Layer::Kind& kind) {
  std::vector<Layer> open = {layer};
  while (!open.empty()) {
    const Layer next = open.back();
    open.pop_back();
    if (&next.kind() == &kind) return true;
    for (const Layer& inner : next.kind().layers()) open.push_back(inner);
  }
  return false;
}

std::vector<Masked> LayerAccess::call(const Layer& layer, const std::vector<Operand>& inputs,
                                      const CallOptions& options) {
  const Scope scope(layer.name());
  return layer.kind().call_masked(inputs, options);
}

}  // namespace gradus
