#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/layers/bidirectional.h>
#include <gradus/models/layers/inner_layer.h>
#include <gradus/models/layers/placed.h>
#include <gradus/models/layers/rnn_kind.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/shape.h>

#include <array>

namespace gradus {

template <>
inline constexpr auto kFields<BidirectionalOptions> = std::tuple(field("seed", &BidirectionalOptions::seed));

namespace {

enum class Merge : std::uint8_t { concat, sum, mul, ave, none };
constexpr std::array<std::string_view, 5> kMerges = {"concat", "sum", "mul", "ave", "none"};

const RNNKind& recurrent(const Layer& layer) {
  if (const auto* kind = dynamic_cast<const RNNKind*>(&layer.kind())) return *kind;
  throw ValueError("Bidirectional: '" + layer.name() + "' is a " + layer.class_name() +
                   ", not a recurrent layer: SimpleRNN, LSTM, GRU or RNN");
}

std::string prefixed(std::string_view prefix, const std::string& name) {
  return name.starts_with(prefix) ? name : std::string(prefix) + name;
}

// The layer that runs forward, unless a backward one was given that goes with it.
Layer first(const Layer& layer, const BidirectionalOptions& options) {
  const RNNKind& kind = recurrent(layer);
  if (options.backward_layer) return layer;
  return kind.varied(
      {.name = prefixed("forward_", layer.name()), .go_backwards = kind.settings().go_backwards});
}
Layer second(const Layer& layer, const BidirectionalOptions& options) {
  const RNNKind& kind = recurrent(layer);
  if (options.backward_layer) return *options.backward_layer;
  return kind.varied(
      {.name = prefixed("backward_", layer.name()), .go_backwards = !kind.settings().go_backwards});
}

class BidirectionalKind : public Layer::Kind {
 public:
  BidirectionalKind(const Layer& layer, const BidirectionalOptions& options)
      : Kind(common_options(options)),
        merge_(static_cast<Merge>(find_name("merge_mode", options.merge_mode, kMerges))),
        options_(options),
        forward_layer(first(layer, options)),
        backward_layer(second(layer, options)) {
    const RNNKind::Settings &ahead = recurrent(forward_layer).settings(),
                            &back = recurrent(backward_layer).settings();
    if (forward_layer.is(backward_layer) || ahead.go_backwards == back.go_backwards) {
      throw ValueError("Bidirectional: forward layer '" + forward_layer.name() + "' and backward layer '" +
                       backward_layer.name() + "' must differ in go_backwards");
    }
    if (ahead.return_sequences != back.return_sequences || ahead.return_state != back.return_state ||
        ahead.stateful != back.stateful) {
      throw ValueError("Bidirectional: forward layer '" + forward_layer.name() + "' and backward layer '" +
                       backward_layer.name() + "' must agree in return_sequences, return_state and stateful");
    }
    if (forward_layer.name() == backward_layer.name()) {
      throw ValueError("Bidirectional: both layers are named '" + forward_layer.name() + "'");
    }
    for (const Layer& each : layers()) each.as<RNNKind>().zero_masked_sequences();
  }

  void build_all(const std::vector<Shape>& inputs) override {
    const auto [ahead, back] = by_direction(inputs);
    forward_layer.build_all(ahead);
    backward_layer.build_all(back);
    output_shapes(inputs);
  }

  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions& options) override {
    const Placed at(inputs.front().where());
    const auto [ahead, back] = by_direction(inputs);
    CallOptions own = options;
    if (own.mask.size() > 1) own.mask.resize(1);
    std::vector<Variable> outputs = forward_layer.call_all(ahead, own);
    std::vector<Variable> others = backward_layer.call_all(back, own);
    const RNNKind::Settings& settings = recurrent(forward_layer).settings();
    if (settings.return_sequences) {
      // Whichever runs backwards has its steps in that order.
      Variable& reversed = settings.go_backwards ? outputs.front() : others.front();
      reversed = flip(at(std::move(reversed)), {.axis = 1});
    }
    std::vector<Variable> results = merged(at(outputs.front()), at(others.front()));
    results.insert(results.end(), outputs.begin() + 1, outputs.end());
    results.insert(results.end(), others.begin() + 1, others.end());
    return results;
  }

  Shape output_shape(const Shape& input) override { return output_shapes({input}).front(); }
  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override {
    const auto [ahead, back] = by_direction(inputs);
    const std::vector<Shape> outputs = forward_layer.output_shapes(ahead),
                             others = backward_layer.output_shapes(back);
    std::vector<Shape> shapes = {outputs.front()};
    if (merge_ == Merge::none) {
      shapes.push_back(others.front());
    } else if (merge_ == Merge::concat) {
      Dims dims = shapes.front().dims();
      dims[dims.size() - 1] += others.front().back();
      shapes.front() = Shape(std::move(dims));
    } else if (outputs.front() != others.front()) {
      throw ShapeError(name() + ": the two directions have outputs of other sizes, which merge_mode '" +
                       options_.merge_mode + "' cannot merge");
    }
    shapes.insert(shapes.end(), outputs.begin() + 1, outputs.end());
    shapes.insert(shapes.end(), others.begin() + 1, others.end());
    return shapes;
  }

  std::vector<Tensor> output_masks(const std::vector<Operand>&, const std::vector<Tensor>& masks) override {
    if (!recurrent(forward_layer).settings().return_sequences || masks.empty()) return {};
    return std::vector<Tensor>(merge_ == Merge::none ? 2 : 1, masks.front());
  }

  std::vector<Layer> layers() const override { return {forward_layer, backward_layer}; }

  Config get_config() const override {
    Config config;
    config.set("merge_mode", merge_ == Merge::none ? ConfigValue() : ConfigValue(options_.merge_mode));
    config.set("layer", to_config_value(forward_layer));
    config.set("backward_layer", to_config_value(backward_layer));
    return with_options(std::move(config), options_);
  }

 private:
  // The inputs of each direction: x with the states that belong to it.
  template <class Input>
  std::pair<std::vector<Input>, std::vector<Input>> by_direction(const std::vector<Input>& inputs) const {
    if (inputs.size() == 1) return {inputs, inputs};
    const std::size_t count = recurrent(forward_layer).state_count(),
                      others = recurrent(backward_layer).state_count();
    if (inputs.size() != 1 + count + others) {
      throw ValueError(name() + ": Bidirectional takes x, or x and the " + std::to_string(count + others) +
                       " states of both directions, got " + std::to_string(inputs.size()) + " inputs");
    }
    const auto middle = inputs.begin() + 1 + static_cast<std::ptrdiff_t>(count);
    std::vector<Input> back = {inputs.front()};
    back.insert(back.end(), middle, inputs.end());
    return {{inputs.begin(), middle}, std::move(back)};
  }

  std::vector<Variable> merged(const Operand& a, const Operand& b) const {
    const Placed at(a.where());
    switch (merge_) {
      case Merge::concat: return {concatenate({a, b}, {.axis = -1})};
      case Merge::sum: return {add(a, b)};
      case Merge::mul: return {multiply(a, b)};
      case Merge::ave: return {multiply(at(add(a, b)), 0.5)};
      case Merge::none: break;
    }
    return {a.variable(), b.variable()};
  }

  Merge merge_;
  BidirectionalOptions options_;

 public:
  Layer forward_layer;
  Layer backward_layer;
};

}  // namespace

Bidirectional::Bidirectional(const Layer& layer, BidirectionalOptions options)
    : Layer(std::make_shared<BidirectionalKind>(layer, options), "Bidirectional") {}

Bidirectional Bidirectional::from_config(const Config& config) {
  LayerConfig own(config, "Bidirectional");
  const auto merge_mode = own.take<std::optional<std::string>>("merge_mode");
  const auto layer = own.take<std::optional<Layer>>("layer");
  const auto backward_layer = own.take<std::optional<Layer>>("backward_layer");
  auto options = own.options<BidirectionalOptions>();
  options.merge_mode = merge_mode.value_or("none");
  options.backward_layer = backward_layer;
  return Bidirectional(*layer, options);
}

const Layer& Bidirectional::forward_layer() const { return as<BidirectionalKind>().forward_layer; }
const Layer& Bidirectional::backward_layer() const { return as<BidirectionalKind>().backward_layer; }
void Bidirectional::reset_state() const {
  for (const Layer& layer : kind().layers()) layer.as<RNNKind>().reset_state();
}

}  // namespace gradus
