#pragma once

#include <gradus/graph/tensor.h>

#include <array>
#include <cstdint>

namespace gradus {

struct UniformOptions {
  double low = 0;
  double high = 1;
  DType dtype = DType::float32;
};
struct NormalOptions {
  double mean = 0;
  double stddev = 1;
  DType dtype = DType::float32;
};

// Counter-based random numbers (Philox 4x32-10; Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// 2011): a draw depends on the seed, the stream and the position only, so it is the same on any machine and
// any thread. A Random is a value; each draw moves its position on. Not to be drawn from by two threads at
// once: give each thread a stream.
class Random {
 public:
  explicit Random(std::uint64_t seed = 0) : seed_(seed) {}

  // Another sequence from the same seed, independent of this one and of how far it has been drawn.
  Random stream(std::uint64_t index) const;

  // Values in [low, high). ValueError unless low <= high, both finite; DTypeError for an integer dtype.
  Tensor uniform(const Shape& shape, UniformOptions options = {});
  Tensor normal(const Shape& shape, NormalOptions options = {});
  // A normal distribution cut at two standard deviations, by drawing again.
  Tensor truncated_normal(const Shape& shape, NormalOptions options = {});
  // Ones with probability `probability`, zeros else. ValueError outside [0, 1].
  Tensor bernoulli(const Shape& shape, double probability, DType dtype = DType::float32);
  // Integers in [low, high), without bias. ValueError unless low < high and the dtype holds them all.
  Tensor integers(const Shape& shape, std::int64_t low, std::int64_t high, DType dtype = DType::int64);
  // The numbers 0 … count - 1 in random order.
  std::vector<std::int64_t> permutation(std::int64_t count);

  std::uint64_t seed() const { return seed_; }
  // One draw of 64 random bits.
  std::uint64_t bits();

 private:
  class Words;
  std::uint64_t seed_;
  std::uint64_t stream_ = 0;
  std::uint64_t position_ = 0;  // in blocks of four 32-bit words
};

}  // namespace gradus
