#include <gradus/models/layers/flatten.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/ops/shape.h>

namespace gradus {

template <>
inline constexpr auto kFields<FlattenOptions> = std::tuple(field("data_format",
                                                                 &FlattenOptions::data_format));

namespace {

class FlattenKind : public Layer::Kind {
 public:
  explicit FlattenKind(FlattenOptions options)
      : Kind(common_options(options)), options_(std::move(options)) {}

  Variable call(const Operand& x, CallOptions) override {
    const Shape shape = x.shape();
    const Dims flat = {shape[0], Shape(std::span(shape.begin() + 1, shape.end())).elements()};
    if (options_.data_format == DataFormat::channels_last || x.rank() < 3) return reshape(x, flat);
    return reshape(Operand(channels_last(x, options_.data_format), x.where()), flat);
  }
  Shape output_shape(const Shape& input) override { return {input.elements()}; }
  Config get_config() const override { return options_config(options_); }

 private:
  FlattenOptions options_;
};

}  // namespace

Flatten::Flatten(FlattenOptions options)
    : Layer(std::make_shared<FlattenKind>(std::move(options)), "Flatten") {}

Flatten Flatten::from_config(const Config& config) {
  return layer_from<Flatten, FlattenOptions>(config, "Flatten");
}

}  // namespace gradus
