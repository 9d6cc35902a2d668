#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/initializers.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus {

namespace {

enum class Mode { fan_in, fan_out, fan_avg };
enum class Distribution { truncated_normal, untruncated_normal, uniform };

// The standard deviation that is left of a standard normal distribution cut at two: scipy.stats'
// truncnorm.std(-2, 2).
constexpr double kTruncatedStddev = 0.87962566103423978;

struct Scaling {
  double scale;
  Mode mode;
  Distribution distribution;
};

constexpr Scaling kGlorotUniform = {1, Mode::fan_avg, Distribution::uniform};
constexpr Scaling kGlorotNormal = {1, Mode::fan_avg, Distribution::truncated_normal};
constexpr Scaling kHeUniform = {2, Mode::fan_in, Distribution::uniform};
constexpr Scaling kHeNormal = {2, Mode::fan_in, Distribution::truncated_normal};
constexpr Scaling kLecunUniform = {1, Mode::fan_in, Distribution::uniform};
constexpr Scaling kLecunNormal = {1, Mode::fan_in, Distribution::truncated_normal};

double fan(const Shape& shape, Mode mode) {
  double field = 1, in = 1, out = 1;
  if (shape.rank() == 1) in = out = static_cast<double>(shape.front());
  if (shape.rank() >= 2) {
    for (int axis = 0; axis < shape.rank() - 2; ++axis) field *= static_cast<double>(shape.dim(axis));
    in = field * static_cast<double>(shape.dim(-2));
    out = field * static_cast<double>(shape.dim(-1));
  }
  switch (mode) {
    case Mode::fan_in: return in;
    case Mode::fan_out: return out;
    case Mode::fan_avg: break;
  }
  return (in + out) / 2;
}

Tensor draw(const Shape& shape, Random& random, const Scaling& scaling, DType dtype) {
  const double variance = scaling.scale / std::max(1.0, fan(shape, scaling.mode));
  const double stddev = std::sqrt(variance);
  const double limit = std::sqrt(3 * variance);
  switch (scaling.distribution) {
    case Distribution::truncated_normal:
      return random.truncated_normal(shape, {.stddev = stddev / kTruncatedStddev, .dtype = dtype});
    case Distribution::untruncated_normal: return random.normal(shape, {.stddev = stddev, .dtype = dtype});
    case Distribution::uniform: break;
  }
  return random.uniform(shape, {.low = -limit, .high = limit, .dtype = dtype});
}

Scaling parse(const VarianceScalingOptions& options) {
  static constexpr std::array<std::string_view, 3> kModes = {"fan_in", "fan_out", "fan_avg"};
  static constexpr std::array<std::string_view, 4> kDistributions = {"truncated_normal", "untruncated_normal",
                                                                     "uniform", "normal"};
  if (!std::isfinite(options.scale) || options.scale <= 0) {
    throw ValueError("variance_scaling: scale must be finite and above 0, got " + scalar_text(options.scale));
  }
  const auto mode = static_cast<Mode>(find_name("variance_scaling mode", options.mode, kModes));
  const auto place = find_name("variance_scaling distribution", options.distribution, kDistributions);
  return {options.scale, mode,
          place == 3 ? Distribution::truncated_normal : static_cast<Distribution>(place)};
}

Initializer::Function drawing(const Scaling& scaling) {
  return [scaling](const Shape& shape, Random& random, DType dtype) {
    return draw(shape, random, scaling, dtype);
  };
}

Initializer named(std::string_view name) {
  struct Entry {
    std::string_view name;
    Initializer (*make)();
  };
  static constexpr std::array<Entry, 17> kEntries = {{
      {"constant", [] { return Initializer(Constant()); }},
      {"glorot_normal", [] { return Initializer(GlorotNormal()); }},
      {"glorot_uniform", [] { return Initializer(GlorotUniform()); }},
      {"he_normal", [] { return Initializer(HeNormal()); }},
      {"he_uniform", [] { return Initializer(HeUniform()); }},
      {"identity", [] { return Initializer(IdentityInitializer()); }},
      {"lecun_normal", [] { return Initializer(LecunNormal()); }},
      {"lecun_uniform", [] { return Initializer(LecunUniform()); }},
      {"normal", [] { return Initializer(RandomNormal()); }},
      {"ones", [] { return Initializer(Ones()); }},
      {"orthogonal", [] { return Initializer(Orthogonal()); }},
      {"random_normal", [] { return Initializer(RandomNormal()); }},
      {"random_uniform", [] { return Initializer(RandomUniform()); }},
      {"truncated_normal", [] { return Initializer(TruncatedNormal()); }},
      {"uniform", [] { return Initializer(RandomUniform()); }},
      {"variance_scaling", [] { return Initializer(VarianceScaling()); }},
      {"zeros", [] { return Initializer(Zeros()); }},
  }};
  std::array<std::string_view, kEntries.size()> names;
  std::ranges::transform(kEntries, names.begin(), &Entry::name);
  return kEntries[find_name("initializer", name, names)].make();
}

}  // namespace

Tensor glorot_uniform(const Shape& shape, Random& random, DType dtype) {
  return draw(shape, random, kGlorotUniform, dtype);
}
Tensor glorot_normal(const Shape& shape, Random& random, DType dtype) {
  return draw(shape, random, kGlorotNormal, dtype);
}
Tensor he_uniform(const Shape& shape, Random& random, DType dtype) {
  return draw(shape, random, kHeUniform, dtype);
}
Tensor he_normal(const Shape& shape, Random& random, DType dtype) {
  return draw(shape, random, kHeNormal, dtype);
}
Tensor lecun_uniform(const Shape& shape, Random& random, DType dtype) {
  return draw(shape, random, kLecunUniform, dtype);
}
Tensor lecun_normal(const Shape& shape, Random& random, DType dtype) {
  return draw(shape, random, kLecunNormal, dtype);
}

Tensor variance_scaling(const Shape& shape, Random& random, const VarianceScalingOptions& options,
                        DType dtype) {
  return draw(shape, random, parse(options), dtype);
}

Tensor random_normal(const Shape& shape, Random& random, RandomNormalOptions options, DType dtype) {
  return random.normal(shape, {.mean = options.mean, .stddev = options.stddev, .dtype = dtype});
}
Tensor truncated_normal(const Shape& shape, Random& random, RandomNormalOptions options, DType dtype) {
  return random.truncated_normal(shape, {.mean = options.mean, .stddev = options.stddev, .dtype = dtype});
}
Tensor random_uniform(const Shape& shape, Random& random, RandomUniformOptions options, DType dtype) {
  return random.uniform(shape, {.low = options.minval, .high = options.maxval, .dtype = dtype});
}

Tensor zeros(const Shape& shape, DType dtype) { return Tensor::zeros(shape, dtype); }
Tensor ones(const Shape& shape, DType dtype) { return Tensor::ones(shape, dtype); }
Tensor constant(const Shape& shape, double value, DType dtype) { return Tensor::full(shape, value, dtype); }

Tensor identity(const Shape& shape, GainOptions options, DType dtype) {
  if (shape.rank() != 2) throw ShapeError("identity: needs a matrix's shape, got " + to_string(shape));
  Tensor result = Tensor::zeros(shape, dtype);
  for (std::int64_t i = 0; i < std::min(shape[0], shape[1]); ++i) result.set({i, i}, options.gain);
  return result;
}

Initializer::Initializer(const char* name) : Initializer(named(name)) {}

Initializer::Initializer(const std::string& name) : Initializer(named(name)) {}

Initializer::Initializer(std::string name, Function function)
    : name_(std::move(name)), function_(std::move(function)) {
  if (!function_) throw ValueError("initializer '" + name_ + "': the function is empty");
}

Tensor Initializer::operator()(const Shape& shape, Random& random, DType dtype) const {
  Tensor result = function_(shape, random, dtype);
  result.require_defined();
  const std::string prefix = "initializer '" + name_ + "': was asked for ";
  if (result.shape() != shape) {
    throw ShapeError(prefix + to_string(shape) + ", gave " + to_string(result.shape()));
  }
  if (result.dtype() != dtype) {
    throw DTypeError(prefix + std::string(to_string(dtype)) + ", gave " +
                     std::string(to_string(result.dtype())));
  }
  return result;
}

GlorotUniform::GlorotUniform() : Initializer("glorot_uniform", drawing(kGlorotUniform)) {}
GlorotNormal::GlorotNormal() : Initializer("glorot_normal", drawing(kGlorotNormal)) {}
HeUniform::HeUniform() : Initializer("he_uniform", drawing(kHeUniform)) {}
HeNormal::HeNormal() : Initializer("he_normal", drawing(kHeNormal)) {}
LecunUniform::LecunUniform() : Initializer("lecun_uniform", drawing(kLecunUniform)) {}
LecunNormal::LecunNormal() : Initializer("lecun_normal", drawing(kLecunNormal)) {}

VarianceScaling::VarianceScaling(const VarianceScalingOptions& options)
    : Initializer("variance_scaling", drawing(parse(options))) {}

RandomNormal::RandomNormal(RandomNormalOptions options)
    : Initializer("random_normal", [options](const Shape& shape, Random& random, DType dtype) {
        return random_normal(shape, random, options, dtype);
      }) {}

TruncatedNormal::TruncatedNormal(RandomNormalOptions options)
    : Initializer("truncated_normal", [options](const Shape& shape, Random& random, DType dtype) {
        return truncated_normal(shape, random, options, dtype);
      }) {}

RandomUniform::RandomUniform(RandomUniformOptions options)
    : Initializer("random_uniform", [options](const Shape& shape, Random& random, DType dtype) {
        return random_uniform(shape, random, options, dtype);
      }) {}

Zeros::Zeros()
    : Initializer("zeros", [](const Shape& shape, Random&, DType dtype) { return zeros(shape, dtype); }) {}

Ones::Ones()
    : Initializer("ones", [](const Shape& shape, Random&, DType dtype) { return ones(shape, dtype); }) {}

Constant::Constant(double value)
    : Initializer("constant", [value](const Shape& shape, Random&, DType dtype) {
        return constant(shape, value, dtype);
      }) {}

IdentityInitializer::IdentityInitializer(GainOptions options)
    : Initializer("identity", [options](const Shape& shape, Random&, DType dtype) {
        return identity(shape, options, dtype);
      }) {}

Orthogonal::Orthogonal(GainOptions options)
    : Initializer("orthogonal", [options](const Shape& shape, Random& random, DType dtype) {
        return orthogonal(shape, random, options, dtype);
      }) {}

}  // namespace gradus
