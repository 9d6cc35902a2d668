#pragma once

// What the tests derived from the catalogue share: each runs for every op, from its record alone, so adding
// an op adds no line to them.

#include <gradus/graph/gradients.h>
#include <gradus/ops/catalogue.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace gradus {

constexpr double kFloat32Tolerance = 1e-5;  // relative to the largest value
constexpr std::int64_t kExtent = 4;
constexpr std::uint64_t kSeed = 7;

class EveryOp : public testing::TestWithParam<std::string> {
 protected:
  const OpInfo& info() const { return find_op(GetParam()); }
  // All samples; those that stay inside the domain.
  std::vector<OpSample> samples() const {
    Random random(kSeed);
    return info().samples(random, kExtent);
  }
  std::vector<OpSample> plain_samples() const {
    std::vector<OpSample> all = samples();
    std::erase_if(all, [](const OpSample& sample) { return sample.extreme; });
    return all;
  }
};

inline std::vector<std::string> op_names() {
  std::vector<std::string> result;
  for (const OpInfo& info : catalogue()) result.push_back(info.name);
  return result;
}

#define FOR_EVERY_OP(suite)                                                 \
  INSTANTIATE_TEST_SUITE_P(Catalogue, suite, testing::ValuesIn(op_names()), \
                           [](const testing::TestParamInfo<std::string>& param) { return param.param; })

// The sample's operands in `dtype` where they are floating, wanting a gradient if asked.
inline std::vector<Variable> operands(const OpSample& sample, DType dtype, bool requires_grad) {
  std::vector<Variable> result;
  for (const Tensor& input : sample.inputs) {
    const bool floating = is_floating(input.dtype());
    result.emplace_back(floating ? input.cast(dtype) : input,
                        VariableOptions{.requires_grad = requires_grad && floating});
  }
  return result;
}

inline bool is_empty(const OpSample& sample) {
  return std::ranges::any_of(sample.inputs, [](const Tensor& input) { return input.size() == 0; });
}

inline Tensor value(const OpSample& sample, DType dtype) {
  return sample.call(operands(sample, dtype, false)).value();
}

// The gradients of the sample's result weighted by some fixed numbers: of a plain sum, softmax has none.
inline std::vector<Tensor> weighted_gradients(const OpSample& sample, DType dtype) {
  const std::vector<Variable> x = operands(sample, dtype, true);
  const Variable y = sample.call(x);
  std::vector<Tensor> result;
  if (!y.requires_grad()) return result;
  y.backward(Random(3).uniform(y.shape(), {.low = 0.5, .high = 1.5}).cast(y.dtype()));
  for (const Variable& variable : x) {
    if (variable.requires_grad() && variable.has_grad()) result.push_back(variable.grad());
  }
  return result;
}

// The largest difference relative to the largest value, or to 0.1 where all are smaller; infinities and NaN
// must stand at the same places.
inline double difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> left = a.to_vector<double>(), right = b.to_vector<double>();
  double largest = 0.1, worst = 0;
  for (const double x : right) {
    if (std::isfinite(x)) largest = std::max(largest, std::abs(x));
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == right[i] || (std::isnan(left[i]) && std::isnan(right[i]))) continue;
    const double error = std::abs(left[i] - right[i]) / largest;
    worst = std::isfinite(error) ? std::max(worst, error) : std::numeric_limits<double>::infinity();
  }
  return worst;
}

}  // namespace gradus
