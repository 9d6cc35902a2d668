#include <gradus/models/layers/filters.h>
#include <gradus/models/layers/layer_weight.h>
#include <gradus/models/layers/separable.h>

namespace gradus {

template <>
inline constexpr auto kFields<DepthwiseConv2DOptions> =
    std::tuple_cat(window_fields<DepthwiseConv2DOptions>(), depthwise_fields<DepthwiseConv2DOptions>());
template <>
inline constexpr auto kFields<SeparableConv2DOptions> =
    std::tuple_cat(window_fields<SeparableConv2DOptions>(), depthwise_fields<SeparableConv2DOptions>(),
                   std::tuple(field("pointwise_initializer", &SeparableConv2DOptions::pointwise_initializer),
                              field("pointwise_regularizer", &SeparableConv2DOptions::pointwise_regularizer),
                              field("pointwise_constraint", &SeparableConv2DOptions::pointwise_constraint)));

namespace {

// What the two have in common: a kernel for each channel.
template <class Options>
class DepthwiseFilters : public FilterKind<Options> {
 public:
  DepthwiseFilters(std::string_view owner, const Axes& kernel_size, Options options)
      : FilterKind<Options>(owner, 2, kernel_size, std::move(options)) {
    positive(owner, "depth_multiplier", this->options().depth_multiplier);
  }

 protected:
  DepthwiseOptions windows() const {
    return {.strides = this->options().strides,
            .padding = this->options().padding,
            .dilation_rate = this->options().dilation_rate};
  }
  std::int64_t depth(const Shape& image) const { return image.back() * this->options().depth_multiplier; }
  Shape filtered(const Shape& image, std::int64_t channels) const {
    if (this->built()) this->require_channels(image.back(), this->kernel_weight().shape().dim(-2));
    return image_of(window_positions(*this, spatial_extents(image), this->size(),
                                     {.strides = this->options().strides,
                                      .padding = this->options().padding,
                                      .dilation_rate = this->options().dilation_rate}),
                    channels);
  }
};

class DepthwiseKind : public DepthwiseFilters<DepthwiseConv2DOptions> {
 public:
  DepthwiseKind(const Axes& kernel_size, DepthwiseConv2DOptions options)
      : DepthwiseFilters("DepthwiseConv2D", kernel_size, std::move(options)) {}

 protected:
  void build_image(const Shape& image) override {
    image_shape(image);
    add_depthwise_kernel("kernel", image.back());
    add_bias(depth(image));
  }
  Variable call_image(const Operand& x, const CallOptions&) override {
    return with_bias(depthwise_conv2d(x, kernel(x), windows()), x);
  }
  Shape image_shape(const Shape& image) override { return filtered(image, depth(image)); }
};

class SeparableKind : public DepthwiseFilters<SeparableConv2DOptions> {
 public:
  SeparableKind(std::int64_t filters, const Axes& kernel_size, SeparableConv2DOptions options)
      : DepthwiseFilters("SeparableConv2D", kernel_size, std::move(options)),
        filters_(positive("SeparableConv2D", "filters", filters)) {}

  Config get_config() const override { return DepthwiseFilters::get_config().set("filters", filters_); }

 protected:
  void build_image(const Shape& image) override {
    image_shape(image);
    add_depthwise_kernel("depthwise_kernel", image.back());
    pointwise_ = add_weight("pointwise_kernel", {1, 1, depth(image), filters_},
                            {.initializer = options().pointwise_initializer,
                             .regularizer = options().pointwise_regularizer,
                             .constraint = options().pointwise_constraint});
    add_bias(filters_);
  }
  Variable call_image(const Operand& x, const CallOptions&) override {
    return with_bias(separable_conv2d(x, kernel(x), Operand(pointwise_, x.where()), windows()), x);
  }
  Shape image_shape(const Shape& image) override { return filtered(image, filters_); }

 private:
  std::int64_t filters_;
  Parameter pointwise_;
};

}  // namespace

DepthwiseConv2D::DepthwiseConv2D(const Axes& kernel_size, DepthwiseConv2DOptions options)
    : Layer(std::make_shared<DepthwiseKind>(kernel_size, std::move(options)), "DepthwiseConv2D") {}
SeparableConv2D::SeparableConv2D(std::int64_t filters, const Axes& kernel_size,
                                 SeparableConv2DOptions options)
    : Layer(std::make_shared<SeparableKind>(filters, kernel_size, std::move(options)), "SeparableConv2D") {}

DepthwiseConv2D DepthwiseConv2D::from_config(const Config& config) {
  return layer_from<DepthwiseConv2D, DepthwiseConv2DOptions, Axes>(config, "DepthwiseConv2D", "kernel_size");
}
SeparableConv2D SeparableConv2D::from_config(const Config& config) {
  return layer_from<SeparableConv2D, SeparableConv2DOptions, std::int64_t, Axes>(config, "SeparableConv2D",
                                                                                 "filters", "kernel_size");
}

Parameter DepthwiseConv2D::kernel() const { return layer_weight(*this, "kernel"); }
Parameter DepthwiseConv2D::bias() const { return layer_weight(*this, "bias"); }
Parameter SeparableConv2D::depthwise_kernel() const { return layer_weight(*this, "depthwise_kernel"); }
Parameter SeparableConv2D::pointwise_kernel() const { return layer_weight(*this, "pointwise_kernel"); }
Parameter SeparableConv2D::bias() const { return layer_weight(*this, "bias"); }

}  // namespace gradus
