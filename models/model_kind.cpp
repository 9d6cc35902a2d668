#include <gradus/graph/recording.h>
#include <gradus/models/fresh_seed.h>
#include <gradus/models/model_kind.h>
#include <gradus/models/sample_shape.h>

#include <algorithm>

namespace gradus {

namespace {

// The random numbers of a model are divided into streams; this one is divided among its layers.
constexpr std::uint64_t kLayersStream = 0;

std::vector<Model::Kind::Port> ports(const std::vector<Shape>& shapes, const std::string& name) {
  std::vector<Model::Kind::Port> list;
  for (const Shape& shape : shapes) {
    list.push_back({shapes.size() == 1 ? name : name + "_" + std::to_string(list.size() + 1), shape, {}});
  }
  return list;
}

}  // namespace

Model::Kind::Kind(ModelOptions options)
    : Layer::Kind({.name = std::move(options.name), .dtype = options.dtype}),
      seed_(options.seed ? *options.seed : fresh_seed()),
      seed_given_(options.seed.has_value()) {}

std::vector<Model::Kind::Port> Model::Kind::inputs() const { return ports(input_shapes_, "input"); }
std::vector<Model::Kind::Port> Model::Kind::outputs() const { return ports(output_shapes_, "output"); }

void Model::Kind::set_shapes(std::vector<Shape> inputs, std::vector<Shape> outputs) {
  input_shapes_ = std::move(inputs);
  output_shapes_ = std::move(outputs);
  const std::vector<Layer> all = layers();
  layer_makes_mask_ =
      std::any_of(all.begin(), all.end(), [](const Layer& layer) { return layer.kind().makes_mask(); });
}

void Model::Kind::give_context() {
  std::uint64_t place = 0;
  for (const Layer& layer : layers()) {
    layer.kind().set_context(random().stream(kLayersStream).stream(place++), dtype());
  }
}

std::vector<Shape> Model::Kind::try_out(const std::vector<Shape>& inputs) {
  std::vector<Tensor> zeros;
  for (const Shape& input : inputs) zeros.push_back(Tensor::zeros(batch_shape(input, 1), dtype()));
  std::vector<Shape> outputs;
  const NoGrad guard;
  StepRecord dropped;  // what layers would have the trial change
  const StepRecord::Scope scope(dropped);
  for (const Variable& output : call_all(std::vector<Operand>(zeros.begin(), zeros.end()), {})) {
    if (output.rank() == 0) throw ShapeError(name() + ": an output needs a batch axis, got a scalar");
    outputs.push_back(sample_shape(output.shape()));
  }
  return outputs;
}

void Model::Kind::build_all(const std::vector<Shape>& inputs) {
  require_layers({"build", {}});
  give_context();
  set_shapes(inputs, try_out(inputs));
}

bool Model::Kind::makes_mask() const { return layer_makes_mask_; }

void Model::Kind::set_context(const Random& random, DType dtype) {
  Layer::Kind::set_context(random, dtype);
  if (!built() && !seed_given_) seed_ = Random(random).bits();
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

void Model::Kind::require_one_output(const CallSite& call) const {
  if (!built() || output_shapes_.size() == 1) return;
  throw call.state_error("model '" + name() + "' has " + std::to_string(output_shapes_.size()) +
                         " outputs: predict_all gives them all");
}

Optimizer& Model::Kind::ready_optimizer() {
  std::vector<Parameter> trained, frozen;
  training_.constrained.clear();
  find_regularized();
  for (Weight& weight : weight_list()) {
    if (weight.trainable && weight.constraint.defined()) training_.constrained.push_back(weight);
    (weight.trainable ? trained : frozen).push_back(std::move(weight.parameter));
  }
  Optimizer& optimizer = training_.options.optimizer;
  const auto same = [](const Parameter& a, const Parameter& b) { return &a.node() == &b.node(); };
  const bool known =
      std::equal(trained.begin(), trained.end(), training_.trained.begin(), training_.trained.end(), same);
  if (!known || !optimizer.built()) {
    if (!training_.trained.empty()) optimizer.reset();
    if (!trained.empty()) optimizer.build(trained);
    training_.trained = std::move(trained);
  }
  training_.frozen = std::move(frozen);
  return optimizer;
}

void Model::Kind::find_regularized() {
  training_.regularized.clear();
  for (Weight& weight : weight_list()) {
    if (weight.trainable && weight.regularizer.defined()) training_.regularized.push_back(std::move(weight));
  }
}

void Model::Kind::finish_step() const {
  for (const Weight& weight : training_.constrained) {
    weight.parameter.assign(weight.constraint(weight.parameter.value()));
  }
  for (const auto& [weight, value] : training_.record.updates) weight.assign(value);
  for (const Parameter& parameter : training_.frozen) parameter.zero_grad();
}

}  // namespace gradus
