#pragma once

#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>

#include <cmath>
#include <string>
#include <string_view>

namespace gradus {

// Numbers among the options of a class. Each returns the number, or throws a ValueError such as
// "L2: l2 must be finite and not negative, got -1.0".

inline ValueError bad_number(std::string_view owner, std::string_view option, std::string_view rule,
                             double number) {
  return ValueError(std::string(owner) + ": " + std::string(option) + " must be " + std::string(rule) +
                    ", got " + scalar_text(number));
}

inline double finite_number(std::string_view owner, std::string_view option, double number) {
  if (!std::isfinite(number)) throw bad_number(owner, option, "finite", number);
  return number;
}

inline double number_from_zero(std::string_view owner, std::string_view option, double number) {
  if (!std::isfinite(number) || number < 0) {
    throw bad_number(owner, option, "finite and not negative", number);
  }
  return number;
}

}  // namespace gradus
