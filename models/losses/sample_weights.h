#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/models/losses/loss.h>
#include <gradus/models/losses/reduction.h>

#include <string_view>

namespace gradus {

// Note [Sample weights]
// Weights have the shape of the values they weigh, or that of its first axes: then each stands for all values
// that its place has, as one weight a sample does for the values of a sequence. Axes of extent 1 at the end
// of the weights do not count. Nothing else broadcasts: Keras would let [n] weigh the last axis of [n, n].

// How many values in a row share a weight. `name` begins the text of the ShapeError.
std::int64_t values_per_weight(std::string_view name, const Tensor& sample_weight, const Shape& values);

// Weights, each of which stands for `share` values in a row; 1 where there are none.
class WeightReader {
 public:
  WeightReader(std::string_view name, const Tensor& sample_weight, const Shape& values);
  double operator[](std::int64_t i) const {
    return weights_.empty() ? 1 : weights_[static_cast<std::size_t>(i / share_)];
  }
  bool empty() const { return !given_; }

 private:
  std::vector<double> weights_;
  std::int64_t share_ = 1;
  bool given_;
};

// The loss of a batch from those of its samples, by Keras's rules: a mask counts as weights of 0 and 1, and
// the divisor of "sum_over_batch_size" is the number of values that count, whatever they weigh; 0 where none
// counts. ShapeError for weights that do not fit, and for weights of a loss that is one value for all
// samples.
Variable reduced(const LossValues& losses, const Tensor& sample_weight, LossReduction reduction,
                 std::string_view name, const SourceLocation& where);

}  // namespace gradus
