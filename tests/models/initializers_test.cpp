#include <gradus/graph/error.h>
#include <gradus/models/initializers.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

struct Moments {
  double mean = 0, stddev = 0, largest = 0;
};

Moments moments(const Tensor& tensor) {
  Moments result;
  const auto values = tensor.to_vector<double>();
  const auto count = static_cast<double>(values.size());
  for (const double value : values) {
    result.mean += value / count;
    result.largest = std::max(result.largest, std::abs(value));
  }
  for (const double value : values) result.stddev += (value - result.mean) * (value - result.mean) / count;
  result.stddev = std::sqrt(result.stddev);
  return result;
}

struct Case {
  Initializer initializer;
  double variance = 0;  // of what it draws, for fans 300 and 200
  bool uniform = false;
};

const std::vector<Case>& scaling_cases() {
  static const std::vector<Case> cases = {
      {"glorot_uniform", 1 / 250.0, true},
      {"glorot_normal", 1 / 250.0, false},
      {"he_uniform", 2 / 300.0, true},
      {"he_normal", 2 / 300.0, false},
      {"lecun_uniform", 1 / 300.0, true},
      {"lecun_normal", 1 / 300.0, false},
      {VarianceScaling(), 1 / 300.0, false},
      {VarianceScaling({.scale = 3, .mode = "fan_out", .distribution = "uniform"}), 3 / 200.0, true},
      {VarianceScaling({.mode = "fan_avg", .distribution = "normal"}), 1 / 250.0, false},
  };
  return cases;
}

TEST(Initializers, DrawTheVarianceOfTheFans) {
  for (const Case& each : scaling_cases()) {
    Random random(3);
    const auto [mean, stddev, largest] = moments(each.initializer({300, 200}, random));
    const double expected = std::sqrt(each.variance);
    const double tolerance = 5 * expected / std::sqrt(300 * 200);
    EXPECT_NEAR(mean, 0, tolerance) << each.initializer.name();
    EXPECT_NEAR(stddev, expected, tolerance) << each.initializer.name();
    // Uniform up to sqrt(3 s), or normal cut at two of its own standard deviations.
    const double limit = expected * (each.uniform ? std::sqrt(3) : 2 / 0.87962566103423978);
    EXPECT_LE(largest, limit * (1 + 1e-6)) << each.initializer.name();
    EXPECT_GT(largest, limit * 0.995) << each.initializer.name();
  }
}

TEST(Initializers, CountTheFieldOfAConvolutionIntoBothFans) {
  Random first(1), second(1);
  const Tensor kernel = glorot_uniform({3, 5, 7, 11}, first);           // fans 105 and 165
  const Tensor matrix = glorot_uniform({105, 165}, second).rows(0, 7);  // 7 * 165 elements, too
  EXPECT_TRUE(identical(kernel.reshape({7, 165}), matrix));
}

TEST(Initializers, TakeVectorsAndScalars) {
  Random a(1), b(1), c(1), d(1);
  EXPECT_TRUE(identical(glorot_uniform({50}, a), lecun_uniform({50}, b)));  // both fans are 50
  EXPECT_LE(std::abs(glorot_uniform({}, c).item()), std::sqrt(3.0));
  EXPECT_EQ(he_normal({0, 4}, d).size(), 0);
}

TEST(Initializers, AreTheSameByNameByClassAndAsFunction) {
  Random a(5), b(5), c(5), d(5);
  const Initializer by_name = "glorot_uniform", by_function = glorot_uniform;
  const Tensor expected = glorot_uniform({4, 3}, a, DType::float64);
  EXPECT_TRUE(identical(by_name({4, 3}, b, DType::float64), expected));
  EXPECT_TRUE(identical(GlorotUniform()({4, 3}, c, DType::float64), expected));
  EXPECT_TRUE(identical(by_function({4, 3}, d, DType::float64), expected));
  EXPECT_EQ(by_name.name(), "glorot_uniform");
  EXPECT_EQ(Initializer("GlorotUniform").name(), "glorot_uniform");
  EXPECT_EQ(Initializer(GlorotUniform()).name(), "glorot_uniform");
  EXPECT_EQ(Initializer("normal").name(), "random_normal");
}

TEST(Initializers, SimpleOnesHaveKerassDefaults) {
  Random random(2);
  const auto normal = moments(Initializer("random_normal")({200, 200}, random));
  EXPECT_NEAR(normal.stddev, 0.05, 0.001);
  EXPECT_GT(normal.largest, 0.15);
  const auto truncated = moments(Initializer("truncated_normal")({200, 200}, random));
  EXPECT_NEAR(truncated.stddev, 0.05 * 0.8796, 0.001);
  EXPECT_LE(truncated.largest, 0.1);
  const auto uniform = moments(Initializer("random_uniform")({200, 200}, random));
  EXPECT_LE(uniform.largest, 0.05);
  EXPECT_GT(uniform.largest, 0.0499);
  EXPECT_NEAR(moments(random_normal({100, 100}, random, {.mean = 3, .stddev = 0.1})).mean, 3, 0.01);
  EXPECT_TRUE(identical(Zeros()({2}, random), Tensor{0, 0}));
  EXPECT_TRUE(identical(Initializer("ones")({2}, random), ones({2})));
  EXPECT_TRUE(identical(Constant(0.25)({2}, random, DType::float64), Tensor({0.25, 0.25}, DType::float64)));
  EXPECT_TRUE(identical(Initializer("constant")({2}, random), zeros({2})));
  EXPECT_TRUE(identical(Initializer("identity")({2, 3}, random), Tensor{{1, 0, 0}, {0, 1, 0}}));
  EXPECT_TRUE(identical(identity({2, 2}, {.gain = 2}), Tensor{{2, 0}, {0, 2}}));
}

// The inner products of the columns, or of the rows where those are fewer.
void expect_orthonormal(const Tensor& matrix, double gain, double tolerance) {
  const std::int64_t rows = matrix.dim(0), columns = matrix.dim(1);
  const bool tall = rows >= columns;
  for (std::int64_t i = 0; i < std::min(rows, columns); ++i) {
    for (std::int64_t j = 0; j <= i; ++j) {
      double dot = 0;
      for (std::int64_t k = 0; k < std::max(rows, columns); ++k) {
        dot += tall ? matrix(k, i) * matrix(k, j) : matrix(i, k) * matrix(j, k);
      }
      EXPECT_NEAR(dot, i == j ? gain * gain : 0, tolerance) << i << ", " << j;
    }
  }
}

TEST(Orthogonal, HasAnOrthonormalShorterSide) {
  Random random(4);
  expect_orthonormal(orthogonal({20, 20}, random, {}, DType::float64), 1, 1e-14);
  expect_orthonormal(orthogonal({30, 7}, random, {}, DType::float64), 1, 1e-14);
  expect_orthonormal(orthogonal({7, 30}, random, {.gain = 3}, DType::float64), 3, 1e-13);
  expect_orthonormal(Initializer("orthogonal")({2, 3, 5}, random).reshape({6, 5}), 1, 1e-6);
  EXPECT_EQ(orthogonal({0, 3}, random).size(), 0);
  EXPECT_EQ(std::abs(orthogonal({1, 1}, random).item()), 1);
}

TEST(Orthogonal, PrefersNoDirection) {
  double trace = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    const Tensor q = orthogonal({3, 3}, random);
    trace += q(0, 0) + q(1, 1) + q(2, 2);
  }
  EXPECT_NEAR(trace / 400, 0, 0.2);  // four standard deviations
}

TEST(Initializers, RunAFunctionOfTheUsersOwn) {
  Random random(1);
  const Initializer mine("mine", [](const Shape& shape, Random& source, DType dtype) {
    return source.uniform(shape, {.low = 5, .high = 6, .dtype = dtype});
  });
  EXPECT_EQ(mine.name(), "mine");
  EXPECT_GE(mine({3}, random)(0), 5);
  const Initializer wrong_shape = [](const Shape&, Random&, DType) { return Tensor{1.0}; };
  EXPECT_THAT([&] { wrong_shape({3}, random); },
              ThrowsMessage<ShapeError>("initializer 'custom': was asked for [3], gave [1]"));
  EXPECT_THAT([&] { wrong_shape({1}, random, DType::float64); },
              ThrowsMessage<DTypeError>("initializer 'custom': was asked for float64, gave float32"));
  EXPECT_THAT([] { Initializer("none", Initializer::Function()); },
              ThrowsMessage<ValueError>("initializer 'none': the function is empty"));
}

TEST(Initializers, ErrorsNameTheValue) {
  Random random(1);
  EXPECT_THAT(
      [] { Initializer("glorot_unifrom"); },
      ThrowsMessage<ValueError>(testing::AllOf(HasSubstr("unknown initializer 'glorot_unifrom'; known are "),
                                               HasSubstr("did you mean 'glorot_uniform'?"))));
  EXPECT_THAT([] { VarianceScaling({.scale = 0}); },
              ThrowsMessage<ValueError>("variance_scaling: scale must be finite and above 0, got 0.0"));
  EXPECT_THAT([] { VarianceScaling({.mode = "fan"}); },
              ThrowsMessage<ValueError>(HasSubstr("unknown variance_scaling mode 'fan'")));
  EXPECT_THAT(
      [&] {
        variance_scaling({2, 2}, random, {.distribution = "gauss"});
      },
      ThrowsMessage<ValueError>(HasSubstr("unknown variance_scaling distribution 'gauss'")));
  EXPECT_THAT([&] { orthogonal({3}, random); },
              ThrowsMessage<ShapeError>("orthogonal: needs a shape of rank 2 or more, got [3]"));
  EXPECT_THAT([] { identity({3}); }, ThrowsMessage<ShapeError>("identity: needs a matrix's shape, got [3]"));
  EXPECT_THROW(glorot_uniform({2, 2}, random, DType::int32), DTypeError);
  EXPECT_THROW(orthogonal({2, 2}, random, {}, DType::int32), DTypeError);
}

}  // namespace

}  // namespace gradus
