#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace gradus::numpy {

// NumPy's legacy generator, `numpy.random.RandomState(seed)`: the same draws give the same bits. For data
// that must equal scikit-learn's; the library's own generator is gradus::Random.
class RandomState {
 public:
  // Seeds MT19937 with 0 to 2^32 - 1; ValueError for another seed. Without one the seed is drawn from
  // std::random_device, and the draws differ from run to run.
  explicit RandomState(std::optional<std::int64_t> seed = {});
  RandomState(const RandomState&) = delete;
  RandomState& operator=(const RandomState&) = delete;
  ~RandomState();

  std::uint32_t random_uint32();
  // An integer in [0, max], every one as likely: masked words of 32 bits (64 where `max` needs them) until
  // one fits.
  std::uint64_t random_interval(std::uint64_t max);
  // An integer in [low, high); ValueError unless low < high.
  std::int64_t randint(std::int64_t low, std::int64_t high);
  // A double in [low, high) from 53 bits. ValueError unless high - low is finite.
  double uniform(double low = 0, double high = 1);
  // By the polar method, which makes two at a time: the second is kept for the next call.
  double standard_normal();
  // ValueError for a negative scale.
  double normal(double loc = 0, double scale = 1);
  // The same as float64 tensors, drawn row by row.
  Tensor uniform(double low, double high, const Shape& shape);
  Tensor normal(double loc, double scale, const Shape& shape);

  // Fisher-Yates from the end. A tensor's rows of the first axis are shuffled in place; ShapeError for a
  // scalar.
  void shuffle(std::span<std::int64_t> values);
  void shuffle(Tensor& rows);
  // 0, 1, … count - 1 shuffled; ValueError for a negative count.
  std::vector<std::int64_t> permutation(std::int64_t count);
  // `size` different ones of 0, 1, … count - 1, as `choice(count, size, replace=False)` draws them;
  // ValueError unless 0 <= size <= count.
  std::vector<std::int64_t> choice(std::int64_t count, std::int64_t size);

 private:
  struct Engine;  // std::mt19937, whose header would cost every user's file
  double random_double();

  std::unique_ptr<Engine> engine_;
  std::optional<double> kept_normal_;
};

}  // namespace gradus::numpy
