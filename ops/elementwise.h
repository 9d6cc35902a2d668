#pragma once

// Elementwise operations. Two operands broadcast as in NumPy; a number takes the other operand's dtype;
// integers are taken where the result is one, and become float32 elsewhere. ShapeError where shapes do not
// broadcast, DTypeError for float32 beside float64 and for booleans. Every differentiable op has gradients of
// every order.

#include <gradus/graph/operand.h>

#include <cmath>
#include <optional>

namespace gradus {

// Plain numbers keep their functions: without these, `exp(2.0)` inside the namespace would make a Variable.
// Two differ from ours of the same name: std::round takes half away from zero, std::remainder to the nearest.
using std::abs, std::exp, std::expm1, std::log, std::log1p, std::log2, std::log10, std::sqrt;
using std::floor, std::ceil, std::round, std::remainder, std::isnan, std::isfinite;
using std::sin, std::cos, std::tan, std::asin, std::acos, std::atan, std::atan2, std::hypot;
using std::sinh, std::cosh, std::tanh, std::asinh, std::acosh, std::atanh, std::erf, std::erfc, std::lgamma;

struct NanToNumOptions {
  double nan = 0;                               // what stands for NaN
  std::optional<double> posinf = std::nullopt;  // for inf; the dtype's largest number unless given
  std::optional<double> neginf = std::nullopt;  // for -inf; the dtype's lowest number unless given
};

Variable negative(const Operand& x);    // -x
Variable abs(const Operand& x);         // |x|; the gradient at 0 is 0
Variable sign(const Operand& x);        // -1, 0 or 1; the gradient is 0
Variable reciprocal(const Operand& x);  // 1 / x; 1 / 0 = inf; integers become float32
Variable exp(const Operand& x);         // e^x
Variable expm1(const Operand& x);       // e^x - 1, exact for small x
Variable log(const Operand& x);         // the natural logarithm; log 0 = -inf, NaN below
Variable log1p(const Operand& x);       // log(1 + x), exact for small x
Variable log2(const Operand& x);        // the logarithm to base 2
Variable log10(const Operand& x);       // the logarithm to base 10
Variable sqrt(const Operand& x);        // NaN below 0
Variable rsqrt(const Operand& x);       // 1 / sqrt x; inf at 0, NaN below
Variable square(const Operand& x);      // x^2
Variable sin(const Operand& x);         // of radians, as all angles here; NaN of infinities
Variable cos(const Operand& x);
Variable tan(const Operand& x);
Variable asin(const Operand& x);   // in [-pi/2, pi/2]; NaN outside [-1, 1]
Variable acos(const Operand& x);   // in [0, pi]; NaN outside [-1, 1]
Variable atan(const Operand& x);   // in [-pi/2, pi/2]
Variable sinh(const Operand& x);   // (e^x - e^-x) / 2
Variable cosh(const Operand& x);   // (e^x + e^-x) / 2
Variable tanh(const Operand& x);   // (e^x - e^-x) / (e^x + e^-x)
Variable asinh(const Operand& x);  // the inverse of sinh
Variable acosh(const Operand& x);  // the inverse of cosh, >= 0; NaN below 1
Variable atanh(const Operand& x);  // the inverse of tanh; inf at 1, -inf at -1, NaN outside
Variable erf(const Operand& x);    // the error function, 2 / sqrt pi times the integral of e^-t^2 from 0 to x
Variable erfc(const Operand& x);   // 1 - erf x, exact for large x
Variable lgamma(const Operand& x);   // log |gamma(x)|; inf at 0, -1, -2, …
Variable digamma(const Operand& x);  // the derivative of lgamma; NaN at -1, -2, …
// Rounding leaves integers as they are; its gradient is 0 everywhere.
Variable floor(const Operand& x);  // the largest integer <= x
Variable ceil(const Operand& x);   // the smallest integer >= x
Variable round(const Operand& x);  // the nearest integer; half goes to even
// x within [min, max], as np.clip; NaN stays. The gradient is 1 on the bounds, 0 outside. Infinite bounds
// bound nothing. ValueError for a NaN bound or min > max, DTypeError for integers beside a fraction.
Variable clip(const Operand& x, double min, double max);
// x with numbers in the place of NaN and infinities, where the gradient is 0; see np.nan_to_num.
Variable nan_to_num(const Operand& x, NanToNumOptions options = {});
// x in any other dtype: integers cut off fractions, boolean is x != 0. The gradient is cast back, between
// floats. ValueError for a value that an integer dtype does not have.
Variable cast(const Operand& x, DType dtype);

Variable add(const Operand& a, const Operand& b);       // a + b
Variable subtract(const Operand& a, const Operand& b);  // a - b
Variable multiply(const Operand& a, const Operand& b);  // a b
Variable divide(const Operand& a, const Operand& b);    // a / b; integers give float32
// a - b floor(a / b), which has the sign of b, as np.remainder and Python's %. ValueError for integers by 0.
Variable remainder(const Operand& a, const Operand& b);
Variable power(const Operand& a, const Operand& b);  // a^b; ValueError for an integer to a negative integer
Variable maximum(const Operand& a,
                 const Operand& b);  // the larger; NaN if either is; a tie halves the gradient
Variable minimum(const Operand& a,
                 const Operand& b);  // the smaller; NaN if either is; a tie halves the gradient
// The angle of the point (b, a), in [-pi, pi]; the gradient at (0, 0) is 0.
Variable atan2(const Operand& a, const Operand& b);
Variable hypot(const Operand& a, const Operand& b);      // sqrt(a^2 + b^2); the gradient at (0, 0) is 0
Variable logaddexp(const Operand& a, const Operand& b);  // log(e^a + e^b), without overflow
Variable squared_difference(const Operand& a, const Operand& b);  // (a - b)^2
Variable xlogy(const Operand& a, const Operand& b);               // a log b, but 0 where a is 0 and b no NaN
Variable where(const Operand& condition, const Operand& a,
               const Operand& b);  // a where condition holds, else b

// Comparisons and logic give booleans and have no gradient. Logic takes every dtype, booleans too: what is
// not 0 is true.
Variable equal(const Operand& a, const Operand& b);          // a == b
Variable not_equal(const Operand& a, const Operand& b);      // a != b
Variable less(const Operand& a, const Operand& b);           // a < b
Variable less_equal(const Operand& a, const Operand& b);     // a <= b
Variable greater(const Operand& a, const Operand& b);        // a > b
Variable greater_equal(const Operand& a, const Operand& b);  // a >= b
Variable isnan(const Operand& x);
Variable isfinite(const Operand& x);  // neither NaN nor infinite
Variable logical_not(const Operand& x);
Variable logical_and(const Operand& a, const Operand& b);
Variable logical_or(const Operand& a, const Operand& b);

inline Variable operator-(const Operand& x) { return negative(x); }
inline Variable operator+(const Operand& a, const Operand& b) { return add(a, b); }
inline Variable operator-(const Operand& a, const Operand& b) { return subtract(a, b); }
inline Variable operator*(const Operand& a, const Operand& b) { return multiply(a, b); }
inline Variable operator/(const Operand& a, const Operand& b) { return divide(a, b); }
inline Variable operator==(const Operand& a, const Operand& b) { return equal(a, b); }
inline Variable operator!=(const Operand& a, const Operand& b) { return not_equal(a, b); }
inline Variable operator<(const Operand& a, const Operand& b) { return less(a, b); }
inline Variable operator<=(const Operand& a, const Operand& b) { return less_equal(a, b); }
inline Variable operator>(const Operand& a, const Operand& b) { return greater(a, b); }
inline Variable operator>=(const Operand& a, const Operand& b) { return greater_equal(a, b); }

}  // namespace gradus
