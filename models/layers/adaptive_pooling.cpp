#include <gradus/graph/error.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/pooling.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

template <>
inline constexpr auto kFields<AdaptivePoolingOptions> =
    std::tuple(field("data_format", &AdaptivePoolingOptions::data_format));

namespace {

using Reduce = Variable (*)(const Operand&, ReduceOptions);

// Along one axis after the other: windows are rectangles, so the mean of means is their mean.
Variable pooled(const Operand& x, std::int64_t axis, std::int64_t positions, Reduce reduce) {
  const std::int64_t pixels = x.shape().dim(axis);
  if (pixels == positions) return x.variable();
  std::vector<Operand> parts;
  for (std::int64_t i = 0; i < positions; ++i) {
    std::vector<Slice> window(static_cast<std::size_t>(axis) + 1);
    window.back() = {.start = i * pixels / positions, .stop = ((i + 1) * pixels + positions - 1) / positions};
    parts.emplace_back(reduce(Operand(slice(x, window), x.where()), {.axis = axis, .keepdims = true}),
                       x.where());
  }
  return concatenate(parts, {.axis = axis});
}

class AdaptivePoolingKind : public ImageKind {
 public:
  AdaptivePoolingKind(std::string_view owner, int axes, Reduce reduce, const Axes& output_size,
                      AdaptivePoolingOptions options)
      : ImageKind(common_options(options), axes, options.data_format),
        output_size_(for_each_axis(owner, "output_size", output_size, axes)),
        reduce_(reduce),
        options_(std::move(options)) {}

  Config get_config() const override {
    return with_options(Config().set("output_size", to_config_value(output_size_)), options_);
  }

 protected:
  Variable call_image(const Operand& x, const CallOptions&) override {
    Variable y = x.variable();
    for (std::size_t i = 0; i < output_size_.size(); ++i) {
      y = pooled(Operand(std::move(y), x.where()), static_cast<std::int64_t>(i) + 1, output_size_[i],
                 reduce_);
    }
    return y;
  }
  Shape image_shape(const Shape& image) override {
    const Dims extents = spatial_extents(image);
    for (const std::int64_t extent : extents) {
      if (extent == 0) throw ShapeError(name() + ": the image " + to_string(extents) + " has no pixels");
    }
    return image_of(output_size_, image.back());
  }

 private:
  Axes output_size_;
  Reduce reduce_;
  AdaptivePoolingOptions options_;
};

std::shared_ptr<Layer::Kind> pooling(std::string_view owner, int axes, Reduce reduce, const Axes& output_size,
                                     AdaptivePoolingOptions options) {
  return std::make_shared<AdaptivePoolingKind>(owner, axes, reduce, output_size, std::move(options));
}

template <class L>
L pooling_from(const Config& config, std::string_view owner) {
  return layer_from<L, AdaptivePoolingOptions, Axes>(config, owner, "output_size");
}

}  // namespace

AdaptiveMaxPooling1D::AdaptiveMaxPooling1D(const Axes& output_size, AdaptivePoolingOptions options)
    : Layer(pooling("AdaptiveMaxPooling1D", 1, max, output_size, std::move(options)),
            "AdaptiveMaxPooling1D") {}
AdaptiveMaxPooling2D::AdaptiveMaxPooling2D(const Axes& output_size, AdaptivePoolingOptions options)
    : Layer(pooling("AdaptiveMaxPooling2D", 2, max, output_size, std::move(options)),
            "AdaptiveMaxPooling2D") {}
AdaptiveAveragePooling1D::AdaptiveAveragePooling1D(const Axes& output_size, AdaptivePoolingOptions options)
    : Layer(pooling("AdaptiveAveragePooling1D", 1, mean, output_size, std::move(options)),
            "AdaptiveAveragePooling1D") {}
AdaptiveAveragePooling2D::AdaptiveAveragePooling2D(const Axes& output_size, AdaptivePoolingOptions options)
    : Layer(pooling("AdaptiveAveragePooling2D", 2, mean, output_size, std::move(options)),
            "AdaptiveAveragePooling2D") {}

AdaptiveMaxPooling1D AdaptiveMaxPooling1D::from_config(const Config& config) {
  return pooling_from<AdaptiveMaxPooling1D>(config, "AdaptiveMaxPooling1D");
}
AdaptiveMaxPooling2D AdaptiveMaxPooling2D::from_config(const Config& config) {
  return pooling_from<AdaptiveMaxPooling2D>(config, "AdaptiveMaxPooling2D");
}
AdaptiveAveragePooling1D AdaptiveAveragePooling1D::from_config(const Config& config) {
  return pooling_from<AdaptiveAveragePooling1D>(config, "AdaptiveAveragePooling1D");
}
AdaptiveAveragePooling2D AdaptiveAveragePooling2D::from_config(const Config& config) {
  return pooling_from<AdaptiveAveragePooling2D>(config, "AdaptiveAveragePooling2D");
}

}  // namespace gradus
