#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/random_state.h>
#include <gradus/models/data/take_rows.h>

#include <bit>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <utility>

namespace gradus::numpy {

namespace {

std::uint32_t checked_seed(std::optional<std::int64_t> seed) {
  if (!seed) return std::random_device()();
  if (*seed < 0 || *seed > std::int64_t{UINT32_MAX}) {
    throw ValueError("RandomState: the seed must be between 0 and 2^32 - 1, got " + std::to_string(*seed));
  }
  return static_cast<std::uint32_t>(*seed);
}

}  // namespace

struct RandomState::Engine {
  std::mt19937 words;
};

RandomState::RandomState(std::optional<std::int64_t> seed)
    : engine_(std::make_unique<Engine>(Engine{std::mt19937(checked_seed(seed))})) {}
RandomState::~RandomState() = default;

std::uint32_t RandomState::random_uint32() { return static_cast<std::uint32_t>(engine_->words()); }

double RandomState::random_double() {
  const double high = random_uint32() >> 5;
  const double low = random_uint32() >> 6;
  return (high * 0x1p26 + low) / 0x1p53;
}

std::uint64_t RandomState::random_interval(std::uint64_t max) {
  if (max == 0) return 0;
  const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero(max);
  for (;;) {
    std::uint64_t word = random_uint32();
    if (max > UINT32_MAX) word = word << 32 | random_uint32();
    if ((word & mask) <= max) return word & mask;
  }
}

std::int64_t RandomState::randint(std::int64_t low, std::int64_t high) {
  if (low >= high) {
    throw ValueError("randint: low must be below high, got " + std::to_string(low) + " and " +
                     std::to_string(high));
  }
  const std::uint64_t range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) - 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + random_interval(range));
}

double RandomState::uniform(double low, double high) {
  const double range = high - low;
  if (!std::isfinite(range)) {
    throw ValueError("uniform: the range [" + scalar_text(low) + ", " + scalar_text(high) +
                     ") is not finite");
  }
  return low + range * random_double();
}

double RandomState::standard_normal() {
  if (kept_normal_) return *std::exchange(kept_normal_, std::nullopt);
  double x1 = 0, x2 = 0, r2 = 0;
  do {
    x1 = 2.0 * random_double() - 1.0;
    x2 = 2.0 * random_double() - 1.0;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1.0 || r2 == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(r2) / r2);
  kept_normal_ = factor * x1;
  return factor * x2;
}

double RandomState::normal(double loc, double scale) {
  if (scale < 0) throw ValueError("normal: the scale must not be negative, got " + scalar_text(scale));
  return loc + scale * standard_normal();
}

Tensor RandomState::uniform(double low, double high, const Shape& shape) {
  Tensor result = Tensor::empty(shape, DType::float64);
  for (double& value : result.mutable_values<double>()) value = uniform(low, high);
  return result;
}

Tensor RandomState::normal(double loc, double scale, const Shape& shape) {
  Tensor result = Tensor::empty(shape, DType::float64);
  for (double& value : result.mutable_values<double>()) value = normal(loc, scale);
  return result;
}

void RandomState::shuffle(std::span<std::int64_t> values) {
  for (std::size_t i = values.size(); i-- > 1;) std::swap(values[i], values[random_interval(i)]);
}

void RandomState::shuffle(Tensor& rows) {
  rows.require_defined();
  if (rows.rank() == 0) throw ShapeError("shuffle: a scalar has no rows");
  rows.copy_from(data::take_rows(rows, permutation(rows.dim(0))));
}

std::vector<std::int64_t> RandomState::permutation(std::int64_t count) {
  if (count < 0)
    throw ValueError("permutation: the count must not be negative, got " + std::to_string(count));
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  shuffle(indices);
  return indices;
}

std::vector<std::int64_t> RandomState::choice(std::int64_t count, std::int64_t size) {
  if (size < 0 || size > count) {
    throw ValueError("choice: cannot draw " + std::to_string(size) + " different ones of " +
                     std::to_string(count));
  }
  std::vector<std::int64_t> drawn = permutation(count);
  drawn.resize(static_cast<std::size_t>(size));
  return drawn;
}

}  // namespace gradus::numpy
