#include <gradus/graph/error.h>
#include <gradus/graph/random.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <utility>

namespace gradus {

namespace {

using Block = std::array<std::uint32_t, 4>;

Block philox(std::uint64_t seed, std::uint64_t stream, std::uint64_t position) {
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const auto high = [](std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); };
  Block x = {low(position), high(position), low(stream), high(stream)};
  std::uint32_t key0 = low(seed), key1 = high(seed);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * x[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * x[2];
    x = {high(b) ^ x[1] ^ key0, low(b), high(a) ^ x[3] ^ key1, low(a)};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return x;
}

// The finalizer of SplitMix64: a bijection, so distinct streams of one parent stay distinct.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

void require_finite(const char* what, double a, double b) {
  if (!std::isfinite(a) || !std::isfinite(b)) {
    throw ValueError(std::string(what) + ": needs finite numbers, got " + std::to_string(a) + " and " +
                     std::to_string(b));
  }
}

// Whether a dtype tells a number, and all between it and 0, apart from its neighbours.
bool holds(DType dtype, std::int64_t number) {
  switch (dtype) {
    case DType::boolean: return number == 0 || number == 1;
    case DType::int32: return std::in_range<std::int32_t>(number);
    case DType::int64: return true;
    case DType::float32: return number >= -(1 << 24) && number <= 1 << 24;
    case DType::float64: break;
  }
  return number >= -(std::int64_t{1} << 53) && number <= std::int64_t{1} << 53;
}

}  // namespace

// Reads a Random's words in order and, when done, leaves it at the next whole block.
class Random::Words {
 public:
  explicit Words(Random& random) : random_(random) {}
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;

  std::uint32_t next32() {
    if (used_ == 4) {
      block_ = philox(random_.seed_, random_.stream_, random_.position_++);
      used_ = 0;
    }
    return block_[used_++];
  }
  std::uint64_t next64() {
    const std::uint64_t high = next32();
    return high << 32 | next32();
  }
  double unit64() { return static_cast<double>(next64() >> 11) * 0x1p-53; }  // in [0, 1)
  float unit32() { return static_cast<float>(next32() >> 8) * 0x1p-24F; }    // in [0, 1)
  // An integer in [0, bound), each as likely (Lemire 2019).
  std::uint64_t below(std::uint64_t bound) {
    using Wide = unsigned __int128;  // NOLINT
    Wide product = static_cast<Wide>(next64()) * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
      const std::uint64_t threshold = (0 - bound) % bound;
      while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<Wide>(next64()) * bound;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }
  // Standard normal by Box and Muller; the second of a pair is kept for the next call.
  double normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2 * std::log1p(-unit64()));
    const double angle = 2 * std::numbers::pi * unit64();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }

 private:
  Random& random_;
  Block block_ = {};
  std::size_t used_ = 4;
  double spare_ = 0;
  bool has_spare_ = false;
};

Random Random::stream(std::uint64_t index) const {
  Random other(seed_);
  other.stream_ = mix(stream_ ^ mix(index));
  return other;
}

Tensor Random::uniform(const Shape& shape, UniformOptions options) {
  require_finite("uniform", options.low, options.high);
  if (options.low > options.high) {
    throw ValueError("uniform: low " + std::to_string(options.low) + " is above high " +
                     std::to_string(options.high));
  }
  return dispatch_floating(options.dtype, [&]<class T>() {
    Tensor result = Tensor::empty(shape, options.dtype);
    Words words(*this);
    const T low = static_cast<T>(options.low), width = static_cast<T>(options.high - options.low);
    const T last = std::nextafter(static_cast<T>(options.high), low);
    for (T *out = result.raw<T>(), *end = out + shape.elements(); out != end; ++out) {
      if constexpr (std::is_same_v<T, float>) {
        *out = low + width * words.unit32();
      } else {
        *out = low + width * words.unit64();
      }
      if (*out > last) *out = last;  // rounding may reach the open end
    }
    return result;
  });
}

Tensor Random::normal(const Shape& shape, NormalOptions options) {
  require_finite("normal", options.mean, options.stddev);
  if (options.stddev < 0)
    throw ValueError("normal: stddev " + std::to_string(options.stddev) + " is negative");
  return dispatch_floating(options.dtype, [&]<class T>() {
    Tensor result = Tensor::empty(shape, options.dtype);
    Words words(*this);
    for (T *out = result.raw<T>(), *end = out + shape.elements(); out != end; ++out) {
      *out = static_cast<T>(options.mean + options.stddev * words.normal());
    }
    return result;
  });
}

Tensor Random::truncated_normal(const Shape& shape, NormalOptions options) {
  require_finite("truncated_normal", options.mean, options.stddev);
  if (options.stddev < 0) {
    throw ValueError("truncated_normal: stddev " + std::to_string(options.stddev) + " is negative");
  }
  return dispatch_floating(options.dtype, [&]<class T>() {
    Tensor result = Tensor::empty(shape, options.dtype);
    Words words(*this);
    for (T *out = result.raw<T>(), *end = out + shape.elements(); out != end; ++out) {
      double value = words.normal();
      while (std::abs(value) > 2) value = words.normal();
      *out = static_cast<T>(options.mean + options.stddev * value);
    }
    return result;
  });
}

Tensor Random::bernoulli(const Shape& shape, double probability, DType dtype) {
  if (!(probability >= 0 && probability <= 1)) {
    throw ValueError("bernoulli: probability " + std::to_string(probability) + " is outside [0, 1]");
  }
  Tensor result = Tensor::empty(shape, dtype);
  // Compared as 32-bit integers, so that the cost is a word an element.
  const auto threshold = static_cast<std::uint64_t>(std::ldexp(probability, 32));
  dispatch(dtype, [&]<class T>() {
    Words words(*this);
    for (T *out = result.raw<T>(), *end = out + shape.elements(); out != end; ++out) {
      *out = static_cast<T>(words.next32() < threshold);
    }
  });
  return result;
}

Tensor Random::integers(const Shape& shape, std::int64_t low, std::int64_t high, DType dtype) {
  if (low >= high) {
    throw ValueError("integers: low " + std::to_string(low) + " is not below high " + std::to_string(high));
  }
  if (!holds(dtype, low) || !holds(dtype, high - 1)) {
    throw ValueError("integers: " + std::string(to_string(dtype)) + " does not hold all of [" +
                     std::to_string(low) + ", " + std::to_string(high) + ")");
  }
  Tensor result = Tensor::empty(shape, dtype);
  const std::uint64_t bound = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  dispatch(dtype, [&]<class T>() {
    Words words(*this);
    for (T *out = result.raw<T>(), *end = out + shape.elements(); out != end; ++out) {
      *out = static_cast<T>(static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + words.below(bound)));
    }
  });
  return result;
}

std::vector<std::int64_t> Random::permutation(std::int64_t count) {
  std::vector<std::int64_t> order(Shape{count}.front() > 0 ? static_cast<std::size_t>(count) : 0);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  Words words(*this);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[words.below(i)]);
  return order;
}

std::uint64_t Random::bits() { return Words(*this).next64(); }

}  // namespace gradus
