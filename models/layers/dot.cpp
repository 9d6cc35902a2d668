#include <gradus/graph/error.h>
#include <gradus/models/layer_checks.h>
#include <gradus/models/layers/layer_config.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/shape.h>

namespace gradus {

template <>
inline constexpr auto kFields<DotLayerOptions> = std::tuple(field("normalize", &DotLayerOptions::normalize));

namespace {

std::vector<std::int64_t> without(const Shape& shape, std::int64_t axis) {
  std::vector<std::int64_t> dims;
  for (std::int64_t i = 1; i < shape.rank(); ++i) {
    if (i != axis) dims.push_back(shape.dim(i));
  }
  return dims;
}

std::int64_t product(const std::vector<std::int64_t>& dims) {
  std::int64_t result = 1;
  for (const std::int64_t extent : dims) result *= extent;
  return result;
}

class DotKind : public Layer::Kind {
 public:
  DotKind(const Axes& axes, DotLayerOptions options)
      : Kind({.name = options.name}), axes_(axes), options_(std::move(options)) {
    if (axes.size() != 1 && axes.size() != 2) {
      throw ValueError("Dot: axes must be one or two, got " + std::to_string(axes.size()));
    }
  }

  void build_all(const std::vector<Shape>& inputs) override { output_shapes(inputs); }

  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions&) override {
    const std::vector<Shape> shapes = {inputs[0].shape(), inputs.back().shape()};
    const auto [a, b] = axes_of(inputs.size(), shapes);
    require_same_rows(*this, inputs);
    const auto rest_a = without(shapes[0], a), rest_b = without(shapes[1], b);
    // [batch, rest of a, axis] x [batch, rest of b, axis]^T
    const Variable left = prepared(inputs[0], a, product(rest_a));
    const Variable right = prepared(inputs[1], b, product(rest_b));
    const Variable result =
        matmul(Operand(left, inputs[0].where()), Operand(right, inputs[1].where()), {.transpose_b = true});
    return {reshape(result, batch_shape(output_shapes({sample_shape(shapes[0]), sample_shape(shapes[1])})[0],
                                        shapes[0][0])
                                .dims())};
  }

  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override {
    std::vector<Shape> shapes;
    for (const Shape& input : inputs) shapes.push_back(batch_shape(input, 1));
    const auto [a, b] = axes_of(inputs.size(), shapes);
    if (shapes[0].dim(a) != shapes[1].dim(b)) {
      throw ShapeError(name() + ": axis " + std::to_string(a) + " of " + batch_text(inputs[0]) +
                       " and axis " + std::to_string(b) + " of " + batch_text(inputs[1]) + " differ");
    }
    std::vector<std::int64_t> dims = without(shapes[0], a);
    for (const std::int64_t extent : without(shapes[1], b)) dims.push_back(extent);
    if (dims.empty()) dims.push_back(1);
    return {Shape(dims)};
  }

  Config get_config() const override {
    return Config().set("axes", to_config_value(axes_)).set("normalize", options_.normalize);
  }

 private:
  std::pair<std::int64_t, std::int64_t> axes_of(std::size_t count, const std::vector<Shape>& shapes) const {
    if (count != 2)
      throw ValueError(name() + ": Dot takes 2 inputs, got " + std::to_string(count) +
                       ": give them in braces");
    const auto a = static_cast<std::int64_t>(shapes[0].normalize_axis(axes_[0]));
    const auto b = static_cast<std::int64_t>(shapes[1].normalize_axis(axes_[axes_.size() - 1]));
    if (a == 0 || b == 0) throw ValueError(name() + ": Dot does not sum over the batch's axis");
    return {a, b};
  }

  // [batch, the other axes as one, axis]
  Variable prepared(const Operand& x, std::int64_t axis, std::int64_t rest) const {
    Variable y = options_.normalize ? l2_normalize(x, {.axis = axis}) : x.variable();
    y = moveaxis(Operand(std::move(y), x.where()), axis, -1);
    const std::int64_t extent = y.shape().back();
    return reshape(y, Dims{x.shape()[0], rest, extent});
  }

  Axes axes_;
  DotLayerOptions options_;
};

}  // namespace

Dot::Dot(const Axes& axes, DotLayerOptions options)
    : Layer(std::make_shared<DotKind>(axes, std::move(options)), "Dot") {}

Dot Dot::from_config(const Config& config) {
  LayerConfig own(config, "Dot");
  const auto axes = own.take<Axes>("axes");
  return Dot(axes, own.options<DotLayerOptions>());
}

}  // namespace gradus
