// What becomes of numbers that are not finite, of another dtype, or truths.

#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "../values.h"

namespace gradus {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Numbers, NanToNumReplacesWhatIsNotFinite) {
  const Tensor narrow{NAN, kInf, -kInf, 2};
  constexpr double kMost = std::numeric_limits<float>::max();
  EXPECT_THAT(list(nan_to_num(narrow)), ElementsAre(0, kMost, -kMost, 2));
  EXPECT_EQ(nan_to_num(Tensor({kInf}, DType::float64)).item(), std::numeric_limits<double>::max());
  EXPECT_THAT(list(nan_to_num(narrow, {.nan = 5, .posinf = 6, .neginf = 7})), ElementsAre(5, 6, 7, 2));
  const Variable wanted(narrow, {.requires_grad = true});
  EXPECT_THAT(list(gradient(sum(nan_to_num(wanted)), wanted)), ElementsAre(0, 0, 0, 1));
  const Tensor integers({1, -2}, DType::int64);
  EXPECT_TRUE(identical(nan_to_num(integers, {.nan = 0.5, .posinf = kInf}).value(), integers));
}

TEST(Numbers, CastTakesEveryDTypeToEveryOther) {
  const DType dtypes[] = {DType::float32, DType::float64, DType::int32, DType::int64, DType::boolean};
  for (const DType from : dtypes) {
    for (const DType to : dtypes) {
      const Variable y = cast(Tensor({0, 1}, from), to);
      EXPECT_EQ(y.dtype(), to);
      EXPECT_THAT(list(y), ElementsAre(0, 1));
    }
  }
  EXPECT_THAT(list(cast(Tensor{-2.75, 2.75}, DType::int32)), ElementsAre(-2, 2));
  EXPECT_THAT(list(cast(Tensor{-0.0, 1e-42F, NAN, -kInf}, DType::boolean)), ElementsAre(0, 1, 1, 1));
}

TEST(Numbers, CastGivesTheGradientBackInTheOperandsDType) {
  const Variable x(Tensor{1, 2}, {.requires_grad = true});
  const Variable dx = gradient(sum(cast(x, DType::float64) * 3), x);
  EXPECT_EQ(dx.dtype(), DType::float32);
  EXPECT_THAT(list(dx), ElementsAre(3, 3));
  EXPECT_FALSE(cast(x, DType::int64).requires_grad());
  EXPECT_FALSE(cast(x, DType::boolean).requires_grad());
}

TEST(Numbers, CastRefusesWhatAnIntegerCannotHold) {
  const auto refuses = [](const Tensor& x, DType dtype, const std::string& message) {
    EXPECT_THAT([&] { cast(x, dtype); }, ThrowsMessage<ValueError>(HasSubstr(message)));
  };
  refuses({NAN}, DType::int64, "cast: the value nan is none of int64");
  refuses({-kInf}, DType::int32, "cast: the value -inf is none of int32");
  refuses(Tensor({2147483648.0}, DType::float64), DType::int32, "the value 2147483648.0 is none of int32");
  refuses({9.3e18F}, DType::int64, "is none of int64");
  EXPECT_EQ(cast(Tensor({2147483647.5}, DType::float64), DType::int32).item(), 2147483647);
  EXPECT_EQ(cast(Tensor({-2147483648.5}, DType::float64), DType::int32).item(), -2147483648.0);
}

TEST(Numbers, IntegersAreFiniteNumbers) {
  const Tensor x({0, -3}, DType::int32);
  EXPECT_THAT(list(isnan(x)), ElementsAre(0, 0));
  EXPECT_THAT(list(isfinite(x)), ElementsAre(1, 1));
  const Tensor y{NAN, kInf, -kInf, 3e38F, -1e-42F};
  EXPECT_THAT(list(isnan(y)), ElementsAre(1, 0, 0, 0, 0));
  EXPECT_THAT(list(isfinite(y)), ElementsAre(0, 0, 0, 1, 1));
  EXPECT_EQ(isnan(y).dtype(), DType::boolean);
}

TEST(Numbers, LogicTakesWhatIsNotZeroAsTrueOfEveryDType) {
  const Tensor x{0, 2, NAN, -0.0};
  const Tensor ones({1, 1, 0, 0}, DType::int64), truths(std::vector<bool>{false, true, true, true});
  EXPECT_THAT(list(logical_not(x)), ElementsAre(1, 0, 0, 1));
  EXPECT_THAT(list(logical_and(x, ones)), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(list(logical_or(x, ones)), ElementsAre(1, 1, 1, 0));
  EXPECT_THAT(list(logical_and(truths, x)), ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(list(logical_or(truths, Tensor::zeros({4}, DType::float64))), ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(list(logical_and(truths, 2)), ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(list(logical_or(truths, true)), Each(1));
  EXPECT_EQ(logical_not(x).dtype(), DType::boolean);
  const Variable wanted(x, {.requires_grad = true});
  EXPECT_FALSE(logical_and(wanted, wanted).requires_grad());
}

}  // namespace
}  // namespace gradus
