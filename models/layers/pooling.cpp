#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/pooling.h>
#include <gradus/models/layers/spatial.h>

namespace gradus {

template <>
inline constexpr auto kFields<Pooling1DOptions> = std::tuple(
    field("pool_size", &Pooling1DOptions::pool_size), field("strides", &Pooling1DOptions::strides),
    field("padding", &Pooling1DOptions::padding), field("data_format", &Pooling1DOptions::data_format));

namespace {

class PoolingKind : public ImageKind {
 public:
  using Op = Variable (*)(const Operand&, PoolingOptions);

  PoolingKind(std::string_view owner, Op op, int axes, Pooling1DOptions options)
      : ImageKind(common_options(options), axes, options.data_format), op_(op), options_(std::move(options)) {
    options_.pool_size = for_each_axis(owner, "pool_size", options_.pool_size, axes);
    options_.strides = options_.strides.empty() ? options_.pool_size
                                                : for_each_axis(owner, "strides", options_.strides, axes);
  }

  Config get_config() const override { return options_config(options_); }

 protected:
  Variable call_image(const Operand& x, const CallOptions&) override {
    return op_(x,
               {.pool_size = options_.pool_size, .strides = options_.strides, .padding = options_.padding});
  }
  Shape image_shape(const Shape& image) override {
    return image_of(window_positions(*this, spatial_extents(image), options_.pool_size,
                                     {.strides = options_.strides, .padding = options_.padding}),
                    image.back());
  }

 private:
  Op op_;
  Pooling1DOptions options_;
};

std::shared_ptr<Layer::Kind> pooling(std::string_view owner, PoolingKind::Op op, int axes,
                                     Pooling1DOptions options) {
  return std::make_shared<PoolingKind>(owner, op, axes, std::move(options));
}

template <class L>
L pooling_from(const Config& config, std::string_view owner) {
  return layer_from<L, Pooling1DOptions>(config, owner);
}

}  // namespace

MaxPooling1D::MaxPooling1D(Pooling1DOptions options)
    : Layer(pooling("MaxPooling1D", max_pool1d, 1, std::move(options)), "MaxPooling1D") {}
MaxPooling2D::MaxPooling2D(Pooling2DOptions options)
    : Layer(pooling("MaxPooling2D", max_pool2d, 2, std::move(options)), "MaxPooling2D") {}
AveragePooling1D::AveragePooling1D(Pooling1DOptions options)
    : Layer(pooling("AveragePooling1D", average_pool1d, 1, std::move(options)), "AveragePooling1D") {}
AveragePooling2D::AveragePooling2D(Pooling2DOptions options)
    : Layer(pooling("AveragePooling2D", average_pool2d, 2, std::move(options)), "AveragePooling2D") {}

MaxPooling1D MaxPooling1D::from_config(const Config& config) {
  return pooling_from<MaxPooling1D>(config, "MaxPooling1D");
}
MaxPooling2D MaxPooling2D::from_config(const Config& config) {
  return pooling_from<MaxPooling2D>(config, "MaxPooling2D");
}
AveragePooling1D AveragePooling1D::from_config(const Config& config) {
  return pooling_from<AveragePooling1D>(config, "AveragePooling1D");
}
AveragePooling2D AveragePooling2D::from_config(const Config& config) {
  return pooling_from<AveragePooling2D>(config, "AveragePooling2D");
}

}  // namespace gradus
