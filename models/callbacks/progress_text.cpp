#include <gradus/models/callbacks/number_format.h>
#include <gradus/models/callbacks/progress_text.h>

#include <algorithm>
#include <cmath>

namespace gradus::progress {

namespace {

std::string right_aligned(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

std::string two_digits(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

std::string entry(std::string_view name, double value) {
  return " - " + std::string(name) + ": " +
         (std::abs(value) > 1e-3 ? fixed_text(value, 4) : exponent_text(value, 4));
}

std::string duration_per_unit(double seconds, const std::string& unit) {
  if (seconds >= 1 || seconds == 0) return fixed_text(seconds, 0) + "s/" + unit;
  if (seconds >= 1e-3) return fixed_text(seconds * 1e3, 0) + "ms/" + unit;
  return fixed_text(seconds * 1e6, 0) + "us/" + unit;
}

std::string elapsed(double seconds) { return fixed_text(seconds, 0) + "s"; }

std::string remaining(double seconds) {
  constexpr double kMost = 1e15;  // what an integer surely holds
  const auto whole = static_cast<std::int64_t>(std::clamp(seconds, -kMost, kMost));
  if (seconds > 3600) {
    return std::to_string(whole / 3600) + ":" + two_digits(whole % 3600 / 60) + ":" + two_digits(whole % 60);
  }
  if (seconds > 60) return std::to_string(whole / 60) + ":" + two_digits(whole % 60);
  return std::to_string(whole) + "s";
}

std::string step_count(std::int64_t done, std::optional<std::int64_t> all) {
  const std::string count = std::to_string(done);
  if (!all) return right_aligned(count, 7) + "/Unknown";
  const std::string total = std::to_string(*all);
  return right_aligned(count, total.size()) + "/" + total;
}

}  // namespace gradus::progress
