#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/losses/sample_weights.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <algorithm>
#include <numeric>

namespace gradus {

namespace {

// The axes that count: those at the end that values do not have, or of extent 1, tell nothing.
Dims leading_axes(const Shape& weights, int rank) {
  std::size_t count = weights.dims().size();
  while (count > static_cast<std::size_t>(rank) && weights[count - 1] == 1) --count;
  while (count > 1 && weights[count - 1] == 1) --count;
  return Dims(std::span(weights.begin(), count));
}

[[noreturn]] void refuse(std::string_view name, const Tensor& sample_weight, const Shape& values,
                         const SourceLocation& where) {
  const std::string line = to_string(where);
  throw ShapeError(std::string(name) + ": sample_weight is " + to_string(sample_weight.shape()) +
                   ", the samples are " + to_string(values) + (line.empty() ? "" : " (" + line + ")"));
}

std::int64_t share_of(std::string_view name, const Tensor& sample_weight, const Shape& values,
                      const SourceLocation& where) {
  const Dims axes = leading_axes(sample_weight.shape(), values.rank());
  const bool fits =
      axes.size() <= values.dims().size() && std::equal(axes.begin(), axes.end(), values.begin());
  if (!fits) refuse(name, sample_weight, values, where);
  return std::accumulate(values.begin() + axes.size(), values.end(), std::int64_t{1}, std::multiplies<>());
}

// The weights as a factor of values of that shape and dtype.
Tensor factor(std::string_view name, const Tensor& sample_weight, const Variable& values,
              const SourceLocation& where) {
  share_of(name, sample_weight, values.shape(), where);
  Dims axes = leading_axes(sample_weight.shape(), values.rank());
  std::vector<std::int64_t> dims(axes.begin(), axes.end());
  dims.resize(values.shape().dims().size(), 1);
  return sample_weight.cast(values.dtype()).reshape(Shape(dims));
}

double total(const Tensor& weights, const Shape& values) {
  const std::vector<double> list = weights.to_vector<double>();
  const double sum = std::accumulate(list.begin(), list.end(), 0.0);
  return list.empty() ? 0 : sum * (static_cast<double>(values.elements()) / static_cast<double>(list.size()));
}

}  // namespace

std::int64_t values_per_weight(std::string_view name, const Tensor& sample_weight, const Shape& values) {
  return share_of(name, sample_weight, values, SourceLocation());
}

WeightReader::WeightReader(std::string_view name, const Tensor& sample_weight, const Shape& values)
    : given_(sample_weight.defined()) {
  if (!given_) return;
  share_ = std::max<std::int64_t>(1, values_per_weight(name, sample_weight, values));
  weights_ = sample_weight.to_vector<double>();
}

Variable reduced(const LossValues& losses, const Tensor& sample_weight, LossReduction reduction,
                 std::string_view name, const SourceLocation& where) {
  const Variable& values = losses.values;
  Tensor weights;
  if (sample_weight.defined()) {
    if (values.rank() == 0) {
      throw ShapeError(std::string(name) +
                       ": sample weights need a loss function that gives one value for each of the " +
                       std::to_string(sample_weight.size()) + " samples; it gave []");
    }
    weights = factor(name, sample_weight, values, where);
  }
  if (losses.mask.defined()) {
    const NoGrad guard;
    const Tensor mask = losses.mask.cast(values.dtype());
    weights = weights.defined() ? multiply(mask, weights).value() : mask;
  }
  Variable each = values;
  if (weights.defined()) each = multiply(Operand(values, where), weights);
  if (reduction == LossReduction::none) return each;
  const Operand weighted(each, where);
  if (reduction == LossReduction::sum) return sum(weighted);
  if (!losses.mask.defined() && (reduction == LossReduction::sum_over_batch_size || !weights.defined())) {
    return values.rank() == 0 ? values : mean(weighted);
  }
  const double divisor =
      total(reduction == LossReduction::mean_with_sample_weight ? weights : losses.mask, values.shape());
  return multiply(sum(weighted), divisor == 0 ? 0 : 1 / divisor);
}

}  // namespace gradus
