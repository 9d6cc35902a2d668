#include <gradus/graph/number_text.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace gradus {

namespace {

template <class... Format>
std::string chars(Format... format) {
  std::array<char, 512> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), format...).ptr;
  return {buffer.data(), end};
}

struct Scientific {
  std::string mantissa;  // "-1.25", without a point when there is one digit
  int exponent = 0;
};

Scientific split(const std::string& text) {
  const std::size_t e = text.find('e');
  return {text.substr(0, e), std::atoi(text.c_str() + e + 1)};
}

// Shortest digits of a number, as d[.ddd] and an exponent.
template <class T>
Scientific shortest(T value) {
  return split(chars(value, std::chars_format::scientific));
}

int decimals(const std::string& text) {
  const std::size_t point = text.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

std::string with_point(std::string text) {
  if (text.find('.') == std::string::npos) text += '.';
  return text;
}

std::string trimmed(std::string text) {
  text = with_point(std::move(text));
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string exponent_text(int exponent, int digits) {
  std::string text = std::to_string(std::abs(exponent));
  if (static_cast<int>(text.size()) < digits)
    text.insert(0, static_cast<std::size_t>(digits) - text.size(), '0');
  return (exponent < 0 ? "e-" : "e+") + text;
}

// The digits of a scientific number written out: zeros fill what the shortest digits leave open.
std::string written_out(const Scientific& number) {
  const bool negative = number.mantissa.front() == '-';
  std::string digits;
  for (const char c : number.mantissa) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (number.exponent < 0) {
    digits.insert(0, static_cast<std::size_t>(-number.exponent), '0');
    digits.insert(1, 1, '.');
  } else {
    const auto integer = static_cast<std::size_t>(number.exponent) + 1;
    if (digits.size() <= integer) digits.append(integer + 1 - digits.size(), '0');
    digits.insert(integer, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

}  // namespace

template <class T>
std::string positional_text(T value, int precision) {
  std::string text = chars(value, std::chars_format::fixed);
  if (decimals(text) > precision) text = chars(value, std::chars_format::fixed, precision);
  return trimmed(std::move(text));
}

template <class T>
std::string scientific_text(T value, int precision) {
  Scientific number = shortest(value);
  if (decimals(number.mantissa) > precision) {
    number = split(chars(value, std::chars_format::scientific, precision));
  }
  return trimmed(std::move(number.mantissa)) + exponent_text(number.exponent, 2);
}

template <class T>
std::string scientific_text(T value, int precision, int exponent_digits) {
  Scientific number = shortest(value);
  if (decimals(number.mantissa) != precision) {
    number = split(chars(value, std::chars_format::scientific, precision));
  }
  return with_point(number.mantissa) + exponent_text(number.exponent, exponent_digits);
}

template <class T>
std::string scalar_text(T value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  const Scientific number = shortest(value);
  const double magnitude = std::abs(static_cast<double>(value));
  if (magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16)) return written_out(number);
  return number.mantissa + exponent_text(number.exponent, 2);
}

template std::string positional_text(float, int);
template std::string positional_text(double, int);
template std::string scientific_text(float, int);
template std::string scientific_text(double, int);
template std::string scientific_text(float, int, int);
template std::string scientific_text(double, int, int);
template std::string scalar_text(float);
template std::string scalar_text(double);

}  // namespace gradus
