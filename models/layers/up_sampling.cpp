#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/models/layers/up_sampling.h>
#include <gradus/ops/shape.h>

namespace gradus {

template <>
inline constexpr auto kFields<UpSampling1DOptions> = std::tuple(field("size", &UpSampling1DOptions::size));
template <>
inline constexpr auto kFields<UpSampling2DOptions> = std::tuple(
    field("size", &UpSampling2DOptions::size), field("data_format", &UpSampling2DOptions::data_format),
    field("interpolation", &UpSampling2DOptions::interpolation));

namespace {

class UpSampling1DKind : public ImageKind {
 public:
  explicit UpSampling1DKind(UpSampling1DOptions options)
      : ImageKind(common_options(options), 1, {}), options_(std::move(options)) {
    positive("UpSampling1D", "size", options_.size);
  }
  Config get_config() const override { return options_config(options_); }

 protected:
  Variable call_image(const Operand& x, const CallOptions&) override {
    return repeat(x, options_.size, {.axis = 1});
  }
  Shape image_shape(const Shape& image) override { return {image[0] * options_.size, image[1]}; }

 private:
  UpSampling1DOptions options_;
};

class UpSampling2DKind : public ImageKind {
 public:
  explicit UpSampling2DKind(UpSampling2DOptions options)
      : ImageKind(common_options(options), 2, options.data_format), options_(std::move(options)) {
    options_.size = for_each_axis("UpSampling2D", "size", options_.size, 2);
  }
  Config get_config() const override { return options_config(options_); }

 protected:
  Variable call_image(const Operand& x, const CallOptions&) override {
    const Axes& size = options_.size;
    if (options_.interpolation == Interpolation::nearest) {
      const Operand rows(repeat(x, size[0], {.axis = 1}), x.where());
      return repeat(rows, size[1], {.axis = 2});
    }
    const Shape shape = x.shape();
    return resize2d(x, {shape[1] * size[0], shape[2] * size[1]}, {.interpolation = options_.interpolation});
  }
  Shape image_shape(const Shape& image) override {
    return {image[0] * options_.size[0], image[1] * options_.size[1], image[2]};
  }

 private:
  UpSampling2DOptions options_;
};

}  // namespace

UpSampling1D::UpSampling1D(UpSampling1DOptions options)
    : Layer(std::make_shared<UpSampling1DKind>(std::move(options)), "UpSampling1D") {}
UpSampling2D::UpSampling2D(UpSampling2DOptions options)
    : Layer(std::make_shared<UpSampling2DKind>(std::move(options)), "UpSampling2D") {}

UpSampling1D UpSampling1D::from_config(const Config& config) {
  return layer_from<UpSampling1D, UpSampling1DOptions>(config, "UpSampling1D");
}
UpSampling2D UpSampling2D::from_config(const Config& config) {
  return layer_from<UpSampling2D, UpSampling2DOptions>(config, "UpSampling2D");
}

}  // namespace gradus
