#include <gradus/models/data/csv_number.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace gradus::data {

namespace {

// The text of the number: blanks and a plus sign left out, the decimal sign made a point. Empty when it is
// none. `storage` holds what had to be changed.
std::string_view canonical(std::string_view cell, char decimal, std::string& storage) {
  cell = without_blanks(cell);
  if (cell.starts_with('+')) {
    cell.remove_prefix(1);
    if (cell.starts_with('-')) return {};
  }
  if (decimal == '.') return cell;
  if (cell.find('.') != std::string_view::npos) return {};
  storage = cell;
  std::replace(storage.begin(), storage.end(), decimal, '.');
  return storage;
}

// Whether a number that a double cannot hold is too small rather than too large: by the place of its first
// digit that counts, and its exponent.
bool too_small(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  const std::string_view digits = text.substr(0, e);
  std::int64_t exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    const auto result = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (result.ec == std::errc::result_out_of_range) return power.starts_with('-');
  }
  const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
  const auto first = static_cast<std::int64_t>(digits.find_first_of("123456789"));
  return exponent < first - point;
}

CsvNumber parse_double(std::string_view text, double& value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec == std::errc::invalid_argument || result.ptr != end || std::isnan(value)) {
    return CsvNumber::no_number;
  }
  if (result.ec == std::errc::result_out_of_range) {
    if (!too_small(text)) return CsvNumber::too_large;
    value = 0;
  }
  return CsvNumber::good;
}

template <class I>
CsvNumber parse_whole(std::string_view cell, char decimal, I& value) {
  std::string storage;
  const std::string_view text = canonical(cell, decimal, storage);
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ptr == end && result.ec == std::errc()) return CsvNumber::good;
  if (result.ptr == end && result.ec == std::errc::result_out_of_range) return CsvNumber::too_large;
  double number = 0;
  if (const CsvNumber kind = parse_double(text, number); kind != CsvNumber::good) return kind;
  if (std::isinf(number)) return CsvNumber::too_large;
  if (number != std::trunc(number)) return CsvNumber::fraction;
  // Beyond 2^53 a double is no exact text of a whole number.
  const double limit = std::min(0x1p53, static_cast<double>(std::numeric_limits<I>::max()));
  if (std::abs(number) > limit) return CsvNumber::too_large;
  value = static_cast<I>(number);
  return CsvNumber::good;
}

}  // namespace

std::string_view without_blanks(std::string_view cell) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t first = cell.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return cell.substr(first, cell.find_last_not_of(kBlanks) - first + 1);
}

CsvNumber parse_csv(std::string_view cell, char decimal, double& value) {
  std::string storage;
  return parse_double(canonical(cell, decimal, storage), value);
}

CsvNumber parse_csv(std::string_view cell, char decimal, float& value) {
  double number = 0;
  const CsvNumber kind = parse_csv(cell, decimal, number);
  // From halfway between the largest float and the next power of two on, a number rounds to infinity.
  constexpr double kRoundsToInfinity = 0x1.ffffffp127;
  if (kind == CsvNumber::good && std::isfinite(number) && std::abs(number) >= kRoundsToInfinity) {
    return CsvNumber::too_large;
  }
  if (kind == CsvNumber::good) value = static_cast<float>(number);
  return kind;
}

CsvNumber parse_csv(std::string_view cell, char decimal, std::int64_t& value) {
  return parse_whole(cell, decimal, value);
}

CsvNumber parse_csv(std::string_view cell, char decimal, std::int32_t& value) {
  return parse_whole(cell, decimal, value);
}

}  // namespace gradus::data
