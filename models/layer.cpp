#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/layer.h>
#include <gradus/models/layer_checks.h>
#include <gradus/models/layer_names.h>
#include <gradus/models/sample_shape.h>

namespace gradus {

Layer::Layer(std::shared_ptr<Kind> kind, const std::type_info& type)
    : Layer(std::move(kind), gradus::class_name(type)) {}

Layer::Layer(std::shared_ptr<Kind> kind, std::string_view class_name) : kind_(std::move(kind)) {
  if (kind_->class_name_.empty()) kind_->class_name_ = class_name;
  if (kind_->name_.empty()) kind_->name_ = snake_case(kind_->class_name_);
}

namespace {

void require_batch(const Layer::Kind& kind, const Operand& x) {
  if (x.rank() != 0) return;
  throw ShapeError(kind.name() + ": needs a batch of samples, got a scalar (" + to_string(x.where()) + ")");
}

std::vector<Shape> sample_shapes(const std::vector<Operand>& inputs) {
  std::vector<Shape> shapes;
  for (const Operand& x : inputs) shapes.push_back(sample_shape(x.shape()));
  return shapes;
}

}  // namespace

Variable Layer::operator()(const Operand& x, CallOptions options) const {
  Kind& kind = this->kind();
  require_batch(kind, x);
  const Scope scope(kind.name_);
  if (!kind.built_) kind.build_once({sample_shape(x.shape())});
  return kind.call(x, std::move(options));
}

Variable Layer::operator()(std::initializer_list<Operand> inputs, CallOptions options) const {
  std::vector<Variable> outputs = call_all(inputs, std::move(options));
  require_outputs(kind(), outputs.size());
  return std::move(outputs.front());
}

std::vector<Variable> Layer::call_all(const std::vector<Operand>& inputs, CallOptions options) const {
  Kind& kind = this->kind();
  if (inputs.empty()) throw ValueError(kind.name_ + ": needs an input, got none");
  for (const Operand& x : inputs) require_batch(kind, x);
  const Scope scope(kind.name_);
  if (!kind.built_) kind.build_once(sample_shapes(inputs));
  std::vector<Variable> outputs = kind.call_all(inputs, options);
  require_outputs(kind, outputs.size());
  return outputs;
}

void Layer::build(const Shape& input) const { kind().build_once({input}); }
void Layer::build_all(const std::vector<Shape>& inputs) const { kind().build_once(inputs); }
bool Layer::built() const { return kind().built(); }
Shape Layer::output_shape(const Shape& input) const { return kind().output_shape(input); }
std::vector<Shape> Layer::output_shapes(const std::vector<Shape>& inputs) const {
  return kind().output_shapes(inputs);
}
const std::string& Layer::name() const { return kind().name_; }
const std::string& Layer::class_name() const { return kind().class_name_; }
bool Layer::trainable() const { return kind().trainable_; }
void Layer::set_trainable(bool trainable) const { kind().set_trainable(trainable); }
std::vector<Weight> Layer::weight_list() const { return kind().weight_list(); }

Config Layer::get_config() const {
  const Kind& kind = this->kind();
  Config config = Config().set("name", kind.name_).set("trainable", kind.trainable_);
  config.set("dtype", kind.dtype_given_ ? ConfigValue(to_string(kind.dtype_)) : ConfigValue());
  const Config own = kind.get_config();
  for (const auto& [name, value] : own.values()) config.set(name, value);
  return config;
}

namespace {

template <class Wanted>
std::vector<Parameter> select(const std::vector<Weight>& weights, Wanted wanted) {
  std::vector<Parameter> result;
  for (const Weight& weight : weights) {
    if (wanted(weight)) result.push_back(weight.parameter);
  }
  return result;
}

}  // namespace

std::vector<Parameter> Layer::weights() const {
  return select(weight_list(), [](const Weight&) { return true; });
}
std::vector<Parameter> Layer::trainable_weights() const {
  return select(weight_list(), [](const Weight& weight) { return weight.trainable; });
}
std::vector<Parameter> Layer::non_trainable_weights() const {
  return select(weight_list(), [](const Weight& weight) { return !weight.trainable; });
}

std::int64_t Layer::count_params() const {
  std::int64_t count = 0;
  for (const Weight& weight : weight_list()) count += weight.parameter.value().size();
  return count;
}

std::vector<Tensor> Layer::get_weights() const {
  std::vector<Tensor> values;
  for (const Weight& weight : weight_list()) values.push_back(weight.parameter.value().clone());
  return values;
}

void Layer::set_weights(const std::vector<Tensor>& values) const {
  const std::vector<Weight> weights = weight_list();
  const std::string call = "set_weights: '" + name() + "' ";
  if (values.size() != weights.size()) {
    throw ShapeError(call + "has " + std::to_string(weights.size()) + " weights, got " +
                     std::to_string(values.size()) + (built() ? "" : "; it is not built yet"));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i].require_defined();
    const Tensor& old = weights[i].parameter.value();
    if (values[i].shape() != old.shape()) {
      throw ShapeError(call + "weight '" + weights[i].path + "' is " + to_string(old.shape()) +
                       ", the value given for it is " + to_string(values[i].shape()));
    }
    if (values[i].dtype() != old.dtype() && !is_floating(values[i].dtype())) {
      throw DTypeError(call + "weight '" + weights[i].path + "' is " + std::string(to_string(old.dtype())) +
                       ", the value given for it is " + std::string(to_string(values[i].dtype())));
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    weights[i].parameter.assign(values[i].cast(weights[i].parameter.dtype()));
  }
}

void Layer::throw_moved() { throw StateError("Layer: used after a move"); }
void Layer::throw_other_class(const std::type_info& wanted) const {
  throw StateError("Layer::as: '" + name() + "' is a " + class_name() + ", not a " +
                   gradus::class_name(wanted));
}

}  // namespace gradus
