#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/fresh_seed.h>
#include <gradus/models/layer.h>
#include <gradus/models/layer_checks.h>
#include <gradus/models/sample_shape.h>
#include <gradus/models/training/step_record.h>

#include <algorithm>
#include <set>

namespace gradus {

namespace {

// The streams that a layer's random numbers are divided into; the layers in it share the last.
constexpr std::uint64_t kWeightStream = 0;
constexpr std::uint64_t kTrainingStream = 1;
constexpr std::uint64_t kInnerStream = 2;

}  // namespace

Layer::Kind::Kind(LayerOptions options)
    : name_(std::move(options.name)),
      name_given_(!name_.empty()),
      trainable_(options.trainable),
      dtype_given_(options.dtype.has_value()),
      dtype_(options.dtype.value_or(DType::float32)),
      seed_(options.seed),
      input_shape_(options.input_shape) {
  if (name_.find('/') != std::string::npos) {
    throw ValueError("layer name '" + name_ + "': '/' separates a layer's name from its weights'");
  }
  if (!is_floating(dtype_)) {
    throw DTypeError("layer: dtype must be float32 or float64, got " + std::string(to_string(dtype_)));
  }
  if (options.input_dim) {
    if (*options.input_dim < 1) {
      throw ValueError("layer: input_dim must be positive, got " + std::to_string(*options.input_dim));
    }
    if (input_shape_.rank() != 0) throw ValueError("layer: give input_shape or input_dim, not both");
    input_shape_ = {*options.input_dim};
  }
  given_input_shape_ = input_shape_;
}

// What was not built before, a layer and those in it, is not built after, unless it is kept.
class Layer::Kind::Unbuild {
 public:
  explicit Unbuild(Kind& kind) : outer_(kind.built_ ? nullptr : &kind) { kind.collect_unbuilt(inner_); }
  ~Unbuild() {
    if (outer_ != nullptr) outer_->unbuild();
    for (const Layer& layer : inner_) layer.kind().unbuild();
  }
  Unbuild(const Unbuild&) = delete;
  Unbuild& operator=(const Unbuild&) = delete;
  void keep() {
    outer_ = nullptr;
    inner_.clear();
  }

 private:
  Kind* outer_;
  std::vector<Layer> inner_;
};

void Layer::Kind::collect_unbuilt(std::vector<Layer>& list) const {
  for (const Layer& layer : layers()) {
    if (!layer.built()) list.push_back(layer);
    layer.kind().collect_unbuilt(list);
  }
}

// Note [One input or several]
// Most layers have one input and one output and override `build`, `call` and `output_shape`. Everything that
// works on any layer goes through `build_all`, `call_all` and `output_shapes`, which lead to the former.

namespace {

template <class Input>
const Input& only_input(const Layer::Kind& layer, const std::vector<Input>& inputs) {
  if (inputs.size() == 1) return inputs.front();
  throw ValueError(layer.name() + ": " + layer.class_name() + " takes one input, got " +
                   std::to_string(inputs.size()));
}

}  // namespace

void Layer::Kind::build(const Shape&) {}
void Layer::Kind::build_all(const std::vector<Shape>& inputs) {
  if (inputs.size() > 1 && overrides_call_all_) return;
  build(only_input(*this, inputs));
}

Variable Layer::Kind::call(const Operand& x, CallOptions options) {
  std::vector<Variable> outputs = call_all({x}, options);
  require_outputs(*this, outputs.size());
  return std::move(outputs.front());
}

std::vector<Variable> Layer::Kind::call_all(const std::vector<Operand>& inputs, const CallOptions& options) {
  return {call(only_input(*this, inputs), options)};
}

Shape Layer::Kind::output_shape(const Shape& input) { return tried_shapes({input}).front(); }

std::vector<Shape> Layer::Kind::output_shapes(const std::vector<Shape>& inputs) {
  if (inputs.size() == 1 && !overrides_call_all_) return {output_shape(inputs.front())};
  return tried_shapes(inputs);
}

// A layer that has no weights yet gets some for the trial only.
std::vector<Shape> Layer::Kind::tried_shapes(const std::vector<Shape>& inputs) {
  const Unbuild after(*this);
  build_once(inputs);
  std::vector<Operand> operands;  // from no line of the user's
  for (const Shape& input : inputs) {
    operands.emplace_back(Tensor::zeros(batch_shape(input, 1), dtype_), SourceLocation());
  }
  const NoGrad guard;
  std::vector<Shape> shapes;
  const std::vector<Variable> outputs = call_all(operands, {});
  require_outputs(*this, outputs.size());
  for (const Variable& output : outputs) {
    if (output.rank() == 0) {
      throw ShapeError(name_ + ": the output of a layer needs a batch axis, got a scalar");
    }
    shapes.push_back(sample_shape(output.shape()));
  }
  return shapes;
}

std::vector<Tensor> Layer::Kind::output_masks(const std::vector<Operand>&, const std::vector<Tensor>& masks) {
  if (!supports_masking() || masks.empty()) return {};
  return {masks.front()};
}

std::vector<Masked> Layer::Kind::call_masked(const std::vector<Operand>& inputs, const CallOptions& options) {
  std::vector<Masked> outputs;
  for (Variable& value : call_all(inputs, options)) outputs.push_back({std::move(value), {}});
  require_outputs(*this, outputs.size());
  if (!makes_mask() && options.mask.empty()) return outputs;
  const std::vector<Tensor> masks = output_masks(inputs, options.mask);
  for (std::size_t i = 0; i < std::min(masks.size(), outputs.size()); ++i) outputs[i].mask = masks[i];
  return outputs;
}

std::vector<Weight> Layer::Kind::weight_list() const {
  std::vector<Weight> list = weights_;
  std::set<const Node*> seen;  // a layer may be reached in two ways
  std::stable_partition(list.begin(), list.end(), [](const Weight& weight) { return weight.trainable; });
  for (const Layer& layer : layers()) {
    for (Weight& weight : layer.weight_list()) {
      if (!seen.insert(&weight.parameter.node()).second) continue;
      weight.path = layer.name() + "/" + weight.path;
      list.push_back(std::move(weight));
    }
  }
  for (Weight& weight : list) weight.trainable = weight.trainable && trainable_;
  return list;
}

void Layer::Kind::set_trainable(bool trainable) {
  trainable_ = trainable;
  for (const Layer& layer : layers()) layer.set_trainable(trainable);
}

void Layer::Kind::set_context(const Random& random, DType dtype) {
  if (built_) return;
  const Random own = seed_ ? Random(*seed_) : random;
  weights_random_ = own.stream(kWeightStream);
  random_ = own.stream(kTrainingStream);
  if (!dtype_given_) dtype_ = dtype;
  context_given_ = true;
  std::uint64_t place = 0;
  for (const Layer& layer : layers()) {
    layer.kind().set_context(own.stream(kInnerStream).stream(place++), dtype_);
  }
}

Config Layer::Kind::get_config() const {
  throw StateError("get_config: '" + name_ + "' cannot be described: " + class_name_ +
                   " does not override get_config");
}

void Layer::Kind::build_once(const std::vector<Shape>& inputs) {
  if (built_) return;
  if (!context_given_) set_context(Random(seed_ ? *seed_ : fresh_seed()), dtype_);
  Unbuild undo(*this);
  build_all(inputs);
  undo.keep();
  if (!inputs.empty()) input_shape_ = inputs.front();
  built_ = true;
}

void Layer::Kind::unbuild() {
  weights_.clear();
  input_shape_ = given_input_shape_;
  built_ = false;
}

Parameter Layer::Kind::add_weight(std::string_view name, const Shape& shape, WeightOptions options) {
  if (built_) throw StateError(name_ + ": add_weight belongs into build");
  for (const Weight& weight : weights_) {
    if (weight.path == name) throw ValueError(name_ + ": there are two weights '" + std::string(name) + "'");
  }
  Random random = weights_random_.stream(weights_.size());
  Parameter parameter(name_ + "/" + std::string(name), options.initializer(shape, random, dtype_));
  weights_.push_back({std::string(name), parameter, options.trainable, std::move(options.regularizer),
                      std::move(options.constraint)});
  return parameter;
}

void Layer::Kind::add_loss(const Variable& loss) {
  if (loss.value().size() != 1) {
    throw ShapeError("add_loss: a term of the loss is one number, got " + to_string(loss.shape()));
  }
  if (StepRecord* record = StepRecord::current()) record->losses.push_back(loss);
}

void Layer::Kind::add_update(const Parameter& weight, const Tensor& value) {
  if (StepRecord* record = StepRecord::current()) {
    record->updates.emplace_back(weight, value);
  } else {
    weight.assign(value);
  }
}

}  // namespace gradus
