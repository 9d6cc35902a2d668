#include <gradus/graph/error.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/initializer_options.h>
#include <gradus/models/initializers.h>
#include <gradus/models/seeded.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

// The standard deviation that is left of a standard normal distribution cut at two: scipy.stats'
// truncnorm.std(-2, 2).
constexpr double kTruncatedStddev = 0.87962566103423978;

struct Fans {
  double in = 1, out = 1;
};

double product(const Shape& shape, const std::vector<std::int64_t>& axes) {
  double result = 1;
  for (const std::int64_t axis : axes) result *= static_cast<double>(shape.dim(axis));
  return result;
}

Fans fans(const Shape& shape, const VarianceScalingOptions& options) {
  if (!options.input_axes.empty()) {
    return {product(shape, options.input_axes), product(shape, options.output_axes)};
  }
  if (shape.rank() == 0) return {};
  if (shape.rank() == 1) return {static_cast<double>(shape[0]), static_cast<double>(shape[0])};
  double field = 1;
  for (int axis = 0; axis < shape.rank() - 2; ++axis) field *= static_cast<double>(shape.dim(axis));
  return {field * static_cast<double>(shape.dim(-2)), field * static_cast<double>(shape.dim(-1))};
}

}  // namespace

Tensor variance_scaling(const Shape& shape, Random& random, const VarianceScalingOptions& given,
                        DType dtype) {
  const VarianceScalingOptions options = checked(given);
  const auto [in, out] = fans(shape, options);
  const double fan = options.mode == "fan_in" ? in : options.mode == "fan_out" ? out : (in + out) / 2;
  const double variance = options.scale / std::max(1.0, fan);
  const double stddev = std::sqrt(variance);
  const double limit = std::sqrt(3 * variance);
  return seeded(options.seed, random, [&](Random& source) {
    if (options.distribution == "uniform") {
      return source.uniform(shape, {.low = -limit, .high = limit, .dtype = dtype});
    }
    if (options.distribution == "untruncated_normal") {
      return source.normal(shape, {.stddev = stddev, .dtype = dtype});
    }
    return source.truncated_normal(shape, {.stddev = stddev / kTruncatedStddev, .dtype = dtype});
  });
}

Tensor glorot_uniform(const Shape& shape, Random& random, DType dtype) {
  return variance_scaling(shape, random, kGlorotUniform.options(), dtype);
}
Tensor glorot_normal(const Shape& shape, Random& random, DType dtype) {
  return variance_scaling(shape, random, kGlorotNormal.options(), dtype);
}
Tensor he_uniform(const Shape& shape, Random& random, DType dtype) {
  return variance_scaling(shape, random, kHeUniform.options(), dtype);
}
Tensor he_normal(const Shape& shape, Random& random, DType dtype) {
  return variance_scaling(shape, random, kHeNormal.options(), dtype);
}
Tensor lecun_uniform(const Shape& shape, Random& random, DType dtype) {
  return variance_scaling(shape, random, kLecunUniform.options(), dtype);
}
Tensor lecun_normal(const Shape& shape, Random& random, DType dtype) {
  return variance_scaling(shape, random, kLecunNormal.options(), dtype);
}

Tensor random_normal(const Shape& shape, Random& random, RandomNormalOptions options, DType dtype) {
  const auto [mean, stddev, seed] = checked(options, "random_normal");
  const NormalOptions drawn = {.mean = mean, .stddev = stddev, .dtype = dtype};
  return seeded(seed, random, [&](Random& source) { return source.normal(shape, drawn); });
}
Tensor truncated_normal(const Shape& shape, Random& random, RandomNormalOptions options, DType dtype) {
  const auto [mean, stddev, seed] = checked(options, "truncated_normal");
  const NormalOptions drawn = {.mean = mean, .stddev = stddev, .dtype = dtype};
  return seeded(seed, random, [&](Random& source) { return source.truncated_normal(shape, drawn); });
}
Tensor random_uniform(const Shape& shape, Random& random, RandomUniformOptions options, DType dtype) {
  const auto [minval, maxval, seed] = checked(options);
  const UniformOptions drawn = {.low = minval, .high = maxval, .dtype = dtype};
  return seeded(seed, random, [&](Random& source) { return source.uniform(shape, drawn); });
}

Tensor zeros(const Shape& shape, DType dtype) { return Tensor::zeros(shape, dtype); }
Tensor ones(const Shape& shape, DType dtype) { return Tensor::ones(shape, dtype); }
Tensor constant(const Shape& shape, double value, DType dtype) { return Tensor::full(shape, value, dtype); }

Tensor identity(const Shape& shape, GainOptions options, DType dtype) {
  if (shape.rank() != 2) throw ShapeError("identity: needs a matrix's shape, got " + to_string(shape));
  finite_number("identity", "gain", options.gain);
  Tensor result = Tensor::zeros(shape, dtype);
  for (std::int64_t i = 0; i < std::min(shape[0], shape[1]); ++i) result.set({i, i}, options.gain);
  return result;
}

}  // namespace gradus
