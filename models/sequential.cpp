#include <gradus/models/layer_access.h>
#include <gradus/models/layer_registry.h>
#include <gradus/models/layers/input_kind.h>
#include <gradus/models/model_kind.h>
#include <gradus/models/sample_shape.h>
#include <gradus/models/sequential.h>

#include <algorithm>

namespace gradus {

class SequentialKind : public Model::Kind {
 public:
  using Model::Kind::Kind;

  std::vector<Layer> layers() const override { return layers_; }
  bool is_chain() const override { return true; }

  std::vector<Port> inputs() const override {
    if (input_) return {{input_->name(), input_shape(), input_->as<InputKind>().sample_dtype()}};
    return {{"input_layer", input_shape(), {}}};
  }
  std::vector<Port> outputs() const override {
    return {{layers_.back().name(), built_output_shapes().front(), {}}};
  }

  void build_all(const std::vector<Shape>& inputs) override {
    require_layers({"build", {}});
    if (inputs.size() != 1) {
      throw ValueError("build: model '" + name() + "' takes one input, got " + std::to_string(inputs.size()));
    }
    give_context();
    Shape shape = inputs.front();
    for (const Layer& layer : layers_) shape = build_layer(layer, shape);
    set_shapes(inputs, {shape});
  }

  Variable call(const Operand& x, CallOptions options) override {
    if (layers_.empty()) throw StateError("call: model '" + name() + "' has no layers: add some first");
    if (makes_mask() || !options.mask.empty()) return call_masked({x}, options).front().value;
    Variable h = layers_.front()(x, options);
    for (std::size_t i = 1; i < layers_.size(); ++i)
      h = layers_[i](Operand(std::move(h), x.where()), options);
    return h;
  }

  std::vector<Masked> call_masked(const std::vector<Operand>& inputs, const CallOptions& options) override {
    if (!makes_mask() && options.mask.empty()) return {{call_all(inputs, options).front(), {}}};
    Masked h{inputs.front().variable(), options.mask.empty() ? Tensor() : options.mask.front()};
    CallOptions own = options;
    for (const Layer& layer : layers_) {
      own.mask.clear();
      if (h.mask.defined()) own.mask.push_back(h.mask);
      h = LayerAccess::call(layer, {Operand(std::move(h.value), inputs.front().where())}, own).front();
    }
    return {h};
  }

  Shape output_shape(const Shape& input) override {
    Shape shape = input;
    for (const Layer& layer : layers_) shape = layer.output_shape(shape);
    return shape;
  }

  Config get_config() const override {
    ConfigValue::List list;
    if (input_) list.emplace_back(serialize_layer(*input_));
    for (const Layer& layer : layers_) list.emplace_back(serialize_layer(layer));
    Config config = Config().set("layers", std::move(list));
    return config.set("build_input_shape", built() ? batch_config(input_shape()) : ConfigValue());
  }

  void add(const Layer& layer) {
    Layer::Kind& added = layer.kind();
    if (dynamic_cast<InputKind*>(&added) != nullptr) return add_input(layer);
    if (LayerAccess::reaches(layer, *this)) {
      throw ValueError("add: model '" + name() + "' cannot hold itself");
    }
    if (std::any_of(layers_.begin(), layers_.end(), [&](const Layer& other) { return other.is(layer); })) {
      throw ValueError("add: layer '" + layer.name() + "' is in model '" + name() + "' already");
    }
    const std::string before = added.name();
    const DType dtype_before = dtype();
    LayerAccess::Names(layers_).claim(layer, "add", name());
    layers_.push_back(layer);
    try {
      settle();
    } catch (...) {
      layers_.pop_back();
      LayerAccess::set_name(layer, before);
      LayerAccess::set_dtype(*this, dtype_before);
      throw;
    }
    LayerAccess::set_in_model(layer);
  }

  void pop() {
    if (layers_.empty()) throw StateError("pop: model '" + name() + "' has no layers");
    layers_.pop_back();
    if (layers_.empty()) {
      LayerAccess::forget_shape(*this);
      input_.reset();
    } else if (built()) {
      set_shapes({input_shape()}, {output_shape(input_shape())});
    }
  }

 private:
  // Builds the layer that was added last, or the model where its input shape is known from now on.
  void settle() {
    const Layer::Kind& last = layers_.back().kind();
    if (!dtype_given() && layers_.size() == 1 && last.dtype_given()) {
      LayerAccess::set_dtype(*this, last.dtype());
    }
    if (built()) {
      give_context();
      set_shapes({input_shape()}, {build_layer(layers_.back(), built_output_shapes().front())});
    } else if (layers_.size() == 1 && input_) {
      LayerAccess::build_once(*this, {input_->kind().input_shape()});
    } else if (layers_.size() == 1 && (last.input_shape().rank() != 0 || last.built())) {
      LayerAccess::build_once(*this, {last.input_shape()});
    }
  }

  void add_input(const Layer& layer) {
    if (!layers_.empty() || input_) {
      throw ValueError("add: an Input stands before all layers; model '" + name() + "' has some already");
    }
    input_ = layer;
  }

  Shape build_layer(const Layer& layer, const Shape& input) {
    const Shape wanted = layer.kind().input_shape();
    if (wanted.rank() != 0 && wanted != input) {
      throw ShapeError("build: layer '" + layer.name() + "' takes samples of shape " + to_string(wanted) +
                       ", got " + to_string(input));
    }
    layer.build(input);
    return layer.output_shape(input);
  }

  std::optional<Layer> input_;
  std::vector<Layer> layers_;
};

namespace {

SequentialKind& sequential(const Model& model) { return static_cast<SequentialKind&>(model.kind()); }

}  // namespace

Sequential::Sequential() : Sequential(ModelOptions{}) {}
Sequential::Sequential(ModelOptions options)
    : Model(std::make_shared<SequentialKind>(std::move(options)), "Sequential") {}

Sequential::Sequential(std::initializer_list<Layer> layers, ModelOptions options)
    : Sequential(std::move(options)) {
  const auto& own = static_cast<Model::Kind&>(kind());
  const bool plain = name() == "sequential" && !own.seed_given() && !own.dtype_given();
  if (layers.size() == 1 && plain && dynamic_cast<SequentialKind*>(&layers.begin()->kind()) != nullptr) {
    static_cast<Layer&>(*this) = *layers.begin();
    return;
  }
  for (const Layer& layer : layers) add(layer);
}

void Sequential::add(const Layer& layer) const { sequential(*this).add(layer); }
void Sequential::pop() const { sequential(*this).pop(); }

Sequential Sequential::from_config(const Config& config) {
  ModelOptions options{.name = config["name"].text()};
  if (const ConfigValue* dtype = config.find("dtype"); dtype != nullptr && dtype->is_text()) {
    options.dtype = parse_dtype(dtype->text());
  }
  Sequential model(std::move(options));
  for (const ConfigValue& layer : config["layers"].list()) model.add(deserialize_layer(layer.config()));
  const ConfigValue* shape = config.find("build_input_shape");
  if (shape != nullptr && !shape->is_null() && !model.built()) model.build(sample_shape_of(*shape));
  if (const ConfigValue* trainable = config.find("trainable"); trainable != nullptr && !trainable->truth()) {
    model.set_trainable(false);
  }
  return model;
}

}  // namespace gradus
