// Every op of the catalogue, tested from its record alone: adding an op adds no line here.

#include <gradus/graph/dot.h>
#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/catalogue.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace gradus {
namespace {

constexpr double kFloat32Tolerance = 1e-5;  // relative to the largest value
constexpr std::int64_t kExtent = 4;

class EveryOp : public testing::TestWithParam<std::string> {
 protected:
  const OpInfo& info() const { return find_op(GetParam()); }
  std::vector<OpSample> samples() const {
    Random random(7);
    return info().samples(random, kExtent);
  }
};

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const OpInfo& info : catalogue()) result.push_back(info.name);
  return result;
}

// The sample's operands in `dtype` where they are floating, wanting a gradient if asked.
std::vector<Variable> operands(const OpSample& sample, DType dtype, bool requires_grad) {
  std::vector<Variable> result;
  for (const Tensor& input : sample.inputs) {
    const bool floating = is_floating(input.dtype());
    result.emplace_back(floating ? input.cast(dtype) : input,
                        VariableOptions{.requires_grad = requires_grad && floating});
  }
  return result;
}

bool is_empty(const OpSample& sample) {
  return std::ranges::any_of(sample.inputs, [](const Tensor& input) { return input.size() == 0; });
}

Tensor value(const OpSample& sample, DType dtype) {
  return sample.call(operands(sample, dtype, false)).value();
}

// The gradients of the sample's result weighted by some fixed numbers: of a plain sum, softmax has none.
std::vector<Tensor> weighted_gradients(const OpSample& sample, DType dtype) {
  const std::vector<Variable> x = operands(sample, dtype, true);
  const Variable y = sample.call(x);
  y.backward(Random(3).uniform(y.shape(), {.low = 0.5, .high = 1.5}).cast(y.dtype()));
  std::vector<Tensor> result;
  for (const Variable& variable : x) {
    if (variable.requires_grad()) result.push_back(variable.grad());
  }
  return result;
}

// The largest difference relative to the largest value, or to 0.1 where all are smaller.
double difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> left = a.to_vector<double>(), right = b.to_vector<double>();
  double largest = 0.1, worst = 0;
  for (const double x : right) largest = std::max(largest, std::abs(x));
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (std::isnan(left[i]) && std::isnan(right[i])) continue;
    worst = std::max(worst, std::abs(left[i] - right[i]) / largest);
  }
  return worst;
}

TEST_P(EveryOp, HasACompleteRecord) {
  EXPECT_EQ(info().name, GetParam());
  EXPECT_NE(info().family, "");
  EXPECT_THAT(info().signature, testing::StartsWith(info().name + "("));
  EXPECT_NE(info().formula, "");
  EXPECT_NE(info().shapes, "");
  EXPECT_GE(samples().size(), 7U);
  EXPECT_FALSE(info().errors.empty());
  EXPECT_GE(info().flops(samples().front(), value(samples().front(), DType::float32)), 0);
}

TEST_P(EveryOp, HasTheGradientsThatFiniteDifferencesGive) {
  if (!info().differentiable()) {
    for (const OpSample& sample : samples()) {
      EXPECT_FALSE(sample.call(operands(sample, DType::float32, true)).requires_grad()) << sample.note;
    }
    return;
  }
  for (const OpSample& sample : samples()) {
    if (is_empty(sample)) continue;  // nothing to differentiate by; see TakesEmptyTensors
    const GradcheckResult result = gradcheck_span(sample.call, sample.inputs);
    EXPECT_TRUE(result) << sample.note << ": " << result.message();
  }
}

TEST_P(EveryOp, AgreesInFloat32WithFloat64) {
  for (const OpSample& sample : samples()) {
    const Tensor narrow = value(sample, DType::float32), wide = value(sample, DType::float64);
    EXPECT_EQ(narrow.shape(), wide.shape()) << sample.note;
    EXPECT_LE(difference(narrow, wide), kFloat32Tolerance) << sample.note;
    if (!info().differentiable()) continue;
    const std::vector<Tensor> few = weighted_gradients(sample, DType::float32);
    const std::vector<Tensor> many = weighted_gradients(sample, DType::float64);
    for (std::size_t i = 0; i < few.size(); ++i) {
      EXPECT_EQ(few[i].dtype(), DType::float32);
      EXPECT_LE(difference(few[i], many[i]), kFloat32Tolerance) << sample.note << ", operand " << i;
    }
  }
}

TEST_P(EveryOp, GivesTheSameBitsWhetherRecordedOrNot) {
  for (const OpSample& sample : samples()) {
    const Tensor recorded = sample.call(operands(sample, DType::float32, true)).value();
    EXPECT_TRUE(identical(recorded, value(sample, DType::float32))) << sample.note;
    const NoGrad guard;
    EXPECT_TRUE(identical(recorded, sample.call(operands(sample, DType::float32, true)).value()))
        << sample.note;
  }
}

TEST_P(EveryOp, TakesEmptyTensors) {
  const auto all = samples();
  EXPECT_TRUE(std::ranges::any_of(all, is_empty)) << "no sample holds an empty tensor";
  for (const OpSample& sample : all) {
    if (!is_empty(sample) || !info().differentiable()) continue;
    for (const Tensor& gradient : weighted_gradients(sample, DType::float32)) {
      for (const float x : gradient.values<float>()) EXPECT_FALSE(std::isnan(x)) << sample.note;
    }
  }
}

TEST_P(EveryOp, ThrowsItsDeclaredErrorsWithAndWithoutGradients) {
  for (const OpError& error : info().errors) {
    const OpSample misuse = {.inputs = error.inputs, .call = error.call};
    for (const bool requires_grad : {false, true}) {
      std::vector<Variable> x;
      for (const Tensor& input : error.inputs) {
        x.emplace_back(input, VariableOptions{.requires_grad = requires_grad && is_floating(input.dtype())});
      }
      try {
        misuse.call(x);
        ADD_FAILURE() << "nothing thrown, expected: " << error.message;
      } catch (const Error& thrown) {
        EXPECT_THAT(thrown.what(), testing::HasSubstr(error.message));
      }
    }
  }
}

TEST_P(EveryOp, ThrowsWithGradientsWheneverItThrowsWithout) {
  // Every pair of samples' operands that does not belong together, wherever it is refused, is refused alike.
  const auto outcome = [](const OpSample& sample, const std::vector<Variable>& x) -> std::string {
    try {
      sample.call(x);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  const auto all = samples();
  for (const OpSample& one : all) {
    for (const OpSample& other : all) {
      if (one.inputs.size() != other.inputs.size()) continue;
      OpSample mixed = {.inputs = other.inputs, .call = one.call};
      mixed.inputs.front() = one.inputs.front();
      EXPECT_EQ(outcome(mixed, operands(mixed, DType::float32, false)),
                outcome(mixed, operands(mixed, DType::float32, true)));
    }
  }
}

TEST_P(EveryOp, NamesItselfInTheGraph) {
  if (!info().differentiable()) return;
  const OpSample sample = samples().front();
  const Variable y = sample.call(operands(sample, DType::float32, true));
  EXPECT_THAT(to_dot(Graph(y)), testing::HasSubstr(info().name));
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryOp, testing::ValuesIn(names()),
                         [](const testing::TestParamInfo<std::string>& param) { return param.param; });

TEST(Catalogue, NamesEachOpOnce) {
  std::vector<std::string> all = names();
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(Catalogue, SuggestsTheNearestName) {
  try {
    find_op("sofmax");
    FAIL();
  } catch (const ValueError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("softmax"));
  }
}

}  // namespace
}  // namespace gradus
