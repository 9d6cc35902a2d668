#pragma once

#include <string>

namespace gradus {

// Numbers as Python's formats "%.*f", "%.*e" and "%.*g" write them, whatever the locale.
std::string fixed_text(double value, int decimals);
std::string exponent_text(double value, int decimals);
std::string general_text(double value, int digits);

}  // namespace gradus
