#include "cases.h"

#include <set>

namespace gradus::bench {

namespace {

// SplitMix64 (Steele, Lea and Flood, 2014): enough for values to time on.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
  double uniform() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }

 private:
  std::uint64_t state_;
};

std::size_t count(const std::vector<std::int64_t>& shape) {
  std::size_t n = 1;
  for (const std::int64_t extent : shape) n *= static_cast<std::size_t>(extent);
  return n;
}

void make_one_hot(std::vector<float>& x, std::size_t width, Numbers& random) {
  for (std::size_t row = 0; row < x.size(); row += width) x[row + random.below(width)] = 1;
}

void make_distribution(std::vector<float>& x, std::size_t width, Numbers& random) {
  for (std::size_t row = 0; row < x.size(); row += width) {
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const double value = 0.05 + random.uniform();
      x[row + i] = static_cast<float>(value);
      sum += value;
    }
    for (std::size_t i = 0; i < width; ++i) x[row + i] = static_cast<float>(x[row + i] / sum);
  }
}

// Symmetric, with a diagonal that outweighs each row.
void make_positive_definite(std::vector<float>& x, std::size_t n, Numbers& random) {
  for (std::size_t matrix = 0; matrix < x.size(); matrix += n * n) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        x[matrix + i * n + j] = x[matrix + j * n + i] = static_cast<float>(random.uniform() - 0.5);
      }
      x[matrix + i * n + i] = static_cast<float>(n) * 0.5f + static_cast<float>(random.uniform());
    }
  }
}

}  // namespace

const std::vector<Size>& sizes() {
  static const std::vector<Size> all = {{"16", 4}, {"1K", 32}, {"64K", 256}, {"1M", 1024}};
  return all;
}

bool has_gradient(const Case& item) {
  static const std::set<std::string> without = {"isnan",      "isfinite", "logical_not",   "logical_and",
                                                "logical_or", "equal",    "not_equal",     "less",
                                                "less_equal", "greater",  "greater_equal", "argmax",
                                                "argmin",     "all",      "any",           "one_hot"};
  return !without.contains(item.op);
}

std::vector<float> values(const Input& input, std::uint64_t seed) {
  Numbers random(seed);
  std::vector<float> x(count(input.shape));
  const std::size_t width = input.shape.empty() ? 1 : static_cast<std::size_t>(input.shape.back());
  switch (input.fill) {
    case Fill::one_hot: make_one_hot(x, width, random); break;
    case Fill::distribution: make_distribution(x, width, random); break;
    case Fill::positive_definite: make_positive_definite(x, width, random); break;
    case Fill::booleans:
      for (float& value : x) value = random.uniform() < 0.5 ? 0.0f : 1.0f;
      break;
    case Fill::integers:
      for (float& value : x) {
        const auto span = static_cast<std::size_t>(input.high - input.low);
        value = static_cast<float>(input.low) + static_cast<float>(random.below(span));
      }
      break;
    case Fill::uniform:
      for (float& value : x) {
        value = static_cast<float>(input.low + (input.high - input.low) * random.uniform());
      }
      break;
  }
  return x;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto family : {elementwise_cases, activation_cases, reduction_cases, shape_cases, loss_cases,
                            linalg_cases, nn_cases}) {
    for (Case& item : family()) cases.push_back(std::move(item));
  }
  return cases;
}

}  // namespace gradus::bench
