#include <gradus/graph/parallel.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace gradus {
namespace {

// A float32 op, what it computes, where, and the most that it may be off, in units in the last place.
struct Range {
  const char* name;
  Variable (*op)(const Operand&);
  long double (*exact)(long double);
  double low, high;
  double limit;
};

double error_in_ulps(float value, long double exact) {
  const auto nearest = static_cast<float>(exact);
  if (std::isnan(nearest)) return std::isnan(value) ? 0 : std::numeric_limits<double>::infinity();
  if (value == nearest) return 0;
  if (!std::isfinite(value) || !std::isfinite(nearest)) return std::numeric_limits<double>::infinity();
  const float size = std::abs(nearest);
  const float unit = std::nextafter(size, std::numeric_limits<float>::infinity()) - size;
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / unit);
}

long double sigmoid_of(long double x) { return 1 / (1 + std::exp(-x)); }
long double softplus_of(long double x) { return std::max(x, 0.0L) + std::log1p(std::exp(-std::abs(x))); }

using F = long double (*)(long double);
const Range kRanges[] = {
    {"exp", exp, F(std::exp), -110, 95, 1.5},
    {"exp", exp, F(std::exp), -1, 1, 1.5},
    {"expm1", expm1, F(std::expm1), -40, 95, 2},
    {"expm1", expm1, F(std::expm1), -1e-3, 1e-3, 2},
    {"log", log, F(std::log), 0.5, 2, 1.5},
    {"log", log, F(std::log), 1e-44, 1e-37, 1.5},
    {"log", log, F(std::log), -1, 1e4, 1.5},
    {"log2", log2, F(std::log2), 0.5, 2, 3},
    {"log2", log2, F(std::log2), -1, 1e4, 3},
    {"log10", log10, F(std::log10), 0.5, 2, 3},
    {"log10", log10, F(std::log10), -1, 1e4, 3},
    {"log1p", log1p, F(std::log1p), -1.5, 2, 2.5},
    {"log1p", log1p, F(std::log1p), -1e-3, 1e-3, 2.5},
    {"log1p", log1p, F(std::log1p), 0, 1e30, 2.5},
    {"sqrt", sqrt, F(std::sqrt), -1, 10, 0.5},
    {"sin", sin, F(std::sin), -10, 10, 2},
    {"sin", sin, F(std::sin), -2e4, 2e4, 2},
    {"cos", cos, F(std::cos), -10, 10, 2},
    {"cos", cos, F(std::cos), -2e4, 2e4, 2},
    {"tan", tan, F(std::tan), -10, 10, 4},
    {"asin", asin, F(std::asin), -1.1, 1.1, 3},
    {"acos", acos, F(std::acos), -1.1, 1.1, 3},
    {"acos", acos, F(std::acos), 0.99, 1, 3},
    {"atan", atan, F(std::atan), -10, 10, 3},
    {"atan", atan, F(std::atan), -1e30, 1e30, 3},
    {"sinh", sinh, F(std::sinh), -92, 92, 3},
    {"sinh", sinh, F(std::sinh), -1.1, 1.1, 3},
    {"cosh", cosh, F(std::cosh), -92, 92, 3},
    {"tanh", tanh, F(std::tanh), -10, 10, 6},
    {"asinh", asinh, F(std::asinh), -10, 10, 4},
    {"asinh", asinh, F(std::asinh), -1e-3, 1e-3, 4},
    {"asinh", asinh, F(std::asinh), -1e30, 1e30, 4},
    {"acosh", acosh, F(std::acosh), 0.5, 10, 4},
    {"acosh", acosh, F(std::acosh), 1, 1.001, 4},
    {"acosh", acosh, F(std::acosh), 1, 1e30, 4},
    {"atanh", atanh, F(std::atanh), -1.1, 1.1, 4},
    {"atanh", atanh, F(std::atanh), -1e-3, 1e-3, 4},
    {"erf", erf, F(std::erf), -5, 5, 4},
    {"erf", erf, F(std::erf), -1e-3, 1e-3, 4},
    {"erfc", erfc, F(std::erfc), -5, 11, 6},
    {"lgamma", lgamma, F(std::lgamma), 0.01, 10, 2},
    {"lgamma", lgamma, F(std::lgamma), 0.999, 1.001, 2},
    {"lgamma", lgamma, F(std::lgamma), 1.999, 2.001, 2},
    {"lgamma", lgamma, F(std::lgamma), 1, 1e20, 2},
    {"sigmoid", sigmoid, sigmoid_of, -85, 90, 4},
    {"softplus", softplus, softplus_of, -90, 90, 4},
};

TEST(ElementwiseAccuracy, Float32IsRightToSomeUnitsInTheLastPlace) {
  constexpr int kPoints = 20001;
  for (const Range& range : kRanges) {
    std::vector<float> x(kPoints);
    for (int i = 0; i < kPoints; ++i) {
      x[static_cast<std::size_t>(i)] =
          static_cast<float>(range.low + (range.high - range.low) * i / (kPoints - 1));
    }
    const std::vector<float> y = range.op(Tensor(x)).value().to_vector<float>();
    double worst = 0;
    float where = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double error = error_in_ulps(y[i], range.exact(static_cast<long double>(x[i])));
      if (error > worst) {
        worst = error;
        where = x[i];
      }
    }
    EXPECT_LE(worst, range.limit) << range.name << "(" << where << ")";
  }
}

TEST(ElementwiseAccuracy, Float32OfTwoOperandsIsRightToSomeUnitsInTheLastPlace) {
  struct Pair {
    const char* name;
    Variable (*op)(const Operand&, const Operand&);
    long double (*exact)(long double, long double);
    double limit;
  };
  using G = long double (*)(long double, long double);
  const auto modulo = [](long double a, long double b) {
    const long double rest = std::fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  };
  const Pair pairs[] = {{"power", power, G(std::pow), 1},
                        {"atan2", atan2, G(std::atan2), 4},
                        {"hypot", hypot, G(std::hypot), 3},
                        {"remainder", remainder, G(modulo), 1}};
  const float values[] = {1e-40F, 1e-20F, 3e-7F, 0.3F,  0.9999F, 1,    1.0001F, 1.7F,  2,     3,
                          -3,     -2,     -0.5F, 17.5F, -1e3F,   1e5F, 1e9F,    1e20F, -1e30F};
  std::vector<float> a, b;
  for (const float left : values) {
    for (const float right : values) {
      a.push_back(left);
      b.push_back(right);
    }
  }
  for (const Pair& pair : pairs) {
    const std::vector<float> y = pair.op(Tensor(a), Tensor(b)).value().to_vector<float>();
    for (std::size_t i = 0; i < a.size(); ++i) {
      const long double exact = pair.exact(static_cast<long double>(a[i]), static_cast<long double>(b[i]));
      EXPECT_LE(error_in_ulps(y[i], exact), pair.limit) << pair.name << "(" << a[i] << ", " << b[i] << ")";
    }
  }
}

TEST(ElementwiseAccuracy, AValueDoesNotDependOnWhereItStands) {
  for (const Range& range : kRanges) {
    const float x = static_cast<float>(range.low + 0.6180339887 * (range.high - range.low));
    const Tensor alone = range.op(Tensor({x})).value();
    for (const int size : {2, 7, 16, 35}) {
      const Tensor many = range.op(Tensor(std::vector<float>(static_cast<std::size_t>(size), x))).value();
      for (int i = 0; i < size; ++i) EXPECT_EQ(many(i), alone(0)) << range.name;
    }
  }
}

TEST(ElementwiseAccuracy, LargeTensorsHaveTheSameBitsForAnyNumberOfThreads) {
  std::vector<float> x(300001);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i) / 1e5F;
  const int threads = num_threads();
  set_num_threads(1);
  const Tensor one = gelu(exp(sin(Tensor(x)))).value();
  set_num_threads(2);
  const Tensor two = gelu(exp(sin(Tensor(x)))).value();
  set_num_threads(threads);
  EXPECT_TRUE(identical(one, two));
}

}  // namespace
}  // namespace gradus
