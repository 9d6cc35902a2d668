#pragma once

// Elementwise operations. Two operands broadcast as in NumPy; a number takes the other operand's dtype;
// integers are taken where the result is one, and become float32 elsewhere. ShapeError where shapes do not
// broadcast, DTypeError for float32 beside float64 and for booleans. Every differentiable op has gradients of
// every order.

#include <gradus/graph/operand.h>

#include <cmath>

namespace gradus {

// Plain numbers keep their functions: without these, `exp(2.0)` inside the namespace would make a Variable.
using std::abs;
using std::exp;
using std::log;
using std::sqrt;
using std::tanh;

Variable negative(const Operand& x);                    // -x
Variable abs(const Operand& x);                         // |x|; the gradient at 0 is 0
Variable exp(const Operand& x);                         // e^x
Variable log(const Operand& x);                         // the natural logarithm; log 0 = -inf, NaN below
Variable sqrt(const Operand& x);                        // NaN below 0
Variable square(const Operand& x);                      // x^2
Variable tanh(const Operand& x);                        // (e^x - e^-x) / (e^x + e^-x)
Variable add(const Operand& a, const Operand& b);       // a + b
Variable subtract(const Operand& a, const Operand& b);  // a - b
Variable multiply(const Operand& a, const Operand& b);  // a b
Variable divide(const Operand& a, const Operand& b);    // a / b; integers give float32
Variable power(const Operand& a, const Operand& b);  // a^b; ValueError for an integer to a negative integer
Variable maximum(const Operand& a,
                 const Operand& b);  // the larger; NaN if either is; a tie halves the gradient
Variable where(const Operand& condition, const Operand& a,
               const Operand& b);  // a where condition holds, else b

// Comparisons give booleans and have no gradient.
Variable equal(const Operand& a, const Operand& b);          // a == b
Variable not_equal(const Operand& a, const Operand& b);      // a != b
Variable less(const Operand& a, const Operand& b);           // a < b
Variable less_equal(const Operand& a, const Operand& b);     // a <= b
Variable greater(const Operand& a, const Operand& b);        // a > b
Variable greater_equal(const Operand& a, const Operand& b);  // a >= b

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
