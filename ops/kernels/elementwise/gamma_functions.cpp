#include <gradus/ops/kernels/elementwise/gamma_functions.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace gradus::kernels {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// B_2, B_4, … of Bernoulli.
constexpr std::array<double, 12> kBernoulli = {
    1.0 / 6, -1.0 / 30,     1.0 / 42,      -1.0 / 30,       5.0 / 66,       -691.0 / 2730,
    7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};

// sum over k >= 0 of (q + k)^-s, for q > 0: the first terms as they are, the rest, from a on, by Euler and
// Maclaurin: a^(1-s) (1 / (s-1) + (1/2 + sum over j of B_2j / (2j)! s (s+1) … (s+2j-2) a^(1-2j)) / a).
// Source: Abramowitz and Stegun, 23.1.30.
double hurwitz_zeta(double s, double q) {
  double first = 0, a = q;
  for (; a < s + 10; a += 1) first += std::pow(a, -s);
  double series = 0.5;
  double factor = s / a / 2;
  for (std::size_t j = 0; j < kBernoulli.size(); ++j) {
    series += kBernoulli[j] * factor;
    const double next = s + 2 * static_cast<double>(j) + 1, count = 2 * static_cast<double>(j) + 3;
    factor *= next / a * ((next + 1) / a) / (count * (count + 1));
  }
  return first + std::pow(a, 1 - s) * (1 / (s - 1) + series / a);
}

// Where digamma crosses 0, in two parts: 1.46163214496836234126…
constexpr double kRoot = 1.4616321449683622, kRootRest = 9.5499954299656977e-17;

// digamma near its root, where the sum of terms of either sign would lose digits: its Taylor series, whose
// coefficients are (-1)^k zeta(k, root) for k = 2, 3, …
double digamma_near_root(double x) {
  static const std::array<double, 28> coefficients = [] {
    std::array<double, 28> result = {};
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = (i % 2 == 0 ? 1 : -1) * hurwitz_zeta(static_cast<double>(i + 2), kRoot);
    }
    return result;
  }();
  const double distance = (x - kRoot) - kRootRest;
  double sum = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) sum = sum * distance + coefficients[i];
  return sum * distance;
}

// log a - 1 / 2a - sum over j of B_2j / (2j a^2j) for large a, to which digamma(x) = digamma(x + 1) - 1 / x
// leads. Source: Abramowitz and Stegun, 6.3.18.
double digamma_above_zero(double x) {
  if (std::abs(x - kRoot) < 0.4) return digamma_near_root(x);
  double first = 0, a = x;
  for (; a < 12; a += 1) first += 1 / a;
  double rest = 0, power = 1;
  for (std::size_t j = 0; j < kBernoulli.size(); ++j) {
    power /= a * a;
    rest += kBernoulli[j] * power / (2 * static_cast<double>(j) + 2);
  }
  return std::log(a) - 0.5 / a - rest - first;
}

double above_zero(int order, double x) {
  if (order == 0) return digamma_above_zero(x);
  if (x == kInfinity) return order % 2 == 0 ? -0.0 : 0.0;
  const double value = std::tgamma(order + 1.0) * hurwitz_zeta(order + 1.0, x);
  return order % 2 == 0 ? -value : value;
}

// cot(pi x), for x between integers.
double cotangent(double x) {
  const double part = x - std::nearbyint(x);  // in [-1/2, 1/2], exact
  if (std::abs(part) < 0.25) return 1 / std::tan(std::numbers::pi * part);
  return std::tan(std::numbers::pi * (std::copysign(0.5, part) - part));
}

// The derivative of pi cot(pi x) of this order is pi^(order + 1) P(c), c = cot(pi x), where P_0 = c and
// P_(n+1) = -(1 + c^2) P_n'. All coefficients of P have one sign and all powers one parity: nothing cancels.
double cotangent_derivative(int order, double x) {
  std::vector<double> polynomial = {0, 1};
  for (int n = 0; n < order; ++n) {
    std::vector<double> next(polynomial.size() + 1);
    for (std::size_t i = 1; i < polynomial.size(); ++i) {
      const double slope = static_cast<double>(i) * polynomial[i];
      next[i - 1] -= slope;
      next[i + 1] -= slope;
    }
    polynomial = std::move(next);
  }
  const double c = cotangent(x);
  double sum = 0;
  for (std::size_t i = polynomial.size(); i-- > 0;) sum = sum * c + polynomial[i];
  return sum * std::pow(std::numbers::pi, order + 1);
}

}  // namespace

float log_gamma(float x) {
  int sign = 0;
  return ::lgammaf_r(x, &sign);
}
double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

// Below 0, by reflection: psi_n(x) = (-1)^n psi_n(1 - x) - (pi cot(pi x))^(n). Source: Abramowitz and
// Stegun, 6.4.7.
double polygamma(int order, double x) {
  if (std::isnan(x) || x == -kInfinity) return std::numeric_limits<double>::quiet_NaN();
  if (x > 0) return above_zero(order, x);
  const bool even = order % 2 == 0;
  if (x == 0) return even ? std::copysign(kInfinity, -x) : kInfinity;
  if (x == std::floor(x)) return even ? std::numeric_limits<double>::quiet_NaN() : kInfinity;
  const double mirrored = above_zero(order, 1 - x);
  return (even ? mirrored : -mirrored) - cotangent_derivative(order, x);
}

}  // namespace gradus::kernels
