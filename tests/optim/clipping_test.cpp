#include <gradus/graph/error.h>
#include <gradus/graph/variable.h>
#include <gradus/optim/clipping.h>

#include "thrown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gradus {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Parameter with_gradient(const Tensor& gradient) {
  Parameter parameter("p", Tensor::zeros(gradient.shape(), gradient.dtype()));
  parameter.node().set_grad(gradient);
  return parameter;
}

TEST(ClipByValue, CutsEachElement) {
  const Parameter w = with_gradient(Tensor{-3.0, 0.25, 2.0});
  clip_by_value({w}, 1);
  EXPECT_THAT(w.grad().to_vector<double>(), ElementsAre(-1, 0.25, 1));
  clip_by_value({w}, -0.5, 0.125);
  EXPECT_THAT(w.grad().to_vector<double>(), ElementsAre(-0.5, 0.125, 0.125));
}

TEST(ClipByValue, LeavesNaN) {
  const Parameter w = with_gradient(Tensor{kNaN, kInfinity, -kInfinity});
  clip_by_value({w}, 2);
  EXPECT_TRUE(std::isnan(w.grad()(0)));
  EXPECT_EQ(w.grad()(1), 2);
  EXPECT_EQ(w.grad()(2), -2);
}

TEST(ClipByNorm, ScalesEachGradientOnItsOwn) {
  const Parameter w = with_gradient(Tensor{3.0, 4.0}), b = with_gradient(Tensor({0.5}, DType::float64));
  clip_by_norm({w, b}, 1);
  EXPECT_NEAR(w.grad()(0), 0.6, 1e-7);
  EXPECT_NEAR(w.grad()(1), 0.8, 1e-7);
  EXPECT_EQ(b.grad().item(), 0.5);
}

TEST(ClipByGlobalNorm, ScalesAllByOneFactorAndReturnsTheNormBefore) {
  const Parameter w = with_gradient(Tensor{3.0, 0.0}), b = with_gradient(Tensor({4.0}, DType::float64));
  EXPECT_EQ(clip_by_global_norm({w, b}, 1), 5);
  EXPECT_NEAR(w.grad()(0), 0.6, 1e-7);
  EXPECT_NEAR(b.grad().item(), 0.8, 1e-15);
  EXPECT_NEAR(global_norm({w, b}), 1, 1e-7);
}

TEST(ClipByGlobalNorm, LeavesTheBitsOfASmallEnoughGradient) {
  const Tensor gradient{0.125, 0.25};
  const Parameter w = with_gradient(gradient);
  EXPECT_NEAR(clip_by_global_norm({w}, 1), std::hypot(0.125, 0.25), 1e-12);
  EXPECT_TRUE(identical(w.grad(), gradient));
}

TEST(Clipping, AZeroNormIsNoZeroByZero) {
  const Parameter w = with_gradient(Tensor{0.0, 0.0});
  clip_by_norm({w}, 1e-300);
  EXPECT_EQ(clip_by_global_norm({w}, 1), 0);
  EXPECT_THAT(w.grad().to_vector<double>(), ElementsAre(0, 0));
}

TEST(Clipping, NaNAndInfinityStayVisible) {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    const Parameter w = with_gradient(Tensor{bad, 1.0}), b = with_gradient(Tensor{1.0});
    clip_by_norm({w, b}, 1);
    EXPECT_FALSE(std::isfinite(w.grad()(0)));
    EXPECT_EQ(b.grad().item(), 1);
    const Parameter again = with_gradient(Tensor{bad, 1.0});
    EXPECT_FALSE(std::isfinite(clip_by_global_norm({again, b}, 1)));
    EXPECT_FALSE(std::isfinite(again.grad()(0)));
    EXPECT_TRUE(std::isnan(b.grad().item()));
  }
}

TEST(Clipping, HugeFiniteGradientsDoNotOverflowTheNorm) {
  const Parameter w = with_gradient(Tensor({3e200, -4e200}, DType::float64));
  EXPECT_NEAR(clip_by_global_norm({w}, 1) / 5e200, 1, 1e-14);
  EXPECT_NEAR(w.grad()(0), 0.6, 1e-14);
  EXPECT_NEAR(w.grad()(1), -0.8, 1e-14);
}

TEST(Clipping, LeavesATensorThatSomebodyHolds) {
  const Tensor held{3.0, 4.0};
  const Parameter w = with_gradient(held), b = with_gradient(held);
  clip_by_norm({w}, 1);
  clip_by_value({w}, 0.5);
  EXPECT_THAT(held.to_vector<double>(), ElementsAre(3, 4));
  EXPECT_THAT(b.grad().to_vector<double>(), ElementsAre(3, 4));
}

TEST(Clipping, PassesOverAParameterWithoutAGradient) {
  const Parameter w = with_gradient(Tensor{3.0, 4.0}), none("none", Tensor{1.0});
  clip_by_value({w, none}, 1);
  clip_by_norm({w, none}, 1);
  clip_by_global_norm({none, w}, 0.5);
  EXPECT_FALSE(none.has_grad());
  EXPECT_EQ(global_norm({none}), 0);
}

TEST(Clipping, GivesNewTensorsForTensors) {
  const Tensor first{3.0}, second{4.0};
  EXPECT_EQ(clip_by_value({first, second}, 1)[1].item(), 1);
  EXPECT_EQ(clip_by_norm({first, second}, 2)[0].item(), 2);
  const auto [clipped, norm] = clip_by_global_norm({first, second}, 10);
  EXPECT_EQ(norm, 5);
  EXPECT_TRUE(identical(clipped[0], first));
  EXPECT_EQ(global_norm(std::vector<Tensor>{first, second}), 5);
  EXPECT_EQ(first.item(), 3);
}

TEST(Clipping, ErrorsNameTheLimitAndChangeNothing) {
  const Parameter w = with_gradient(Tensor{3.0});
  EXPECT_EQ(thrown<ValueError>([&] { clip_by_value({w}, -1); }),
            "clip_by_value: limit must be above 0, got -1.0");
  EXPECT_EQ(thrown<ValueError>([&] { clip_by_value({w}, 2, 1); }),
            "clip_by_value: low 2.0 is not at most high 1.0");
  EXPECT_EQ(thrown<ValueError>([&] { clip_by_norm({w}, 0); }),
            "clip_by_norm: max_norm must be above 0, got 0.0");
  EXPECT_EQ(thrown<ValueError>([&] { clip_by_global_norm({w}, kNaN); }),
            "clip_by_global_norm: max_norm must be above 0, got nan");
  EXPECT_THAT(thrown<ValueError>([&] {
                clip_by_global_norm({w, w}, 1);
              }),
              HasSubstr("clip_by_global_norm: parameter 1, 'p' [1], is the same as parameter 0"));
  EXPECT_THROW(clip_by_value({Tensor({1}, DType::int32)}, 1), DTypeError);
  EXPECT_EQ(w.grad().item(), 3);
}

}  // namespace

}  // namespace gradus
