#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/layers_of_model.h>

#include <algorithm>

namespace gradus {

void LayersOfModel::claim_name(const Layer& layer, const std::vector<Layer>& others, std::string_view call,
                               std::string_view model) {
  Layer::Kind& kind = layer.kind();
  const auto taken = [&](const std::string& name) {
    return std::any_of(others.begin(), others.end(),
                       [&](const Layer& other) { return other.name() == name; });
  };
  if (!taken(kind.name_)) return;
  if (kind.name_given_ || kind.in_model_ || kind.built()) {
    throw ValueError(std::string(call) + ": model '" + std::string(model) + "' has a layer '" + kind.name_ +
                     "' already; names in a model differ");
  }
  const std::string stem = kind.name_;
  for (int i = 1; taken(kind.name_); ++i) kind.name_ = stem + "_" + std::to_string(i);
}

std::vector<Masked> LayersOfModel::call(const Layer& layer, const std::vector<Operand>& inputs,
                                        const CallOptions& options) {
  const Scope scope(layer.name());
  return layer.kind().call_masked(inputs, options);
}

}  // namespace gradus
