#include <gradus/graph/error.h>
#include <gradus/models/layers/inner_layer.h>
#include <gradus/models/layers/placed.h>
#include <gradus/models/layers/time_distributed.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/shape.h>

namespace gradus {

template <>
inline constexpr auto kFields<TimeDistributedOptions> = std::tuple(field("seed",
                                                                         &TimeDistributedOptions::seed));

namespace {

// Axis 1 and all before it in one.
Dims together(const Shape& shape) {
  Dims dims = shape.dims();
  Dims result(dims.size() - 1, dims[0] * dims[1]);
  for (std::size_t i = 1; i < result.size(); ++i) result[i] = dims[i + 1];
  return result;
}
Dims apart(const Shape& shape, std::int64_t batch, std::int64_t time) {
  Dims result(static_cast<std::size_t>(shape.rank()) + 1, batch);
  result[1] = time;
  for (std::size_t i = 2; i < result.size(); ++i) result[i] = shape[i - 1];
  return result;
}

class TimeDistributedKind : public Layer::Kind {
 public:
  TimeDistributedKind(Layer inner, const TimeDistributedOptions& options)
      : Kind(common_options(options)), layer(std::move(inner)), options_(options) {}

  void build(const Shape& input) override { layer.build(step_shape(input)); }

  Variable call(const Operand& x, CallOptions options) override {
    const Shape shape = x.shape();
    step_shape(sample_shape(shape));
    Tensor mask = options.mask.empty() ? Tensor() : options.mask.front();
    options.mask.clear();
    if (mask.defined() && (mask.rank() < 2 || mask.dim(0) != shape[0] || mask.dim(1) != shape[1])) {
      throw ShapeError(name() + ": the mask of x " + to_string(shape) + " must begin with " +
                       to_string(Shape{shape[0], shape[1]}) + ", got " + to_string(mask.shape()));
    }
    if (mask.defined() && mask.rank() == 2) mask = {};
    // In training a layer may look at the whole batch, as BatchNormalization does, and then each step is one.
    if (options.training && !layer.non_trainable_weights().empty()) {
      return step_by_step(x, mask, options);
    }
    const Placed at(x.where());
    if (mask.defined()) options.mask = {mask.reshape(together(mask.shape()))};
    const Variable y = layer(at(reshape(x, together(shape))), options);
    return reshape(at(y), apart(y.shape(), shape[0], shape[1]));
  }

  Shape output_shape(const Shape& input) override {
    return batch_shape(layer.output_shape(step_shape(input)), input[0]);
  }
  bool supports_masking() const override { return true; }
  std::vector<Layer> layers() const override { return {layer}; }
  Config get_config() const override {
    return with_options(Config().set("layer", to_config_value(layer)), options_);
  }

 private:
  Shape step_shape(const Shape& input) const {
    if (input.rank() < 2) {
      throw ShapeError(name() + ": TimeDistributed needs [batch, time, ...] of rank 3 or more, got " +
                       batch_text(input));
    }
    return sample_shape(input);
  }

  Variable step_by_step(const Operand& x, const Tensor& mask, CallOptions options) const {
    const Placed at(x.where());
    const std::vector<Variable> steps = unstack(x, {.axis = 1});
    std::vector<Variable> masks;
    if (mask.defined()) masks = unstack(at(mask), {.axis = 1});
    std::vector<Operand> outputs;
    for (std::size_t t = 0; t < steps.size(); ++t) {
      if (mask.defined()) options.mask = {masks[t].value()};
      outputs.push_back(at(layer(at(steps[t]), options)));
    }
    return stack(outputs, {.axis = 1});
  }

 public:
  Layer layer;

 private:
  TimeDistributedOptions options_;
};

}  // namespace

TimeDistributed::TimeDistributed(const Layer& layer, TimeDistributedOptions options)
    : Layer(std::make_shared<TimeDistributedKind>(layer, options), "TimeDistributed") {}

TimeDistributed TimeDistributed::from_config(const Config& config) {
  LayerConfig own(config, "TimeDistributed");
  const auto layer = own.take<std::optional<Layer>>("layer");
  return TimeDistributed(*layer, own.options<TimeDistributedOptions>());
}

const Layer& TimeDistributed::layer() const { return as<TimeDistributedKind>().layer; }

}  // namespace gradus
