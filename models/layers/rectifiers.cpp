#include <gradus/models/activations.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/rectifiers.h>
#include <gradus/models/layers/same_shape.h>
#include <gradus/models/layers/sample_axes.h>

namespace gradus {

template <>
inline constexpr auto kFields<ReLULayerOptions> =
    std::tuple(field("max_value", &ReLULayerOptions::max_value),
               field("negative_slope", &ReLULayerOptions::negative_slope),
               field("threshold", &ReLULayerOptions::threshold));
template <>
inline constexpr auto kFields<LeakyReLULayerOptions> =
    std::tuple(field("negative_slope", &LeakyReLULayerOptions::negative_slope));
template <>
inline constexpr auto kFields<ELULayerOptions> = std::tuple(field("alpha", &ELULayerOptions::alpha));
template <>
inline constexpr auto kFields<PReLUOptions> =
    std::tuple(field("alpha_initializer", &PReLUOptions::alpha_initializer),
               field("alpha_regularizer", &PReLUOptions::alpha_regularizer),
               field("alpha_constraint", &PReLUOptions::alpha_constraint),
               field("shared_axes", &PReLUOptions::shared_axes));

namespace {

// One of the functions that have nothing but options.
template <class Options>
class Rectifier : public SameShape {
 public:
  using Function = Variable (*)(const Operand& x, const Options& options);

  Rectifier(Options options, Function function)
      : SameShape(common_options(options)), options_(std::move(options)), function_(function) {}

  Variable call(const Operand& x, CallOptions) override { return function_(x, options_); }
  Config get_config() const override { return options_config(options_); }

 private:
  Options options_;
  Function function_;
};

class PReLUKind : public SameShape {
 public:
  explicit PReLUKind(PReLUOptions options)
      : SameShape(common_options(options)), options_(std::move(options)) {}

  void build(const Shape& input) override {
    Dims dims = input.dims();
    for (const std::int64_t axis : sample_axes(*this, options_.shared_axes, input)) {
      dims[static_cast<std::size_t>(axis - 1)] = 1;
    }
    alpha_ = add_weight("alpha", Shape(std::move(dims)),
                        {.initializer = options_.alpha_initializer,
                         .regularizer = options_.alpha_regularizer,
                         .constraint = options_.alpha_constraint});
  }

  Variable call(const Operand& x, CallOptions) override { return prelu(x, Operand(alpha_, x.where())); }
  Config get_config() const override { return options_config(options_); }

 private:
  PReLUOptions options_;
  Parameter alpha_;
};

ReLULayerOptions checked(ReLULayerOptions options) {
  if (options.max_value) number_from_zero("ReLU", "max_value", *options.max_value);
  number_from_zero("ReLU", "negative_slope", options.negative_slope);
  number_from_zero("ReLU", "threshold", options.threshold);
  return options;
}

LeakyReLULayerOptions checked(LeakyReLULayerOptions options) {
  number_from_zero("LeakyReLU", "negative_slope", options.negative_slope);
  return options;
}

ELULayerOptions checked(ELULayerOptions options) {
  number_from_zero("ELU", "alpha", options.alpha);
  return options;
}

template <class Options>
std::shared_ptr<Layer::Kind> rectifier(Options options, typename Rectifier<Options>::Function function) {
  return std::make_shared<Rectifier<Options>>(checked(std::move(options)), function);
}

}  // namespace

ReLU::ReLU(ReLULayerOptions options)
    : Layer(rectifier<ReLULayerOptions>(std::move(options),
                                        [](const Operand& x, const ReLULayerOptions& given) {
                                          return activations::relu(x, {.negative_slope = given.negative_slope,
                                                                       .max_value = given.max_value,
                                                                       .threshold = given.threshold});
                                        }),
            "ReLU") {}

LeakyReLU::LeakyReLU(LeakyReLULayerOptions options)
    : Layer(rectifier<LeakyReLULayerOptions>(std::move(options),
                                             [](const Operand& x, const LeakyReLULayerOptions& given) {
                                               return leaky_relu(x, {.negative_slope = given.negative_slope});
                                             }),
            "LeakyReLU") {}

ELU::ELU(ELULayerOptions options)
    : Layer(rectifier<ELULayerOptions>(std::move(options),
                                       [](const Operand& x, const ELULayerOptions& given) {
                                         return elu(x, {.alpha = given.alpha});
                                       }),
            "ELU") {}

PReLU::PReLU(PReLUOptions options) : Layer(std::make_shared<PReLUKind>(std::move(options)), "PReLU") {}

ReLU ReLU::from_config(const Config& config) { return layer_from<ReLU, ReLULayerOptions>(config, "ReLU"); }
LeakyReLU LeakyReLU::from_config(const Config& config) {
  return layer_from<LeakyReLU, LeakyReLULayerOptions>(config, "LeakyReLU");
}
ELU ELU::from_config(const Config& config) { return layer_from<ELU, ELULayerOptions>(config, "ELU"); }
PReLU PReLU::from_config(const Config& config) { return layer_from<PReLU, PReLUOptions>(config, "PReLU"); }

}  // namespace gradus
