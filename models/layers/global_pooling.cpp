#include <gradus/graph/error.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/pooling.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

using GPOptions = GlobalPoolingLayerOptions;
template <>
inline constexpr auto kFields<GPOptions> = std::tuple(field("data_format", &GPOptions::data_format),
                                                      field("keepdims", &GPOptions::keepdims));

namespace {

class GlobalPoolingKind : public ImageKind {
 public:
  using Op = Variable (*)(const Operand& x, const Tensor& mask, GlobalPoolingOptions options);

  GlobalPoolingKind(int axes, Op op, GPOptions options)
      : ImageKind(common_options(options), axes, options.data_format),
        op_(op),
        options_(std::move(options)) {}

  Config get_config() const override { return options_config(options_); }

 protected:
  Variable call_image(const Operand& x, const CallOptions& options) override {
    const Tensor mask = options.mask.empty() ? Tensor() : options.mask.front();
    return op_(x, mask, {.keepdims = options_.keepdims});
  }
  Shape image_shape(const Shape& image) override {
    const Dims extents = spatial_extents(image);
    for (const std::int64_t extent : extents) {
      if (extent == 0) throw ShapeError(name() + ": the image " + to_string(extents) + " has no pixels");
    }
    return options_.keepdims ? image_of(Dims(extents.size(), 1), image.back()) : Shape{image.back()};
  }

 private:
  Op op_;
  GPOptions options_;
};

Variable largest_step(const Operand& x, const Tensor&, GlobalPoolingOptions options) {
  return max(x, {.axis = 1, .keepdims = options.keepdims});
}

Variable mean_step(const Operand& x, const Tensor& mask, GlobalPoolingOptions options) {
  if (!mask.defined()) return mean(x, {.axis = 1, .keepdims = options.keepdims});
  const Shape shape = x.shape();
  if (mask.shape() != Shape{shape[0], shape[1]}) {
    throw ShapeError("GlobalAveragePooling1D: the mask of " + to_string(shape) + " must be [batch, steps], " +
                     "it is " + to_string(mask.shape()));
  }
  const Operand kept(expand_dims(mask, {.axis = 2}).value(), x.where());
  const Operand valid(where(kept, x, 0), x.where());
  const Operand total(sum(valid, {.axis = 1, .keepdims = options.keepdims}), x.where());
  const Operand count(sum(cast(kept, x.dtype()), {.axis = 1, .keepdims = options.keepdims}), x.where());
  return divide(total, count);
}

Variable largest_pixel(const Operand& x, const Tensor&, GlobalPoolingOptions options) {
  return global_max_pool2d(x, options);
}

Variable mean_pixel(const Operand& x, const Tensor&, GlobalPoolingOptions options) {
  return global_average_pool2d(x, options);
}

std::shared_ptr<Layer::Kind> pooling(int axes, GlobalPoolingKind::Op op, GPOptions options) {
  return std::make_shared<GlobalPoolingKind>(axes, op, std::move(options));
}

template <class L>
L pooling_from(const Config& config, std::string_view owner) {
  return layer_from<L, GPOptions>(config, owner);
}

}  // namespace

GlobalMaxPooling1D::GlobalMaxPooling1D(GPOptions options)
    : Layer(pooling(1, largest_step, std::move(options)), "GlobalMaxPooling1D") {}
GlobalMaxPooling2D::GlobalMaxPooling2D(GPOptions options)
    : Layer(pooling(2, largest_pixel, std::move(options)), "GlobalMaxPooling2D") {}
GlobalAveragePooling1D::GlobalAveragePooling1D(GPOptions options)
    : Layer(pooling(1, mean_step, std::move(options)), "GlobalAveragePooling1D") {}
GlobalAveragePooling2D::GlobalAveragePooling2D(GPOptions options)
    : Layer(pooling(2, mean_pixel, std::move(options)), "GlobalAveragePooling2D") {}

GlobalMaxPooling1D GlobalMaxPooling1D::from_config(const Config& config) {
  return pooling_from<GlobalMaxPooling1D>(config, "GlobalMaxPooling1D");
}
GlobalMaxPooling2D GlobalMaxPooling2D::from_config(const Config& config) {
  return pooling_from<GlobalMaxPooling2D>(config, "GlobalMaxPooling2D");
}
GlobalAveragePooling1D GlobalAveragePooling1D::from_config(const Config& config) {
  return pooling_from<GlobalAveragePooling1D>(config, "GlobalAveragePooling1D");
}
GlobalAveragePooling2D GlobalAveragePooling2D::from_config(const Config& config) {
  return pooling_from<GlobalAveragePooling2D>(config, "GlobalAveragePooling2D");
}

}  // namespace gradus
