#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "../values.h"

namespace gradus {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::array kFloats = {DType::float32, DType::float64};

using Function = Variable (*)(const Operand&);
using BinaryFunction = Variable (*)(const Operand&, const Operand&);

// f(x), of a float64.
double at(Function f, double x) { return f(Tensor({x}, DType::float64)).item(); }
double at(BinaryFunction f, double a, double b) {
  return f(Tensor({a}, DType::float64), Tensor({b}, DType::float64)).item();
}

using gradus::slopes;
std::vector<double> slopes(Function f, const Tensor& x) {
  return slopes([f](const Variable& at) { return f(at); }, x);
}
// The gradients of the sum of f(a, b), of each operand.
std::pair<std::vector<double>, std::vector<double>> slopes(BinaryFunction f, const Tensor& a,
                                                           const Tensor& b) {
  const Variable left(a, {.requires_grad = true}), right(b, {.requires_grad = true});
  const auto [da, db] = gradients({sum(f(left, right))}, {left, right});
  return {list(da), list(db)};
}

TEST(Elementwise, ClipHasSlopeOneOnItsBoundsAndNoneOutside) {
  const auto f = [](const Variable& x) { return clip(x, -1, 2); };
  const Tensor x{-2, -1, 0, 2, 3};
  EXPECT_THAT(list(clip(x, -1, 2)), ElementsAre(-1, -1, 0, 2, 2));
  EXPECT_THAT(slopes(f, x), ElementsAre(0, 1, 1, 1, 0));
}

TEST(Elementwise, ClipLetsNaNPassAndTakesInfiniteBounds) {
  EXPECT_THAT(clip(Tensor{NAN}, 0, 1).item(), kIsNaN);
  EXPECT_THAT(list(clip(Tensor{-kInf, -3, 3, kInf}, -kInf, 1)), ElementsAre(-kInf, -3, 1, 1));
}

TEST(Elementwise, ClipHoldsIntegersWithinTheirType) {
  const Tensor x({-5, 0, 5}, DType::int32);
  EXPECT_THAT(list(clip(x, -2, 1e12)), ElementsAre(-2, 0, 5));
  EXPECT_THAT(list(clip(x, -kInf, 1)), ElementsAre(-5, 0, 1));
  EXPECT_EQ(clip(x, 0, 1).dtype(), DType::int32);
}

TEST(Elementwise, RoundingHasNoSlopeOfAnyOrder) {
  for (const Function f : {Function(floor), Function(ceil), Function(round), Function(sign)}) {
    const Variable x(Tensor{-1.5, 0, 1, 2.25}, {.requires_grad = true});
    const Variable first = gradient(sum(f(x) * x * x), x, {.create_graph = true});
    EXPECT_THAT(slopes(f, x.value()), Each(0));
    const std::vector<double> second = list(gradient(sum(first), x));
    const std::vector<double> values = list(f(x));
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(second[i], 2 * values[i]);
    EXPECT_THAT(slopes(f, {-kInf, kInf, NAN}), Each(0));
  }
}

TEST(Elementwise, RoundGoesHalfToEven) {
  for (const DType dtype : kFloats) {
    const Tensor x({-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5}, dtype);
    EXPECT_THAT(list(round(x)), ElementsAre(-2, -2, 0, 0, 2, 2, 4));
  }
  EXPECT_TRUE(std::signbit(at(round, -0.25)));
  EXPECT_TRUE(std::signbit(at(ceil, -0.25)));
  EXPECT_TRUE(std::signbit(at(floor, -0.0)));
  EXPECT_EQ(at(floor, 2251799813685249.5), 2251799813685249);
  EXPECT_EQ(at(round, 1e300), 1e300);
}

TEST(Elementwise, RoundingLeavesIntegersAsTheyAre) {
  const Tensor x({-7, 9007199254740993}, DType::int64);
  for (const Function f : {Function(floor), Function(ceil), Function(round)}) {
    EXPECT_TRUE(identical(f(x).value(), x));
  }
}

TEST(Elementwise, SignOfZeroIsZero) {
  EXPECT_THAT(list(sign(Tensor{-3, -0.0, 0, 1e-42F, kInf})), ElementsAre(-1, 0, 0, 1, 1));
  EXPECT_THAT(at(sign, NAN), kIsNaN);
  EXPECT_THAT(list(sign(Tensor({-3, 0, 3}, DType::int32))), ElementsAre(-1, 0, 1));
}

TEST(Elementwise, AbsHasNoSlopeAtZero) {
  EXPECT_THAT(slopes(abs, {-2, -0.0, 0, 2}), ElementsAre(-1, 0, 0, 1));
}

TEST(Elementwise, EqualOperandsOfMaximumAndMinimumGetHalfEach) {
  const Tensor a{1, 2, 3}, b{2, 2, 2};
  const auto larger = slopes(maximum, a, b), smaller = slopes(minimum, a, b);
  EXPECT_THAT(larger.first, ElementsAre(0, 0.5, 1));
  EXPECT_THAT(larger.second, ElementsAre(1, 0.5, 0));
  EXPECT_THAT(smaller.first, ElementsAre(1, 0.5, 0));
  EXPECT_THAT(smaller.second, ElementsAre(0, 0.5, 1));
}

TEST(Elementwise, NaNWinsInMaximumAndMinimum) {
  for (const BinaryFunction f : {BinaryFunction(maximum), BinaryFunction(minimum)}) {
    EXPECT_THAT(at(f, NAN, 1), kIsNaN);
    EXPECT_THAT(at(f, 1, NAN), kIsNaN);
  }
}

TEST(Elementwise, TheBranchWhereDoesNotTakeAddsNothing) {
  const auto chosen = [](const Variable& v) { return where(v > 0, sqrt(v), 0); };
  EXPECT_THAT(slopes(chosen, {-1, 4}), ElementsAre(0, 0.25));
  const Parameter a("a", {1, 2});
  const Variable y = where(Tensor(std::vector<bool>{true, false}), a, Tensor{kInf, NAN});
  EXPECT_EQ(y.value()(0), 1);
  EXPECT_THAT(list(gradient(sum(y), a)), ElementsAre(1, 0));
}

// 0, a subnormal number, the bounds of domains, where slopes overflow, where values do, and beyond.
const Tensor& poles() {
  static const Tensor values({0, -0.0, 1e-310, 1, -1, 2, -2, -0.5, 300, -300, 1e4, -1e4, kInf, -kInf},
                             DType::float64);
  return values;
}

TEST(Elementwise, WhereShieldsFromPolesOfTheBranchNotTaken) {
  const Function functions[] = {reciprocal, exp,   expm1, log,  log1p, log2, log10, sqrt,   rsqrt,
                                sin,        cos,   tan,   asin, acos,  atan, sinh,  cosh,   asinh,
                                acosh,      atanh, erf,   erfc, sign,  abs,  floor, lgamma, digamma};
  for (const Function& f : functions) {
    const auto skipped = [&](const Variable& x) { return where(x == 7, f(x), 3 * x); };
    EXPECT_THAT(slopes(skipped, poles()), Each(3)) << &f - functions;
    const auto cleaned = [&](const Variable& x) {
      const Variable y = f(x);
      return where(logical_not(isfinite(y)), x, 0);
    };
    for (const double slope : slopes(cleaned, poles())) EXPECT_TRUE(slope == 0 || slope == 1);
  }
  const BinaryFunction pairs[] = {divide, power, atan2, hypot, logaddexp, xlogy, remainder};
  for (const BinaryFunction& f : pairs) {
    const auto skipped = [&](const Variable& x) { return where(x == 7, f(x, reshape(x, {-1, 1})), 3 * x); };
    for (const double slope : slopes(skipped, poles())) {
      EXPECT_EQ(slope, 3 * static_cast<double>(poles().size())) << &f - pairs;
    }
  }
}

TEST(Elementwise, WhereShieldsSecondOrderSlopesToo) {
  const Function functions[] = {reciprocal, log, log1p, sqrt, rsqrt, asin, acosh, atanh, lgamma};
  for (const Function& f : functions) {
    const Variable x(poles(), {.requires_grad = true});
    const Variable first = gradient(sum(where(x == 7, f(x), x * x)), x, {.create_graph = true});
    EXPECT_THAT(list(gradient(sum(first), x)), Each(2)) << &f - functions;
  }
}

TEST(Elementwise, PolesAndDomainsFollowIEEE) {
  for (const DType dtype : kFloats) {
    const auto of = [&](double x) { return Variable(Tensor({x}, dtype)); };
    EXPECT_EQ(log(of(0)).item(), -kInf);
    EXPECT_THAT(log(of(-1)).item(), kIsNaN);
    EXPECT_THAT(sqrt(of(-1)).item(), kIsNaN);
    EXPECT_EQ((1 / of(0)).item(), kInf);
    EXPECT_THAT((of(0) / of(0)).item(), kIsNaN);
    EXPECT_EQ(power(of(0), -1).item(), kInf);
    EXPECT_EQ(reciprocal(of(0)).item(), kInf);
    EXPECT_EQ(reciprocal(of(-0.0)).item(), -kInf);
    EXPECT_EQ(rsqrt(of(0)).item(), kInf);
    EXPECT_THAT(rsqrt(of(-1)).item(), kIsNaN);
    EXPECT_EQ(log1p(of(-1)).item(), -kInf);
    EXPECT_THAT(log1p(of(-2)).item(), kIsNaN);
    for (const Function f : {Function(log2), Function(log10)}) {
      EXPECT_EQ(f(of(0)).item(), -kInf);
      EXPECT_EQ(f(of(kInf)).item(), kInf);
      EXPECT_THAT(f(of(-1)).item(), kIsNaN);
    }
    for (const Function f : {Function(sin), Function(cos), Function(tan)}) {
      EXPECT_THAT(f(of(kInf)).item(), kIsNaN);
    }
    for (const Function f : {Function(asin), Function(acos), Function(atanh)}) {
      EXPECT_THAT(f(of(1.5)).item(), kIsNaN);
    }
    EXPECT_EQ(atanh(of(1)).item(), kInf);
    EXPECT_EQ(atanh(of(-1)).item(), -kInf);
    EXPECT_EQ(acosh(of(1)).item(), 0);
    EXPECT_THAT(acosh(of(0.5)).item(), kIsNaN);
    EXPECT_NEAR(atan(of(-kInf)).item(), -std::numbers::pi / 2, 1e-6);
    EXPECT_EQ(erf(of(-kInf)).item(), -1);
    EXPECT_EQ(erfc(of(kInf)).item(), 0);
    for (const double pole : {0.0, -0.0, -1.0, -3.0, kInf, -kInf}) EXPECT_EQ(lgamma(of(pole)).item(), kInf);
    EXPECT_EQ(digamma(of(0)).item(), -kInf);
    EXPECT_EQ(digamma(of(-0.0)).item(), kInf);
    EXPECT_EQ(digamma(of(kInf)).item(), kInf);
    for (const double pole : {-1.0, -3.0, -kInf}) EXPECT_THAT(digamma(of(pole)).item(), kIsNaN);
  }
}

TEST(Elementwise, OverflowIsInfiniteAndUnderflowZero) {
  for (const DType dtype : kFloats) {
    const auto of = [&](double x) { return Variable(Tensor({x}, dtype)); };
    for (const Function f : {Function(exp), Function(expm1), Function(sinh), Function(cosh)}) {
      EXPECT_EQ(f(of(1000)).item(), kInf);
    }
    EXPECT_EQ(exp(of(-1000)).item(), 0);
    EXPECT_EQ(expm1(of(-1000)).item(), -1);
    EXPECT_EQ(sinh(of(-1000)).item(), -kInf);
    EXPECT_EQ(erfc(of(1000)).item(), 0);
    EXPECT_EQ(erfc(of(-1000)).item(), 2);
    EXPECT_EQ(hypot(of(3e30), of(4e30)).item(), dtype == DType::float32 ? 5e30F : 5e30);
  }
}

// Both alone, where kernels run element by element, and amid enough others that they run in vectors.
template <class T>
void expect_as_libm(Function op, T (*function)(T), T x, double relative = sizeof(T) == 4 ? 1e-6 : 1e-13) {
  for (const std::size_t size : {1, 37}) {
    const Variable y = op(Tensor(std::vector<T>(size, x)));
    const T expected = function(x);
    const double tolerance =
        std::abs(expected) * relative + static_cast<double>(std::numeric_limits<T>::denorm_min());
    for (const T value : y.value().template values<T>()) {
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(value)) << x;
      } else if (std::isinf(expected)) {
        EXPECT_EQ(value, expected) << x;
      } else {
        EXPECT_NEAR(value, expected, tolerance) << x;
        EXPECT_EQ(std::signbit(value), std::signbit(expected)) << x;
      }
    }
  }
}
template <class T>
struct Libm {
  Function op;
  T (*function)(T);
};
template <class T>
constexpr std::array<Libm<T>, 26> kLibm = {
    {{sin, std::sin},         {cos, std::cos},      {tan, std::tan},     {asin, std::asin},
     {acos, std::acos},       {atan, std::atan},    {sinh, std::sinh},   {cosh, std::cosh},
     {tanh, std::tanh},       {asinh, std::asinh},  {acosh, std::acosh}, {atanh, std::atanh},
     {exp, std::exp},         {expm1, std::expm1},  {log, std::log},     {log1p, std::log1p},
     {log2, std::log2},       {log10, std::log10},  {sqrt, std::sqrt},   {abs, std::abs},
     {erf, std::erf},         {erfc, std::erfc},    {floor, std::floor}, {ceil, std::ceil},
     {round, std::nearbyint}, {lgamma, std::lgamma}}};

TEST(Elementwise, SubnormalNumbersAreNumbers) {
  for (const auto& [op, function] : kLibm<float>) {
    for (const float x : {1e-45F, 3e-42F, 1e-39F, 1.1e-38F, -1e-45F, -1e-39F})
      expect_as_libm(op, function, x);
  }
  for (const auto& [op, function] : kLibm<double>) {
    for (const double x : {5e-324, 1e-310, 2e-308, -5e-324, -1e-310}) expect_as_libm(op, function, x);
  }
  for (const float x : {-88.0F, -95.0F, -103.0F}) expect_as_libm<float>(exp, std::exp, x);
  for (const double x : {-709.0, -720.0, -745.0}) expect_as_libm<double>(exp, std::exp, x);
  EXPECT_EQ((Variable(Tensor{1e-45F}) * 2).item<float>(), 2 * 1e-45F);
  EXPECT_EQ(at(sign, 5e-324), 1);
  EXPECT_EQ(at(remainder, 7.5e-310, 5e-310), 2.5e-310);
  EXPECT_EQ(at(hypot, 3e-310, 4e-310), 5e-310);
}

TEST(Elementwise, FunctionsAreExactFromZeroToInfinity) {
  const double points[] = {0,   1e-30, 1e-8,   1e-3, 0.1,  0.3,  0.5,  0.7071, 0.999, 1,   1.0001, 1.5,
                           2.5, 5,     11.375, 30,   80.5, 88.5, 95.5, 700.5,  1e4,   1e8, 1e20,   kInf};
  for (const double point : points) {
    for (const double x : {point, -point}) {
      for (const auto& [op, function] : kLibm<float>) expect_as_libm(op, function, static_cast<float>(x));
      for (const auto& [op, function] : kLibm<double>) expect_as_libm(op, function, x);
    }
  }
}

TEST(Elementwise, NaNPassesThroughEveryFunction) {
  for (const auto& [op, function] : kLibm<float>) expect_as_libm<float>(op, function, NAN);
  for (const Function f : {Function(digamma), Function(reciprocal), Function(rsqrt), Function(square)}) {
    EXPECT_THAT(at(f, NAN), kIsNaN);
  }
  for (const BinaryFunction f : {BinaryFunction(atan2), BinaryFunction(logaddexp), BinaryFunction(remainder),
                                 BinaryFunction(squared_difference), BinaryFunction(xlogy)}) {
    EXPECT_THAT(at(f, NAN, 1), kIsNaN);
    EXPECT_THAT(at(f, 1, NAN), kIsNaN);
  }
}

TEST(Elementwise, ZeroKeepsItsSign) {
  const Function odd[] = {sin,   tan,   asin, atan, sinh,  tanh, asinh, atanh,
                          expm1, log1p, erf,  sqrt, floor, ceil, round};
  for (const std::int64_t size : {1, 19}) {
    for (const Function& f : odd) {
      for (const DType dtype : kFloats) {
        for (const double value : list(f(Tensor::full({size}, -0.0, dtype)))) {
          EXPECT_TRUE(value == 0 && std::signbit(value)) << &f - odd;
        }
      }
    }
  }
}

TEST(Elementwise, ThePlaneOfAtan2HasNoSlopeAtItsOrigin) {
  const Tensor none({0, -0.0}, DType::float64);
  for (const BinaryFunction f : {BinaryFunction(atan2), BinaryFunction(hypot)}) {
    const auto [da, db] = slopes(f, none, none);
    EXPECT_THAT(da, Each(0));
    EXPECT_THAT(db, Each(0));
  }
  EXPECT_NEAR(at(atan2, 0, -1), std::numbers::pi, 1e-15);
  EXPECT_NEAR(at(atan2, -0.0, -1), -std::numbers::pi, 1e-15);
  EXPECT_NEAR(at(atan2, kInf, -kInf), 3 * std::numbers::pi / 4, 1e-15);
}

TEST(Elementwise, TheSlopesOfAtan2AndHypotDoNotOverflow) {
  const Tensor a({3e200, 3e-200}, DType::float64), b({4e200, 4e-200}, DType::float64);
  const auto length = slopes(hypot, a, b), angle = slopes(atan2, a, b);
  EXPECT_THAT(length.first, Each(testing::DoubleEq(0.6)));
  EXPECT_THAT(length.second, Each(testing::DoubleEq(0.8)));
  EXPECT_THAT(angle.first, ElementsAre(testing::DoubleEq(1.6e-201), testing::DoubleEq(1.6e199)));
  EXPECT_THAT(angle.second, ElementsAre(testing::DoubleEq(-1.2e-201), testing::DoubleEq(-1.2e199)));
}

TEST(Elementwise, LogaddexpIsExactForHugeOperands) {
  for (const DType dtype : kFloats) {
    const Tensor a({1e4, -1e4, 1e4, kInf, kInf, -kInf, -kInf, kInf}, dtype);
    const Tensor b({-1e4, 1e4, 1e4, kInf, -kInf, -kInf, 0, 0}, dtype);
    const auto values = list(logaddexp(a, b));
    EXPECT_THAT(values,
                ElementsAre(1e4, 1e4, static_cast<double>(Tensor({1e4 + std::numbers::ln2}, dtype).item()),
                            kInf, kInf, -kInf, 0, kInf));
    const auto [da, db] = slopes(logaddexp, a, b);
    EXPECT_THAT(da, ElementsAre(1, 0, 0.5, 0.5, 1, 0.5, 0, 1));
    EXPECT_THAT(db, ElementsAre(0, 1, 0.5, 0.5, 0, 0.5, 1, 0));
  }
}

TEST(Elementwise, LogaddexpOfEqualOperandsIsCurved) {
  const Variable a(Tensor{2}, {.requires_grad = true});
  const Variable first = gradient(logaddexp(a, 2), a, {.create_graph = true});
  EXPECT_EQ(gradient(sum(first), a).item(), 0.25);
}

TEST(Elementwise, XlogyOfZeroIsZero) {
  const Tensor a({0, 0, 0, 0, 2}, DType::float64), b({0, -1, kInf, 5, 0}, DType::float64);
  EXPECT_THAT(list(xlogy(a, b)), ElementsAre(0, 0, 0, 0, -kInf));
  EXPECT_THAT(at(xlogy, 0, NAN), kIsNaN);
  const auto [da, db] = slopes(xlogy, a, b);
  EXPECT_THAT(da, ElementsAre(0, 0, kInf, std::log(5), -kInf));
  EXPECT_THAT(db, ElementsAre(0, 0, 0, 0, kInf));
}

TEST(Elementwise, RemainderHasTheSignOfTheDivisor) {
  const std::vector<double> expected = {1, 2, -2, -1, 0};
  for (const DType dtype : {DType::float32, DType::float64, DType::int32, DType::int64}) {
    const Tensor a({7, -7, 7, -7, 6}, dtype), b({3, 3, -3, -3, 3}, dtype);
    EXPECT_EQ(list(remainder(a, b)), expected);
    EXPECT_EQ(remainder(a, b).dtype(), dtype);
  }
  EXPECT_THAT(at(remainder, 1, 0), kIsNaN);
  EXPECT_THAT(at(remainder, kInf, 2), kIsNaN);
  EXPECT_EQ(at(remainder, 5, kInf), 5);
  EXPECT_TRUE(std::signbit(at(remainder, 6, -3)));
}

TEST(Elementwise, RemainderOfTheSmallestIntegerIsZero) {
  for (const DType dtype : {DType::int32, DType::int64}) {
    const Variable one(Tensor({1}, dtype));
    const Variable least = dtype == DType::int32 ? one * std::numeric_limits<std::int32_t>::min()
                                                 : one * std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(remainder(least, -1).item(), 0);
  }
}

TEST(Elementwise, AnIntegerHasNoRemainderByZero) {
  EXPECT_THAT(
      [] {
        remainder(Tensor({1, 2}, DType::int64), Tensor({3, 0}, DType::int64));
      },
      ThrowsMessage<ValueError>(HasSubstr("remainder: an integer divided by 0")));
  EXPECT_EQ(remainder(Tensor::zeros({0}, DType::int32), 0).shape(), (Shape{0}));
}

TEST(Elementwise, TheSlopeOfRemainderKnowsTheQuotientThatWasTaken) {
  // 1 / 0.1 is 10 when rounded, but 0.1 goes 9 times into 1 and leaves almost 0.1.
  const auto [da, db] = slopes(remainder, Tensor({1, -7}, DType::float64), Tensor({0.1, 3}, DType::float64));
  EXPECT_THAT(da, Each(1));
  EXPECT_THAT(db, ElementsAre(-9, 3));
}

TEST(Elementwise, AnIntegerHasNoNegativePowers) {
  EXPECT_THAT([] { power(Tensor({2}, DType::int64), -1); },
              ThrowsMessage<ValueError>(HasSubstr("power: an integer to the negative power -1")));
  EXPECT_EQ(power(Tensor({2}, DType::int64), 62).value().item<std::int64_t>(), std::int64_t{1} << 62);
  EXPECT_EQ(power(Tensor{2}, -1).item(), 0.5);
}

TEST(Elementwise, PlainNumbersKeepTheirFunctions) {
  EXPECT_TRUE((std::is_same_v<decltype(erf(2.0)), double>));
  EXPECT_TRUE((std::is_same_v<decltype(atan2(2.0F, 1.0F)), float>));
  EXPECT_TRUE((std::is_same_v<decltype(isnan(2.0)), bool>));
  EXPECT_TRUE((std::is_same_v<decltype(floor(Variable())), Variable>));
}

}  // namespace
}  // namespace gradus
