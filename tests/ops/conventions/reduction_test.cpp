#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "../values.h"

namespace gradus {
namespace {

using testing::Each;
using testing::ElementsAre;

using Function = std::function<Variable(const Variable&)>;

// The gradient of the sum of that gradient: the rows of second derivatives, added.
std::vector<double> second_slopes(const Function& f, const Tensor& x) {
  const Variable at(x, {.requires_grad = true});
  const Variable first = gradient(sum(f(at)), at, {.create_graph = true});
  if (!first.requires_grad()) return std::vector<double>(static_cast<std::size_t>(x.size()), 0.0);
  return list(gradient(sum(first), at));
}

struct Reducer {
  std::string name;
  std::function<Variable(const Tensor&, const Axes&)> call;
};
const std::vector<Reducer> kReducers = {
    {"sum", [](const Tensor& x, const Axes& axis) { return sum(x, {.axis = axis}); }},
    {"mean", [](const Tensor& x, const Axes& axis) { return mean(x, {.axis = axis}); }},
    {"max", [](const Tensor& x, const Axes& axis) { return max(x, {.axis = axis}); }},
    {"min", [](const Tensor& x, const Axes& axis) { return min(x, {.axis = axis}); }},
    {"prod", [](const Tensor& x, const Axes& axis) { return prod(x, {.axis = axis}); }},
    {"var", [](const Tensor& x, const Axes& axis) { return var(x, {.axis = axis}); }},
    {"std", [](const Tensor& x, const Axes& axis) { return gradus::std(x, {.axis = axis}); }},
    {"logsumexp", [](const Tensor& x, const Axes& axis) { return logsumexp(x, {.axis = axis}); }},
    {"norm", [](const Tensor& x, const Axes& axis) { return norm(x, {.axis = axis}); }},
    {"all", [](const Tensor& x, const Axes& axis) { return all(x, {.axis = axis}); }},
    {"any", [](const Tensor& x, const Axes& axis) { return any(x, {.axis = axis}); }},
};
const std::vector<Reducer> kAlongOne = {
    {"argmax", [](const Tensor& x, const Axes& axis) { return argmax(x, {.axis = axis[0]}); }},
    {"argmin", [](const Tensor& x, const Axes& axis) { return argmin(x, {.axis = axis[0]}); }},
    {"cumsum", [](const Tensor& x, const Axes& axis) { return cumsum(x, {.axis = axis[0]}); }},
    {"cumprod", [](const Tensor& x, const Axes& axis) { return cumprod(x, {.axis = axis[0]}); }},
    {"logcumsumexp", [](const Tensor& x, const Axes& axis) { return logcumsumexp(x, {.axis = axis[0]}); }},
    {"sort", [](const Tensor& x, const Axes& axis) { return sort(x, {.axis = axis[0]}); }},
};

TEST(ReductionConventions, AnAxisOutOfRangeIsAnError) {
  const Tensor x = Tensor::ones({2, 3});
  for (const auto& reducers : {kReducers, kAlongOne}) {
    for (const auto& [name, call] : reducers) {
      for (const std::int64_t axis : {2, -3, 99}) {
        expect_error<ShapeError>([&] { call(x, axis); },
                                 name + ": axis " + std::to_string(axis) + " is out of range [-2, 1]");
      }
      EXPECT_TRUE(identical(call(x, -1).value(), call(x, 1).value())) << name;
    }
  }
}

TEST(ReductionConventions, ARepeatedAxisIsAnError) {
  const Tensor x = Tensor::ones({2, 3});
  for (const auto& [name, call] : kReducers) {
    expect_error<ShapeError>([&] { call(x, {0, 0}); }, name + ": axis 0 is repeated in [0, 0]");
    expect_error<ShapeError>([&] { call(x, {0, -2}); }, name + ": axis 0 is repeated in [0, -2]");
  }
}

TEST(ReductionConventions, NothingHasNoLargestValue) {
  const Tensor none = Tensor::zeros({0, 3});
  const std::string text = "no values to choose from: x is [0, 3]";
  expect_error<ShapeError>([&] { max(none); }, "max: " + text);
  expect_error<ShapeError>([&] { min(none, {.axis = 0}); }, "min: " + text);
  expect_error<ShapeError>([&] { argmax(none); }, "argmax: " + text);
  expect_error<ShapeError>([&] { argmin(none, {.axis = 0}); }, "argmin: " + text);
  expect_error<ShapeError>([&] { norm(none, {.ord = kInf}); }, "norm: " + text);
  EXPECT_EQ(argmax(none, {.axis = 1}).shape(), (Shape{0}));
}

TEST(ReductionConventions, NothingHasASumAndNoMean) {
  const Tensor none = Tensor::zeros({0, 3});
  EXPECT_THAT(list(sum(none, {.axis = 0})), Each(0));
  EXPECT_THAT(list(prod(none, {.axis = 0})), Each(1));
  EXPECT_THAT(list(norm(none, {.axis = 0})), Each(0));
  EXPECT_THAT(list(all(none, {.axis = 0})), Each(1));
  EXPECT_THAT(list(any(none, {.axis = 0})), Each(0));
  EXPECT_THAT(list(mean(none, {.axis = 0})), Each(kIsNaN));
  EXPECT_THAT(list(var(none, {.axis = 0})), Each(kIsNaN));
  EXPECT_THAT(list(gradus::std(none, {.axis = 0})), Each(kIsNaN));
  EXPECT_EQ(logsumexp(none).item(), -kInf);
}

TEST(ReductionConventions, AConstantHasNoVarianceAndNoSlope) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor x = Tensor::full({2, 11}, 0.1, dtype);
    const Function deviation = [](const Variable& v) { return gradus::std(v, {.axis = 1}); };
    EXPECT_EQ(var(x).item(), 0);
    EXPECT_EQ(gradus::std(x).item(), 0);
    EXPECT_THAT(slopes([](const Variable& v) { return var(v); }, x), Each(0));
    EXPECT_THAT(slopes(deviation, x), Each(0));
    EXPECT_THAT(second_slopes(deviation, x), Each(0));
  }
  const Function rows = [](const Variable& v) { return gradus::std(v, {.axis = 1}); };
  EXPECT_THAT(slopes(rows, {{3, 3}, {0, 2}}), ElementsAre(0, 0, -0.5, 0.5));
}

TEST(ReductionConventions, VarianceIsBiasedAndFarFromZeroExact) {
  const Tensor x{1, 2, 3, 4};
  EXPECT_EQ(var(x).item(), 1.25);
  EXPECT_NEAR(var(x, {.ddof = 1}).item(), 5.0 / 3, 1e-7);
  EXPECT_EQ(var(x + 1e6).item(), 1.25);
  EXPECT_THAT(var(Tensor{2}, {.ddof = 1}).item(), kIsNaN);
}

TEST(ReductionConventions, EqualValuesShareTheGradient) {
  const Function least = [](const Variable& x) { return min(x); };
  const Function largest = [](const Variable& x) { return norm(x, {.ord = kInf}); };
  EXPECT_THAT(slopes(least, {1, 4, 1, 1, 1}), ElementsAre(0.25, 0, 0.25, 0.25, 0.25));
  EXPECT_THAT(slopes(largest, {3, 1, -3}), ElementsAre(0.5, 0, -0.5));
  EXPECT_THAT(slopes([](const Variable& x) { return max(x, {.axis = 1}); }, {{1, 3}, {5, 5}}),
              ElementsAre(0, 1, 0.5, 0.5));
}

TEST(ReductionConventions, TheFirstOfEqualValuesIsFound) {
  const Tensor x{{2, 5, 5, 1, 1}};
  EXPECT_EQ(argmax(x).item(), 1);
  EXPECT_EQ(argmin(x).item(), 3);
  EXPECT_EQ(argmax(Tensor{1, NAN, kInf, NAN}).item(), 1);
  EXPECT_EQ(argmin(Tensor{1, NAN, -kInf, NAN}).item(), 1);
  EXPECT_EQ(argmax(x).dtype(), DType::int64);
  const auto [values, indices] = top_k(x, 3);
  EXPECT_THAT(list(values), ElementsAre(5, 5, 2));
  EXPECT_THAT(list(indices), ElementsAre(1, 2, 0));
  EXPECT_EQ(indices.dtype(), DType::int64);
  EXPECT_THAT(list(top_k(x, 3, {.sorted = false}).values), ElementsAre(2, 5, 5));
}

TEST(ReductionConventions, NaNSortsLastAndCountsAsTheLargest) {
  const Tensor x{NAN, 3, -kInf, kInf, 1};
  EXPECT_THAT(list(sort(x)), ElementsAre(-kInf, 1, 3, kInf, kIsNaN));
  EXPECT_THAT(list(top_k(x, 2).values), ElementsAre(kIsNaN, kInf));
  EXPECT_THAT(max(x).item(), kIsNaN);
  EXPECT_THAT(min(x).item(), kIsNaN);
  const Function weighted = [](const Variable& v) { return sort(v) * Tensor{1, 2, 3}; };
  EXPECT_THAT(slopes(weighted, {5, 5, 1}), ElementsAre(2, 3, 1));
}

TEST(ReductionConventions, AsManyAreTakenAsThereAre) {
  const std::string text = " is out of range [0, 3], the extent of the last axis";
  expect_error<ValueError>([] { top_k(Tensor::ones({2, 3}), 4); }, "top_k: k = 4" + text);
  expect_error<ValueError>([] { top_k(Tensor::ones({2, 3}), -1); }, "top_k: k = -1" + text);
  EXPECT_EQ(top_k(Tensor::ones({2, 3}), 0).values.shape(), (Shape{2, 0}));
}

TEST(ReductionConventions, ZerosAmongFactorsKeepTheirGradients) {
  const Function product = [](const Variable& x) { return prod(x); };
  EXPECT_THAT(slopes(product, {2, 3, 4}), ElementsAre(12, 8, 6));
  EXPECT_THAT(slopes(product, {0, 3, 4}), ElementsAre(12, 0, 0));
  EXPECT_THAT(slopes(product, {0, 3, 0}), ElementsAre(0, 0, 0));
  EXPECT_THAT(second_slopes(product, {0, 3, 0}), ElementsAre(3, 0, 3));
  EXPECT_THAT(second_slopes(product, {0, 0, 0}), ElementsAre(0, 0, 0));
  EXPECT_THAT(second_slopes(product, {0, 3, 4}), ElementsAre(7, 4, 3));
  const Function running = [](const Variable& x) { return cumprod(x, {.axis = 0}); };
  EXPECT_THAT(slopes(running, {2, 0, 3, 0}), ElementsAre(1, 8, 0, 0));
  EXPECT_THAT(second_slopes(running, {2, 0, 3}), ElementsAre(4, 6, 2));
}

TEST(ReductionConventions, AZeroVectorHasANormWithoutSlope) {
  for (const double ord : {1.0, 2.0, kInf}) {
    const Function length = [=](const Variable& x) { return norm(x, {.ord = ord}); };
    EXPECT_EQ(length(Variable(Tensor{0, 0})).item(), 0);
    EXPECT_THAT(slopes(length, {0, 0}), Each(0));
    EXPECT_THAT(second_slopes(length, {0, 0}), Each(0));
  }
}

TEST(ReductionConventions, ANormNeitherOverflowsNorVanishes) {
  for (const double scale : {1e-42, 1e-30, 1.0, 1e30, 6e37}) {
    const Tensor x({3 * scale, -4 * scale});
    const float least = std::numeric_limits<float>::denorm_min();
    EXPECT_NEAR(norm(x).item(), 5 * scale, 5e-7 * scale + least);
    EXPECT_THAT(slopes([](const Variable& v) { return norm(v); }, x),
                ElementsAre(testing::DoubleNear(0.6, 1e-3), testing::DoubleNear(-0.8, 1e-3)));
  }
  EXPECT_DOUBLE_EQ(norm(Tensor({3e200, 4e200}, DType::float64)).item(), 5e200);
  EXPECT_EQ(norm(Tensor{1, kInf}).item(), kInf);
  EXPECT_THAT(norm(Tensor{1, NAN}).item(), kIsNaN);
  expect_error<ValueError>([] { norm(Tensor{1}, {.ord = 0.5}); }, "norm: the order 0.5 is not 1, 2");
}

TEST(ReductionConventions, SumsOfExponentialsAreExactAtTheEnds) {
  const Function running = [](const Variable& x) { return logcumsumexp(x, {.axis = 0}); };
  for (const DType dtype : {DType::float32, DType::float64}) {
    EXPECT_THAT(list(logcumsumexp(Tensor({1e4, -1e4, 0}, dtype))), Each(1e4));
    EXPECT_THAT(list(logcumsumexp(Tensor({-1e4, 0, 1e4}, dtype))), ElementsAre(-1e4, 0, 1e4));
    EXPECT_THAT(list(logcumsumexp(Tensor({-kInf, -kInf, 2}, dtype))), ElementsAre(-kInf, -kInf, 2));
    EXPECT_THAT(slopes(running, Tensor({-kInf, 1e4, -1e4, -kInf}, dtype)), ElementsAre(0, 3, 0, 0));
    EXPECT_THAT(second_slopes(running, Tensor({-kInf, 1e4, -1e4}, dtype)), Each(0));
  }
  EXPECT_THAT(
      slopes([](const Variable& x) { return logsumexp(x, {.axis = 1}); }, {{-kInf, -kInf}, {0, -kInf}}),
      ElementsAre(0, 0, 1, 0));
}

TEST(ReductionConventions, WithoutAnAxisWhatIsCumulativeIsFlat) {
  const Tensor x{{1, 2}, {3, 4}};
  EXPECT_THAT(list(cumsum(x)), ElementsAre(1, 3, 6, 10));
  EXPECT_THAT(list(cumprod(x)), ElementsAre(1, 2, 6, 24));
  EXPECT_EQ(logcumsumexp(x).shape(), (Shape{4}));
  EXPECT_THAT(list(sort(-Variable(x), {.axis = std::nullopt})), ElementsAre(-4, -3, -2, -1));
}

TEST(ReductionConventions, LongSumsKeepTheirDigits) {
  const Tensor tenths = Tensor::full({1 << 20}, 0.1);
  const double expected = static_cast<double>(0.1F) * (1 << 20);
  EXPECT_NEAR(sum(tenths).item(), expected, 1e-6 * expected);
  EXPECT_NEAR(cumsum(tenths).value()(-1), expected, 1e-7 * expected);
}

TEST(ReductionConventions, IntegersStayIntegersWhereTheResultIsOne) {
  for (const DType dtype : {DType::int32, DType::int64}) {
    const Tensor x({3, -1, 2}, dtype);
    for (const Variable& y :
         {sum(x), max(x), min(x), prod(x), cumsum(x), cumprod(x), sort(x), top_k(x, 2).values}) {
      EXPECT_EQ(y.dtype(), dtype);
    }
    EXPECT_EQ(prod(x).item(), -6);
    EXPECT_THAT(list(cumprod(x)), ElementsAre(3, -3, -6));
    for (const Variable& y : {mean(x), var(x), gradus::std(x), norm(x), logsumexp(x), logcumsumexp(x)}) {
      EXPECT_EQ(y.dtype(), DType::float32);
    }
  }
  const Tensor flags(std::vector<bool>{true, false, true});
  EXPECT_EQ(prod(flags).dtype(), DType::int64);
  EXPECT_EQ(prod(flags).item(), 0);
  EXPECT_EQ(argmin(flags).item(), 1);
  EXPECT_EQ(all(flags).dtype(), DType::boolean);
  EXPECT_EQ(any(Tensor{0, NAN}).item<bool>(), true);
}

}  // namespace
}  // namespace gradus
