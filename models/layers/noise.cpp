#include <gradus/graph/error.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/layers/activity.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/noise.h>
#include <gradus/models/layers/same_shape.h>
#include <gradus/ops/elementwise.h>

#include <cmath>

namespace gradus {

template <>
inline constexpr auto kFields<NoiseOptions> = std::tuple(field("seed", &NoiseOptions::seed));
template <>
inline constexpr auto kFields<AlphaDropoutOptions> = std::tuple(field("noise_shape",
                                                                      &AlphaDropoutOptions::noise_shape),
                                                                field("seed", &AlphaDropoutOptions::seed));
template <>
inline constexpr auto kFields<ActivityRegularizationOptions> = std::tuple(
    field("l1", &ActivityRegularizationOptions::l1), field("l2", &ActivityRegularizationOptions::l2));

namespace {

// A layer of one number and options that does something in training only, unless the number is 0.
template <class Options>
class NoiseKind : public SameShape {
 public:
  using Noise = Variable (*)(const Operand& x, double amount, const Options& options, Random& random);

  NoiseKind(std::string_view what, double amount, Options options, Noise noise)
      : SameShape(common_options(options)),
        what_(what),
        amount_(amount),
        options_(std::move(options)),
        noise_(noise) {}

  Variable call(const Operand& x, CallOptions options) override {
    if (!options.training || amount_ == 0) return x.variable();
    return noise_(x, amount_, options_, random());
  }
  Config get_config() const override { return with_options(Config().set(what_, amount_), options_); }

 private:
  std::string_view what_;
  double amount_;
  Options options_;
  Noise noise_;
};

Tensor normal(const Operand& x, double mean, double stddev, Random& random) {
  return random.normal(x.shape(), {.mean = mean, .stddev = stddev, .dtype = x.dtype()});
}

Variable add_noise(const Operand& x, double stddev, const NoiseOptions&, Random& random) {
  return add(x, Operand(normal(x, 0, stddev, random), x.where()));
}

Variable multiply_noise(const Operand& x, double rate, const NoiseOptions&, Random& random) {
  return multiply(x, Operand(normal(x, 1, std::sqrt(rate / (1 - rate)), random), x.where()));
}

// The limit of selu towards minus infinity: -alpha scale.
constexpr double kLowest = -1.6732632423543772848 * 1.0507009873554804934;

Variable alpha_dropout(const Operand& x, double rate, const AlphaDropoutOptions& options, Random& random) {
  Dims dims = x.shape().dims();
  const Axes& asked = options.noise_shape;
  bool fits = asked.empty() || asked.size() == dims.size();
  for (std::size_t i = 0; fits && i < asked.size(); ++i) {
    fits = asked[i] == 1 || asked[i] == -1 || asked[i] == dims[i];
    if (asked[i] == 1) dims[i] = 1;
  }
  if (!fits) {
    throw ShapeError("AlphaDropout: noise_shape " + to_string(asked) + " does not fit the input " +
                     to_string(x.shape()));
  }
  const double a = 1 / std::sqrt((1 - rate) * (1 + rate * kLowest * kLowest));
  const Tensor kept = random.bernoulli(Shape(std::move(dims)), 1 - rate, x.dtype());
  // a (x kept + lowest (1 - kept)) + b with b = -a lowest rate
  const Tensor scale = multiply(kept, a).value();
  const Tensor shift = add(multiply(kept, -a * kLowest), a * kLowest - a * kLowest * rate).value();
  return add(Operand(multiply(x, Operand(scale, x.where())), x.where()), Operand(shift, x.where()));
}

class ActivityRegularizationKind : public SameShape {
 public:
  explicit ActivityRegularizationKind(ActivityRegularizationOptions options)
      : SameShape(common_options(options)),
        options_(std::move(options)),
        regularizer_(L1L2({.l1 = number_from_zero("ActivityRegularization", "l1", options_.l1),
                           .l2 = number_from_zero("ActivityRegularization", "l2", options_.l2)})) {}

  Variable call(const Operand& x, CallOptions) override {
    penalize_activity(regularizer_, x.variable(), x);
    return x.variable();
  }
  Config get_config() const override { return options_config(options_); }

 private:
  ActivityRegularizationOptions options_;
  Regularizer regularizer_;
};

template <class Options>
std::shared_ptr<Layer::Kind> dropout_kind(std::string_view owner, double rate, Options options,
                                          typename NoiseKind<Options>::Noise noise) {
  if (!(rate >= 0 && rate < 1)) throw bad_number(owner, "rate", "in [0, 1)", rate);
  return std::make_shared<NoiseKind<Options>>("rate", rate, std::move(options), noise);
}

std::shared_ptr<Layer::Kind> noise_kind(double stddev, NoiseOptions options) {
  if (!(stddev >= 0 && stddev <= 1)) throw bad_number("GaussianNoise", "stddev", "in [0, 1]", stddev);
  return std::make_shared<NoiseKind<NoiseOptions>>("stddev", stddev, std::move(options), add_noise);
}

}  // namespace

GaussianNoise::GaussianNoise(double stddev, NoiseOptions options)
    : Layer(noise_kind(stddev, std::move(options)), "GaussianNoise") {}
GaussianDropout::GaussianDropout(double rate, NoiseOptions options)
    : Layer(dropout_kind("GaussianDropout", rate, std::move(options), multiply_noise), "GaussianDropout") {}
AlphaDropout::AlphaDropout(double rate, AlphaDropoutOptions options)
    : Layer(dropout_kind("AlphaDropout", rate, std::move(options), alpha_dropout), "AlphaDropout") {}
ActivityRegularization::ActivityRegularization(ActivityRegularizationOptions options)
    : Layer(std::make_shared<ActivityRegularizationKind>(std::move(options)), "ActivityRegularization") {}

GaussianNoise GaussianNoise::from_config(const Config& config) {
  return layer_from<GaussianNoise, NoiseOptions, double>(config, "GaussianNoise", "stddev");
}
GaussianDropout GaussianDropout::from_config(const Config& config) {
  return layer_from<GaussianDropout, NoiseOptions, double>(config, "GaussianDropout", "rate");
}
AlphaDropout AlphaDropout::from_config(const Config& config) {
  return layer_from<AlphaDropout, AlphaDropoutOptions, double>(config, "AlphaDropout", "rate");
}
ActivityRegularization ActivityRegularization::from_config(const Config& config) {
  return layer_from<ActivityRegularization, ActivityRegularizationOptions>(config, "ActivityRegularization");
}

}  // namespace gradus
