#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/layers_of_model.h>

namespace gradus {

LayersOfModel::Names::Names(const std::vector<Layer>& layers) {
  for (const Layer& layer : layers) taken_.insert(layer.name());
}

void LayersOfModel::Names::claim(const Layer& layer, std::string_view call, std::string_view model) {
  Layer::Kind& kind = layer.kind();
  if (taken_.insert(kind.name_).second) return;
  if (kind.name_given_ || kind.in_model_ || kind.built()) {
    throw ValueError(std::string(call) + ": model '" + std::string(model) + "' has a layer '" + kind.name_ +
                     "' already; names in a model differ");
  }
  const std::string stem = kind.name_;
  int& next = next_[stem];
  do {
    kind.name_ = stem + "_" + std::to_string(++next);
  } while (!taken_.insert(kind.name_).second);
}

std::vector<Masked> LayersOfModel::call(const Layer& layer, const std::vector<Operand>& inputs,
                                        const CallOptions& options) {
  const Scope scope(layer.name());
  return layer.kind().call_masked(inputs, options);
}

}  // namespace gradus
