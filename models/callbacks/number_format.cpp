#include <gradus/models/callbacks/number_format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace gradus {

namespace {

std::string text(double value, std::chars_format format, int precision) {
  if (std::isnan(value)) return "nan";  // also where its sign is set
  std::array<char, 512> buffer;         // 309 digits before the point, at most 99 behind it
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision).ptr;
  return {buffer.data(), end};
}

}  // namespace

std::string fixed_text(double value, int decimals) { return text(value, std::chars_format::fixed, decimals); }
std::string exponent_text(double value, int decimals) {
  return text(value, std::chars_format::scientific, decimals);
}
std::string general_text(double value, int digits) { return text(value, std::chars_format::general, digits); }

}  // namespace gradus
