// The conventions of activations: what they are at their kinks and far from them.

#include <gradus/graph/dot.h>
#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "../values.h"

namespace gradus {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;
using testing::Truly;

using Activation = std::function<Variable(const Variable&)>;
const auto kIsFinite = Truly([](double x) { return std::isfinite(x); });

// The same of the gradient.
std::vector<double> curvatures(const Activation& f, const Tensor& x) {
  const Variable at(x, {.requires_grad = true});
  const Variable slope = gradients({sum(f(at))}, {at}, {.create_graph = true}).front();
  if (!slope.requires_grad()) return {0};
  return list(gradient(sum(slope), at));
}

std::vector<Activation> elementwise() {
  return {relu,
          relu6,
          [](const Variable& x) { return leaky_relu(x); },
          [](const Variable& x) { return prelu(x, 0.25); },
          [](const Variable& x) { return elu(x); },
          selu,
          [](const Variable& x) { return celu(x); },
          [](const Variable& x) { return gelu(x); },
          [](const Variable& x) { return gelu(x, {.approximate = true}); },
          silu,
          mish,
          softplus,
          softsign,
          [](const Variable& x) { return squareplus(x); },
          sigmoid,
          log_sigmoid,
          hard_sigmoid,
          hard_swish,
          hard_tanh,
          tanh_shrink,
          [](const Variable& x) { return hard_shrink(x); },
          [](const Variable& x) { return soft_shrink(x); },
          [](const Variable& x) { return threshold(x, {}); }};
}

TEST(ActivationConventions, NaNStaysNaN) {
  for (const Activation& f : elementwise()) {
    for (const std::int64_t size : {1, 19}) {
      EXPECT_THAT(list(f(Variable(Tensor::full({size}, NAN)))), Each(kIsNaN)) << &f - elementwise().data();
    }
  }
}

TEST(ActivationConventions, AreFiniteWithAllDerivativesFarOut) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor x({-1e4, -800, -100, 0, 100, 800, 1e4}, dtype);
    for (const Activation& f : elementwise()) {
      EXPECT_THAT(list(f(Variable(x))), Each(kIsFinite));
      EXPECT_THAT(slopes(f, x), Each(kIsFinite));
      EXPECT_THAT(curvatures(f, x), Each(kIsFinite));
    }
  }
}

TEST(ActivationConventions, KinksHaveTheSlopesThatTheHeaderSays) {
  EXPECT_THAT(slopes(relu6, {0, 6}), Each(0));
  EXPECT_THAT(slopes([](const Variable& x) { return leaky_relu(x, {.negative_slope = 0.25}); }, {0}),
              Each(0.25));
  EXPECT_THAT(slopes([](const Variable& x) { return prelu(x, 0.25); }, {0}), Each(0.25));
  EXPECT_THAT(slopes([](const Variable& x) { return elu(x, {.alpha = 0.5}); }, {0}), Each(0.5));
  EXPECT_THAT(slopes([](const Variable& x) { return celu(x, {.alpha = 0.5}); }, {0}), Each(1));
  EXPECT_THAT(slopes(selu, {0}), Each(DoubleNear(1.0507009873554805 * 1.6732632423543772, 1e-6)));
  EXPECT_THAT(slopes(hard_sigmoid, {-3, 3}), Each(0));
  EXPECT_THAT(slopes(hard_swish, {-3, 3}), ElementsAre(0, 1));
  EXPECT_THAT(slopes(hard_tanh, {-1, 1}), Each(0));
  EXPECT_THAT(slopes([](const Variable& x) { return hard_shrink(x); }, {-0.5, 0.5}), Each(0));
  EXPECT_THAT(slopes([](const Variable& x) { return soft_shrink(x); }, {-0.5, 0.5}), Each(0));
  EXPECT_THAT(slopes([](const Variable& x) { return threshold(x, {.threshold = 2}); }, {2}), Each(0));
}

TEST(ActivationConventions, SoftplusHasNoThreshold) {
  const Variable x(Tensor({-700, -40, 30, 50}, DType::float64));
  const std::vector<double> y = list(softplus(x));
  EXPECT_DOUBLE_EQ(y[0], std::exp(-700));
  EXPECT_DOUBLE_EQ(y[1], std::exp(-40));
  EXPECT_GT(y[2], 30);
  EXPECT_EQ(y[3], 50);
  EXPECT_EQ(softplus(Tensor{1e4}).item(), 1e4);
  EXPECT_EQ(log_sigmoid(Tensor{-1e4}).item(), -1e4);
  EXPECT_DOUBLE_EQ(log_sigmoid(Tensor({40}, DType::float64)).item(), -std::exp(-40));
}

TEST(ActivationConventions, GeluIsExactUnlessAskedOtherwise) {
  const Tensor x({-10, -1, 2}, DType::float64);
  const auto exact = [](double v) { return v * std::erfc(-v / std::sqrt(2)) / 2; };
  EXPECT_THAT(list(gelu(x)), ElementsAre(DoubleNear(exact(-10), 1e-36), DoubleNear(exact(-1), 1e-15),
                                         DoubleNear(exact(2), 1e-15)));
  EXPECT_NEAR(gelu(Tensor({1}, DType::float64), {.approximate = true}).item(), 0.8411919906082768, 1e-15);
}

TEST(ActivationConventions, NoDigitsAreLostNearZeroOrInTheTails) {
  const auto of = [](Variable (*f)(const Operand&), double x) {
    return f(Tensor({x}, DType::float64)).item();
  };
  EXPECT_DOUBLE_EQ(of(tanh_shrink, 1e-5), 1e-15 / 3 - 2e-25 / 15);
  EXPECT_DOUBLE_EQ(squareplus(Tensor({-1e6}, DType::float64)).item(), 1e-6 - 1e-18);
  EXPECT_DOUBLE_EQ(elu(Tensor({-1e-10}, DType::float64)).item(), std::expm1(-1e-10));
  EXPECT_DOUBLE_EQ(of(mish, -40), -40 * std::exp(-40));
}

TEST(ActivationConventions, HugeRowsGiveExactDistributions) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Variable rows(Tensor({{1e4, -1e4, 0}, {1e4, 1e4, 0}}, dtype));
    EXPECT_THAT(list(softmax(rows)), ElementsAre(1, 0, 0, 0.5, 0.5, 0));
    EXPECT_THAT(list(sparsemax(rows)), ElementsAre(1, 0, 0, 0.5, 0.5, 0));
  }
}

TEST(ActivationConventions, SparsemaxSharesItsGradientAmongItsSupport) {
  const auto second = [](const Variable& x) { return sparsemax(x) * Tensor{0, 1, 0, 0}; };
  EXPECT_THAT(list(sparsemax(Tensor{1, 0.5, 0.25, -2})),
              ElementsAre(0.75, 0.25, 0, 0));  // 0.25 lies on the threshold
  EXPECT_THAT(slopes(second, {1, 0.5, 0.25, -2}), ElementsAre(-0.5, 0.5, 0, 0));
}

TEST(ActivationConventions, GluRefusesWhatHasNoHalves) {
  EXPECT_THAT(
      [] {
        glu(Tensor::ones({2, 3}));
      },
      ThrowsMessage<ShapeError>(
          HasSubstr("glu: axis -1 has no two halves: x is [2, 3] (activation_test.cpp:")));
}

TEST(ActivationConventions, WrongAttributesNameTheUsersLine) {
  EXPECT_THAT([] { leaky_relu(Tensor{1}, {.negative_slope = -1}); },
              ThrowsMessage<ValueError>(HasSubstr("leaky_relu: negative_slope must be finite and not "
                                                  "negative: it is -1.0 (activation_test.cpp:")));
}

TEST(ActivationConventions, AttributesStandInTheGraph) {
  const Variable x(Tensor{1, 2}, {.requires_grad = true});
  const auto label = [](const Variable& y) { return to_dot(Graph(y)); };
  EXPECT_THAT(label(leaky_relu(x)), HasSubstr("negative_slope = 0.2"));
  EXPECT_THAT(label(elu(x, {.alpha = 0.5})), HasSubstr("alpha = 0.5"));
  EXPECT_THAT(label(gelu(x, {.approximate = true})), HasSubstr("approximate = true"));
  EXPECT_THAT(label(threshold(x, {.threshold = 1, .default_value = 3})), HasSubstr("default_value = 3.0"));
  EXPECT_THAT(label(sparsemax(x)), HasSubstr("axis = -1"));
}

}  // namespace
}  // namespace gradus
