#include <gradus/models/config/checked_number.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/rescaling.h>
#include <gradus/models/layers/same_shape.h>
#include <gradus/ops/elementwise.h>

namespace gradus {

template <>
inline constexpr auto kFields<RescalingOptions> = std::tuple(field("offset", &RescalingOptions::offset));

namespace {

class RescalingKind : public SameShape {
 public:
  RescalingKind(double scale, RescalingOptions options)
      : SameShape(common_options(options)),
        scale_(finite_number("Rescaling", "scale", scale)),
        options_(std::move(options)) {
    finite_number("Rescaling", "offset", options_.offset);
  }

  Variable call(const Operand& x, CallOptions) override {
    Variable y = multiply(is_floating(x.dtype()) ? x : Operand(cast(x, dtype()), x.where()), scale_);
    return options_.offset == 0 ? y : add(Operand(std::move(y), x.where()), options_.offset);
  }
  Config get_config() const override { return with_options(Config().set("scale", scale_), options_); }

 private:
  double scale_;
  RescalingOptions options_;
};

}  // namespace

Rescaling::Rescaling(double scale, RescalingOptions options)
    : Layer(std::make_shared<RescalingKind>(scale, std::move(options)), "Rescaling") {}

Rescaling Rescaling::from_config(const Config& config) {
  return layer_from<Rescaling, RescalingOptions, double>(config, "Rescaling", "scale");
}

}  // namespace gradus
