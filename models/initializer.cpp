#include <gradus/graph/error.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/config/class_table.h>
#include <gradus/models/initializer_options.h>

#include <algorithm>
#include <array>

namespace gradus {

namespace {

struct ConstantOptions {
  double value = 0;
};

}  // namespace

template <>
constexpr auto kFields<FanOptions> = std::tuple(field("seed", &FanOptions::seed),
                                                field("input_axes", &FanOptions::input_axes),
                                                field("output_axes", &FanOptions::output_axes));
template <>
constexpr auto kFields<VarianceScalingOptions> =
    std::tuple(field("seed", &VarianceScalingOptions::seed), field("scale", &VarianceScalingOptions::scale),
               field("mode", &VarianceScalingOptions::mode),
               field("distribution", &VarianceScalingOptions::distribution),
               field("input_axes", &VarianceScalingOptions::input_axes),
               field("output_axes", &VarianceScalingOptions::output_axes));
template <>
constexpr auto kFields<RandomNormalOptions> = std::tuple(field("seed", &RandomNormalOptions::seed),
                                                         field("mean", &RandomNormalOptions::mean),
                                                         field("stddev", &RandomNormalOptions::stddev));
template <>
constexpr auto kFields<RandomUniformOptions> = std::tuple(field("seed", &RandomUniformOptions::seed),
                                                          field("minval", &RandomUniformOptions::minval),
                                                          field("maxval", &RandomUniformOptions::maxval));
template <>
constexpr auto kFields<OrthogonalOptions> = std::tuple(field("seed", &OrthogonalOptions::seed),
                                                       field("gain", &OrthogonalOptions::gain));
template <>
constexpr auto kFields<GainOptions> = std::tuple(field("gain", &GainOptions::gain));
template <>
constexpr auto kFields<ConstantOptions> = std::tuple(field("value", &ConstantOptions::value));

namespace {

template <class Class, class Options = NoOptions>
constexpr ClassRow<Initializer> row(std::string_view name, std::string_view class_name) {
  return class_row<Initializer, Class, Options>(name, class_name);
}

// Names that share a class are Keras's own aliases.
constexpr std::array<ClassRow<Initializer>, 21> kClasses = {{
    row<Constant, ConstantOptions>("constant", "Constant"),
    row<GlorotNormal, FanOptions>("glorot_normal", "GlorotNormal"),
    row<GlorotUniform, FanOptions>("glorot_uniform", "GlorotUniform"),
    row<HeNormal, FanOptions>("he_normal", "HeNormal"),
    row<HeUniform, FanOptions>("he_uniform", "HeUniform"),
    row<IdentityInitializer, GainOptions>("identity", "Identity"),
    row<IdentityInitializer, GainOptions>("identity_initializer", "Identity"),
    row<LecunNormal, FanOptions>("lecun_normal", "LecunNormal"),
    row<LecunUniform, FanOptions>("lecun_uniform", "LecunUniform"),
    row<RandomNormal, RandomNormalOptions>("normal", "RandomNormal"),
    row<Ones>("one", "Ones"),
    row<Ones>("ones", "Ones"),
    row<Orthogonal, OrthogonalOptions>("orthogonal", "Orthogonal"),
    row<Orthogonal, OrthogonalOptions>("orthogonal_initializer", "Orthogonal"),
    row<RandomNormal, RandomNormalOptions>("random_normal", "RandomNormal"),
    row<RandomUniform, RandomUniformOptions>("random_uniform", "RandomUniform"),
    row<TruncatedNormal, RandomNormalOptions>("truncated_normal", "TruncatedNormal"),
    row<RandomUniform, RandomUniformOptions>("uniform", "RandomUniform"),
    row<VarianceScaling, VarianceScalingOptions>("variance_scaling", "VarianceScaling"),
    row<Zeros>("zero", "Zeros"),
    row<Zeros>("zeros", "Zeros"),
}};

Initializer named(std::string_view name) {
  const auto& found = find_row("initializer", name, kClasses);
  return found.make({}, found.class_name);
}

Described described(const NamedScaling& scaling, const FanOptions& options) {
  checked(scaling.options(options));
  return {scaling.name, scaling.class_name, options_config(options)};
}

Initializer::Function drawing(const VarianceScalingOptions& options) {
  return [options](const Shape& shape, Random& random, DType dtype) {
    return variance_scaling(shape, random, options, dtype);
  };
}

// A function (shape, random, options, dtype) with its options.
template <class Options>
Initializer::Function drawing(Tensor (*draw)(const Shape&, Random&, Options, DType), Options options) {
  return [draw, options](const Shape& shape, Random& random, DType dtype) {
    return draw(shape, random, options, dtype);
  };
}

Initializer::Function copying(const Tensor& values) {
  values.require_defined();
  return [values](const Shape& shape, Random&, DType dtype) {
    if (values.shape() != shape) {
      throw ShapeError("initializer: was asked for " + to_string(shape) + ", its values are " +
                       to_string(values.shape()));
    }
    return values.dtype() == dtype ? values.clone() : values.cast(dtype);
  };
}

}  // namespace

Initializer::Initializer(std::string_view name) : Initializer(named(name)) {}

Initializer::Initializer(const Tensor& values) : Initializer("values", copying(values)) {}

Initializer::Initializer(std::string name, Function function)
    : Initializer(Described(std::move(name)), std::move(function)) {}

Initializer::Initializer(Described description, Function function)
    : Described(std::move(description)), function_(std::move(function)) {
  if (!function_) throw ValueError("initializer '" + this->name() + "': the function is empty");
}

Tensor Initializer::operator()(const Shape& shape, Random& random, DType dtype) const {
  if (!function_) throw StateError("Initializer: used after a move");
  Tensor result = function_(shape, random, dtype);
  result.require_defined();
  const std::string prefix = "initializer '" + name() + "': was asked for ";
  if (result.shape() != shape) {
    throw ShapeError(prefix + to_string(shape) + ", gave " + to_string(result.shape()));
  }
  if (result.dtype() != dtype) {
    throw DTypeError(prefix + std::string(to_string(dtype)) + ", gave " +
                     std::string(to_string(result.dtype())));
  }
  return result;
}

Initializer Initializer::deserialize(const ConfigValue& description) {
  return from_description("initializer", description, kClasses);
}

GlorotUniform::GlorotUniform(const FanOptions& options)
    : Initializer(described(kGlorotUniform, options), drawing(kGlorotUniform.options(options))) {}
GlorotNormal::GlorotNormal(const FanOptions& options)
    : Initializer(described(kGlorotNormal, options), drawing(kGlorotNormal.options(options))) {}
HeUniform::HeUniform(const FanOptions& options)
    : Initializer(described(kHeUniform, options), drawing(kHeUniform.options(options))) {}
HeNormal::HeNormal(const FanOptions& options)
    : Initializer(described(kHeNormal, options), drawing(kHeNormal.options(options))) {}
LecunUniform::LecunUniform(const FanOptions& options)
    : Initializer(described(kLecunUniform, options), drawing(kLecunUniform.options(options))) {}
LecunNormal::LecunNormal(const FanOptions& options)
    : Initializer(described(kLecunNormal, options), drawing(kLecunNormal.options(options))) {}

VarianceScaling::VarianceScaling(const VarianceScalingOptions& options)
    : Initializer({"variance_scaling", "VarianceScaling", options_config(checked(options))},
                  drawing(options)) {}

RandomNormal::RandomNormal(RandomNormalOptions options)
    : Initializer({"random_normal", "RandomNormal", options_config(checked(options, "random_normal"))},
                  drawing(random_normal, options)) {}

TruncatedNormal::TruncatedNormal(RandomNormalOptions options)
    : Initializer(
          {"truncated_normal", "TruncatedNormal", options_config(checked(options, "truncated_normal"))},
          drawing(truncated_normal, options)) {}

RandomUniform::RandomUniform(RandomUniformOptions options)
    : Initializer({"random_uniform", "RandomUniform", options_config(checked(options))},
                  drawing(random_uniform, options)) {}

Zeros::Zeros()
    : Initializer({"zeros", "Zeros", Config()},
                  [](const Shape& shape, Random&, DType dtype) { return zeros(shape, dtype); }) {}

Ones::Ones()
    : Initializer({"ones", "Ones", Config()},
                  [](const Shape& shape, Random&, DType dtype) { return ones(shape, dtype); }) {}

Constant::Constant(double value)
    : Initializer(
          {"constant", "Constant", options_config(ConstantOptions{value})},
          [value](const Shape& shape, Random&, DType dtype) { return constant(shape, value, dtype); }) {}

IdentityInitializer::IdentityInitializer(GainOptions options)
    : Initializer(
          {"identity", "Identity", options_config(options)},
          [options](const Shape& shape, Random&, DType dtype) { return identity(shape, options, dtype); }) {
  finite_number("identity", "gain", options.gain);
}

Orthogonal::Orthogonal(OrthogonalOptions options)
    : Initializer({"orthogonal", "Orthogonal", options_config(options)}, drawing(orthogonal, options)) {
  finite_number("orthogonal", "gain", options.gain);
}

}  // namespace gradus
