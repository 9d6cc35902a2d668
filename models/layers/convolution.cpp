#include <gradus/graph/suggest.h>
#include <gradus/models/layers/convolution.h>
#include <gradus/models/layers/filters.h>
#include <gradus/models/layers/layer_weight.h>
#include <gradus/ops/shape.h>

#include <array>

namespace gradus {

namespace {

constexpr std::array<std::string_view, 3> kPaddings = {"valid", "same", "causal"};

}  // namespace

Conv1DPadding::Conv1DPadding(std::string_view name)
    : kind_(static_cast<Kind>(find_name("padding", name, kPaddings))) {}
std::string_view Conv1DPadding::name() const { return kPaddings[kind_]; }

template <>
inline constexpr auto kFields<Conv1DOptions> =
    std::tuple_cat(window_fields<Conv1DOptions>(), kernel_fields<Conv1DOptions>(),
                   std::tuple(field("groups", &Conv1DOptions::groups)));
template <>
inline constexpr auto kFields<Conv2DOptions> =
    std::tuple_cat(window_fields<Conv2DOptions>(), kernel_fields<Conv2DOptions>(),
                   std::tuple(field("groups", &Conv2DOptions::groups)));

namespace {

template <class Options>
class ConvolutionKind : public FilterKind<Options> {
 public:
  using Op = Variable (*)(const Operand&, const Operand&, ConvolutionOptions);

  ConvolutionKind(std::string_view owner, Op op, int axes, std::int64_t filters, const Axes& kernel_size,
                  Options options)
      : FilterKind<Options>(owner, axes, kernel_size, std::move(options)),
        op_(op),
        filters_(positive(owner, "filters", filters)) {
    const std::int64_t groups = positive(owner, "groups", this->options().groups);
    if (filters % groups != 0) {
      throw ValueError(std::string(owner) + ": " + std::to_string(filters) + " filters do not fall into " +
                       std::to_string(groups) + " groups");
    }
  }

  Config get_config() const override { return FilterKind<Options>::get_config().set("filters", filters_); }

 protected:
  void build_image(const Shape& image) override {
    image_shape(image);
    this->add_kernel(this->kernel_shape(image.back() / this->options().groups, filters_));
    this->add_bias(filters_);
  }

  Variable call_image(const Operand& x, const CallOptions&) override {
    const Options& options = this->options();
    const ConvolutionOptions given = {.strides = options.strides,
                                      .padding = same() ? Padding::same : Padding::valid,
                                      .dilation_rate = options.dilation_rate,
                                      .groups = options.groups,
                                      .bias = this->bias(x),
                                      .relu = takes_relu()};
    if (!causal()) return op_(x, this->kernel(x), given);
    const std::int64_t before = options.dilation_rate[0] * (this->size()[0] - 1);
    const Operand padded(pad(x, {{}, {before, 0}, {}}), x.where());
    return op_(padded, this->kernel(x), given);
  }

  Variable finish(Variable y, const Operand& x) override {
    if (!takes_relu()) return FilterKind<Options>::finish(std::move(y), x);
    penalize_activity(this->options().activity_regularizer, y, x);
    return y;
  }

  Shape image_shape(const Shape& image) override {
    const Options& options = this->options();
    const std::int64_t channels = image.back(), groups = options.groups;
    if (channels % groups != 0) {
      throw ShapeError(this->name() + ": " + std::to_string(channels) + " channels do not fall into " +
                       std::to_string(groups) + " groups");
    }
    if (this->built()) this->require_channels(channels, this->kernel_weight().shape().dim(-2) * groups);
    return image_of(window_positions(*this, spatial_extents(image), this->size(),
                                     {.strides = options.strides,
                                      .padding = same() || causal() ? Padding::same : Padding::valid,
                                      .dilation_rate = options.dilation_rate}),
                    filters_);
  }

 private:
  // The op itself computes that activation, while its values are at hand.
  bool takes_relu() const { return this->options().activation.name() == "relu"; }
  bool same() const { return this->options().padding.name() == "same"; }
  bool causal() const { return this->options().padding.name() == "causal"; }

  Op op_;
  std::int64_t filters_;
};

template <class Options>
std::shared_ptr<Layer::Kind> convolution(std::string_view owner, typename ConvolutionKind<Options>::Op op,
                                         int axes, std::int64_t filters, const Axes& kernel_size,
                                         Options options) {
  return std::make_shared<ConvolutionKind<Options>>(owner, op, axes, filters, kernel_size,
                                                    std::move(options));
}

}  // namespace

Conv1D::Conv1D(std::int64_t filters, const Axes& kernel_size, Conv1DOptions options)
    : Layer(convolution("Conv1D", conv1d, 1, filters, kernel_size, std::move(options)), "Conv1D") {}
Conv2D::Conv2D(std::int64_t filters, const Axes& kernel_size, Conv2DOptions options)
    : Layer(convolution("Conv2D", conv2d, 2, filters, kernel_size, std::move(options)), "Conv2D") {}
Conv3D::Conv3D(std::int64_t filters, const Axes& kernel_size, Conv3DOptions options)
    : Layer(convolution("Conv3D", conv3d, 3, filters, kernel_size, std::move(options)), "Conv3D") {}

Conv1D Conv1D::from_config(const Config& config) {
  return layer_from<Conv1D, Conv1DOptions, std::int64_t, Axes>(config, "Conv1D", "filters", "kernel_size");
}
Conv2D Conv2D::from_config(const Config& config) {
  return layer_from<Conv2D, Conv2DOptions, std::int64_t, Axes>(config, "Conv2D", "filters", "kernel_size");
}
Conv3D Conv3D::from_config(const Config& config) {
  return layer_from<Conv3D, Conv3DOptions, std::int64_t, Axes>(config, "Conv3D", "filters", "kernel_size");
}

Parameter Conv1D::kernel() const { return layer_weight(*this, "kernel"); }
Parameter Conv1D::bias() const { return layer_weight(*this, "bias"); }
Parameter Conv2D::kernel() const { return layer_weight(*this, "kernel"); }
Parameter Conv2D::bias() const { return layer_weight(*this, "bias"); }
Parameter Conv3D::kernel() const { return layer_weight(*this, "kernel"); }
Parameter Conv3D::bias() const { return layer_weight(*this, "bias"); }

}  // namespace gradus
