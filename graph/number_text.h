#pragma once

#include <string>

namespace gradus {

// Decimal texts of finite numbers by NumPy's rules: the shortest digits that tell the number from its
// neighbours of the same type, cut off and rounded at `precision` decimals. A point always stands there:
// "1.", "1.e+08". Instantiated for float and double; independent of the locale.

template <class T>
std::string positional_text(T value, int precision);

// The exponent has a sign and at least two digits.
template <class T>
std::string scientific_text(T value, int precision);
// With exactly `precision` decimals and at least `exponent_digits` digits of exponent.
template <class T>
std::string scientific_text(T value, int precision, int exponent_digits);

// As Python's str() writes a number of its own: no cut off, "1.0", "1e-05", "nan", "-inf".
template <class T>
std::string scalar_text(T value);

}  // namespace gradus
