#include <gradus/graph/error.h>
#include <gradus/models/layers/layer_config.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

template <>
inline constexpr auto kFields<ConcatenateLayerOptions> = std::tuple(field("axis",
                                                                          &ConcatenateLayerOptions::axis));

namespace {

class ConcatenateKind : public Layer::Kind {
 public:
  explicit ConcatenateKind(ConcatenateLayerOptions options)
      : Kind({.name = options.name}), options_(std::move(options)) {
    if (options_.axis == 0) throw ValueError("Concatenate: axis 0 is the batch's");
  }

  void build_all(const std::vector<Shape>& inputs) override { output_shapes(inputs); }

  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions&) override {
    return {concatenate(inputs, {.axis = options_.axis})};
  }

  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override {
    if (inputs.empty()) throw ValueError(name() + ": Concatenate needs an input");
    Dims dims = inputs.front().dims();
    const std::int64_t rank = inputs.front().rank() + 1;
    const std::int64_t axis = options_.axis < 0 ? options_.axis + rank : options_.axis;
    if (axis < 1 || axis >= rank) {
      throw ShapeError(name() + ": axis " + std::to_string(options_.axis) + " is none of " +
                       batch_text(inputs.front()));
    }
    const auto place = static_cast<std::size_t>(axis - 1);
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      Dims other = inputs[i].dims();
      bool fits = other.size() == dims.size();
      for (std::size_t d = 0; fits && d < dims.size(); ++d) fits = d == place || other[d] == dims[d];
      if (!fits) {
        throw ShapeError(name() + ": inputs of shapes " + batch_text(inputs.front()) + " and " +
                         batch_text(inputs[i]) + " do not fit along axis " + std::to_string(options_.axis));
      }
      dims[place] += other[place];
    }
    return {Shape(std::move(dims))};
  }

  // Along the steps the masks are joined as well; else a step counts where it does in any of the inputs, and
  // everywhere where one has no mask.
  std::vector<Tensor> output_masks(const std::vector<Operand>& inputs,
                                   const std::vector<Tensor>& masks) override {
    if (masks.size() != inputs.size()) return {};
    std::vector<Operand> parts;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Shape shape = inputs[i].shape();
      if (shape.rank() < 2) return {};
      parts.emplace_back(masks[i].defined() ? masks[i] : Tensor::ones({shape[0], shape[1]}, DType::boolean));
    }
    const std::int64_t rank = inputs.front().rank();
    const std::int64_t axis = options_.axis < 0 ? options_.axis + rank : options_.axis;
    if (axis == 1) return {concatenate(parts, {.axis = 1}).value()};
    Variable any = parts.front().variable();
    for (std::size_t i = 1; i < parts.size(); ++i) any = logical_or(any, parts[i]);
    return {any.value()};
  }

  Config get_config() const override { return options_config(options_); }

 private:
  ConcatenateLayerOptions options_;
};

}  // namespace

Concatenate::Concatenate(ConcatenateLayerOptions options)
    : Layer(std::make_shared<ConcatenateKind>(std::move(options)), "Concatenate") {}

Concatenate Concatenate::from_config(const Config& config) {
  return Concatenate(LayerConfig(config, "Concatenate").options<ConcatenateLayerOptions>());
}

}  // namespace gradus
