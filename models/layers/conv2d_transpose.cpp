#include <gradus/models/layers/convolution.h>
#include <gradus/models/layers/filters.h>
#include <gradus/models/layers/layer_weight.h>

namespace gradus {

template <>
inline constexpr auto kFields<Conv2DTransposeOptions> =
    std::tuple_cat(window_fields<Conv2DTransposeOptions>(), kernel_fields<Conv2DTransposeOptions>(),
                   std::tuple(field("output_padding", &Conv2DTransposeOptions::output_padding)));

namespace {

Conv2DTransposeOptions with_output_padding(Conv2DTransposeOptions options) {
  if (!options.output_padding.empty()) {
    options.output_padding = for_each_axis("Conv2DTranspose", "output_padding", options.output_padding, 2, 0);
  }
  return options;
}

class TransposeKind : public FilterKind<Conv2DTransposeOptions> {
 public:
  TransposeKind(std::int64_t filters, const Axes& kernel_size, Conv2DTransposeOptions options)
      : FilterKind("Conv2DTranspose", 2, kernel_size, with_output_padding(std::move(options))),
        filters_(positive("Conv2DTranspose", "filters", filters)) {
    const Axes& padding = this->options().output_padding;
    const Axes& strides = this->options().strides;
    for (std::size_t i = 0; i < padding.size(); ++i) {
      if (padding[i] < strides[i]) continue;
      throw ValueError("Conv2DTranspose: output_padding " + to_string(padding) +
                       " must be less than the strides " + to_string(strides));
    }
  }

  Config get_config() const override { return FilterKind::get_config().set("filters", filters_); }

 protected:
  void build_image(const Shape& image) override {
    image_shape(image);
    add_kernel(kernel_shape(filters_, image.back()));
    add_bias(filters_);
  }

  Variable call_image(const Operand& x, const CallOptions&) override {
    return with_bias(conv2d_transpose(x, kernel(x),
                                      {.strides = options().strides,
                                       .padding = options().padding,
                                       .output_padding = options().output_padding,
                                       .dilation_rate = options().dilation_rate}),
                     x);
  }

  // As the op has it: see conv2d_transpose in <gradus/ops/nn.h>.
  Shape image_shape(const Shape& image) override {
    if (built()) require_channels(image.back(), kernel_weight().shape().back());
    Dims extents = spatial_extents(image);
    const bool same = options().padding == Padding::same;
    for (std::size_t i = 0; i < extents.size(); ++i) {
      if (extents[i] == 0) continue;
      const std::int64_t stride = options().strides[i];
      const std::int64_t reach = (size()[i] - 1) * options().dilation_rate[i] + 1;
      if (options().output_padding.empty()) {
        extents[i] = extents[i] * stride + (same ? 0 : std::max<std::int64_t>(reach - stride, 0));
      } else {
        extents[i] =
            (extents[i] - 1) * stride + reach + options().output_padding[i] - (same ? reach / 2 * 2 : 0);
      }
      if (extents[i] < 1) {
        throw ShapeError(name() + ": output_padding " + to_string(options().output_padding) +
                         " leaves no pixels of the image " + to_string(spatial_extents(image)));
      }
    }
    return image_of(extents, filters_);
  }

 private:
  std::int64_t filters_;
};

}  // namespace

Conv2DTranspose::Conv2DTranspose(std::int64_t filters, const Axes& kernel_size,
                                 Conv2DTransposeOptions options)
    : Layer(std::make_shared<TransposeKind>(filters, kernel_size, std::move(options)), "Conv2DTranspose") {}

Conv2DTranspose Conv2DTranspose::from_config(const Config& config) {
  return layer_from<Conv2DTranspose, Conv2DTransposeOptions, std::int64_t, Axes>(config, "Conv2DTranspose",
                                                                                 "filters", "kernel_size");
}
Parameter Conv2DTranspose::kernel() const { return layer_weight(*this, "kernel"); }
Parameter Conv2DTranspose::bias() const { return layer_weight(*this, "bias"); }

}  // namespace gradus
