#include <gradus/models/data/hypercube.h>

#include <algorithm>
#include <numeric>
#include <unordered_set>

namespace gradus::data {

namespace {

// scikit-learn's sample_without_replacement, which chooses one of three methods by the share that is drawn.
std::vector<std::int64_t> sample(std::int64_t population, std::int64_t count, numpy::RandomState& random) {
  const double share = static_cast<double>(count) / static_cast<double>(population);
  if (share > 0.01 && share < 0.99) return random.choice(population, count);
  std::vector<std::int64_t> drawn(static_cast<std::size_t>(count));
  if (share < 0.2) {
    std::unordered_set<std::int64_t> seen;
    for (std::int64_t& value : drawn) {
      do value = random.randint(0, population);
      while (!seen.insert(value).second);
    }
    return drawn;
  }
  std::iota(drawn.begin(), drawn.end(), 0);
  for (std::int64_t i = count; i < population; ++i) {
    const std::int64_t place = random.randint(0, i + 1);
    if (place < count) drawn[static_cast<std::size_t>(place)] = i;
  }
  return drawn;
}

}  // namespace

Tensor hypercube_corners(std::int64_t count, std::int64_t dimensions, numpy::RandomState& random) {
  // Corners are numbered with 30 bits; what is beyond is drawn freely.
  const std::int64_t numbered = std::min<std::int64_t>(dimensions, 30), free = dimensions - numbered;
  Tensor corners = Tensor::empty({count, dimensions}, DType::float64);
  double* out = corners.raw<double>();
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t j = 0; j < free; ++j) {
      out[i * dimensions + j] = static_cast<double>(random.randint(0, 2));
    }
  }
  const std::vector<std::int64_t> numbers = sample(std::int64_t{1} << numbered, count, random);
  for (const std::int64_t number : numbers) {
    for (std::int64_t j = 0; j < numbered; ++j) {
      out[free + j] = static_cast<double>(number >> (numbered - 1 - j) & 1);
    }
    out += dimensions;
  }
  return corners;
}

}  // namespace gradus::data
