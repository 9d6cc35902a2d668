#include <gradus/models/layer_names.h>
#include <gradus/models/model_kind.h>
#include <gradus/models/sequential.h>

#include <algorithm>

namespace gradus {

// The random numbers of a model are divided into streams; this one is divided among its layers.
constexpr std::uint64_t kLayersStream = 0;

class SequentialKind : public Model::Kind {
 public:
  using Model::Kind::Kind;

  std::vector<Layer> layers() const override { return layers_; }

  void build(const Shape& input) override {
    require_layers({"build", {}});
    Shape shape = input;
    std::vector<Layer> made;
    try {
      for (std::size_t i = 0; i < layers_.size(); ++i) {
        if (!layers_[i].built()) made.push_back(layers_[i]);
        shape = build_layer(i, shape);
      }
    } catch (...) {
      for (const Layer& layer : made) layer.kind().unbuild();
      throw;
    }
    output_shape_ = shape;
  }

  Variable call(const Operand& x, CallOptions options) override {
    if (layers_.empty()) throw StateError("call: model '" + name() + "' has no layers: add some first");
    Variable h = layers_.front()(x, options);
    for (std::size_t i = 1; i < layers_.size(); ++i)
      h = layers_[i](Operand(std::move(h), x.where()), options);
    return h;
  }

  Shape output_shape(const Shape& input) override {
    Shape shape = input;
    for (const Layer& layer : layers_) shape = layer.output_shape(shape);
    return shape;
  }

  Shape built_output_shape() const override { return output_shape_; }

  void add(const Layer& layer) {
    Layer::Kind& added = layer.kind();
    if (&added == this) throw ValueError("add: model '" + name() + "' cannot hold itself");
    if (std::any_of(layers_.begin(), layers_.end(), [&](const Layer& other) { return other.is(layer); })) {
      throw ValueError("add: layer '" + layer.name() + "' is in model '" + name() + "' already");
    }
    const std::string before = added.name_;
    claim_name(added);
    layers_.push_back(layer);
    if (!dtype_given() && layers_.size() == 1 && added.dtype_given()) dtype_ = added.dtype_;
    try {
      if (built()) {
        output_shape_ = build_layer(layers_.size() - 1, output_shape_);
      } else if (added.input_shape().rank() != 0 && layers_.size() == 1) {
        build_once(added.input_shape());
      }
    } catch (...) {
      layers_.pop_back();
      added.name_ = before;
      throw;
    }
    added.in_model_ = true;
  }

  void pop() {
    if (layers_.empty()) throw StateError("pop: model '" + name() + "' has no layers");
    layers_.pop_back();
    if (layers_.empty()) {
      built_ = false;
      input_shape_ = {};
    } else if (built()) {
      output_shape_ = output_shape(input_shape());
    }
  }

 private:
  Shape build_layer(std::size_t i, const Shape& input) {
    Layer::Kind& layer = layers_[i].kind();
    const Shape wanted = layer.input_shape();
    if (wanted.rank() != 0 && wanted != input) {
      throw ShapeError("build: layer '" + layer.name() + "' takes samples of shape " + to_string(wanted) +
                       ", got " + to_string(input));
    }
    layer.set_context(random().stream(kLayersStream).stream(i), dtype());
    layers_[i].build(input);
    return layer.output_shape(input);
  }

  // Gives a layer the first free name of its class.
  void claim_name(Layer::Kind& layer) const {
    const auto taken = [&](const std::string& name) {
      return std::any_of(layers_.begin(), layers_.end(),
                         [&](const Layer& other) { return other.name() == name; });
    };
    if (!taken(layer.name_)) return;
    if (layer.name_given_ || layer.in_model_ || layer.built()) {
      throw ValueError("add: model '" + name() + "' has a layer '" + layer.name_ +
                       "' already; names in a model differ");
    }
    const std::string stem = layer.name_;
    for (int i = 1; taken(layer.name_); ++i) layer.name_ = stem + "_" + std::to_string(i);
  }

  std::vector<Layer> layers_;
  Shape output_shape_;
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

}  // namespace gradus
