#include <gradus/models/fresh_seed.h>
#include <gradus/models/model_kind.h>

#include <algorithm>

namespace gradus {

Model::Kind::Kind(ModelOptions options)
    : Layer::Kind({.name = std::move(options.name), .dtype = options.dtype}),
      seed_(options.seed ? *options.seed : fresh_seed()),
      seed_given_(options.seed.has_value()) {}

void Model::Kind::set_context(const Random& random, DType dtype) {
  Layer::Kind::set_context(random, dtype);
  if (!built() && !seed_given_) seed_ = Random(random).bits();
}

std::vector<Weight> Model::Kind::weight_list() const {
  std::vector<Weight> list;
  for (const Layer& layer : layers()) {
    for (Weight& weight : layer.weight_list()) {
      list.push_back(
          {layer.name() + "/" + weight.path, std::move(weight.parameter), weight.trainable && trainable()});
    }
  }
  return list;
}

void Model::Kind::require_layers(const CallSite& call) const {
  if (layers().empty()) throw call.state_error("model '" + name() + "' has no layers: add some first");
}

void Model::Kind::require_built(const CallSite& call) const {
  require_layers(call);
  if (!built()) {
    throw call.state_error(
        "model '" + name() +
        "' is not built: its input shape is not known. Give the first layer input_shape or "
        "input_dim, or call build or fit first");
  }
}

void Model::Kind::require_compiled(const CallSite& call) const {
  require_layers(call);
  if (!training_.compiled)
    throw call.state_error("model '" + name() + "' is not compiled: call compile first");
  if (!training_.options.loss.defined()) {
    throw call.state_error("model '" + name() + "' was compiled without a loss");
  }
}

Optimizer& Model::Kind::ready_optimizer() {
  std::vector<Parameter> trained, frozen;
  for (Weight& weight : weight_list()) {
    (weight.trainable ? trained : frozen).push_back(std::move(weight.parameter));
  }
  Optimizer& optimizer = training_.options.optimizer;
  const auto same = [](const Parameter& a, const Parameter& b) { return &a.node() == &b.node(); };
  const bool known =
      std::equal(trained.begin(), trained.end(), training_.trained.begin(), training_.trained.end(), same);
  if (!known || !optimizer.built()) {
    if (!training_.trained.empty()) optimizer.reset();
    optimizer.build(trained);
    training_.trained = std::move(trained);
  }
  training_.frozen = std::move(frozen);
  return optimizer;
}

void Model::Kind::drop_frozen_gradients() const {
  for (const Parameter& parameter : training_.frozen) parameter.zero_grad();
}

}  // namespace gradus
