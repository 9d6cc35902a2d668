#include <gradus/plot/ticks.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace gradus::plot {
namespace {

constexpr const char* kMinus = "\u2212";

std::string superscript(int exponent) {
  static constexpr std::array<const char*, 10> kDigits = {"\u2070", "\u00B9", "\u00B2", "\u00B3", "\u2074",
                                                          "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
  std::string text = exponent < 0 ? "\u207B" : "";
  for (const char digit : std::to_string(std::abs(exponent)))
    text += kDigits[static_cast<std::size_t>(digit - '0')];
  return text;
}

std::string fixed(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, std::abs(value));
  const bool zero = std::string_view(text.data()).find_first_of("123456789") == std::string_view::npos;
  return (value < 0 && !zero ? kMinus : "") + std::string(text.data());
}

std::string times_power(double mantissa, int decimals, int exponent) {
  if (mantissa == 0) return "0";
  return fixed(mantissa, decimals) + "\u00D710" + superscript(exponent);
}

int exponent_of(double value) { return static_cast<int>(std::floor(std::log10(value) + 1e-9)); }

}  // namespace

double linear_step(Range range, int count) {
  const double rough = range.span() / std::max(count, 1);
  const double power = std::pow(10.0, exponent_of(rough));
  double nearest = power;
  for (const double multiple : {2.0, 5.0, 10.0}) {
    const double step = multiple * power;
    if (std::abs(std::log(step / rough)) < std::abs(std::log(nearest / rough))) nearest = step;
  }
  return nearest;
}

std::vector<Tick> linear_ticks(Range range, double step) {
  const double first = std::ceil(range.low / step - 1e-6);
  const double last = std::floor(range.high / step + 1e-6);
  if (!(last - first < 1000)) return {};  // a span below the resolution of doubles has no readable ticks

  const double largest = std::max(std::abs(first), std::abs(last)) * step;
  const bool scientific = largest > 0 && (largest >= 1e6 || largest < 1e-3);  // 0 has no exponent
  const int scale = scientific ? exponent_of(largest) : 0;
  const int decimals = std::clamp(scale - exponent_of(step), 0, 15);

  std::vector<Tick> ticks;
  for (double i = first; i <= last; ++i) {
    const double at = i * step + 0.0;  // no -0
    ticks.push_back(
        {at, scientific ? times_power(at / std::pow(10.0, scale), decimals, scale) : fixed(at, decimals)});
  }
  return ticks;
}

std::vector<Tick> log_ticks(Range range, int count) {
  const int first = static_cast<int>(std::ceil(std::log10(range.low) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(range.high) + 1e-9));
  const int stride = std::max(1, (last - first) / std::max(count, 1));
  const bool sparse = last - first < 1;
  std::vector<Tick> ticks;
  for (int exponent = first - 1; exponent <= last; ++exponent) {
    const double power = std::pow(10.0, exponent);
    for (const int multiple : {1, 2, 5}) {
      const double at = multiple * power;
      if (multiple > 1 && !sparse) continue;
      if (at < range.low * (1 - 1e-9) || at > range.high * (1 + 1e-9)) continue;
      if ((exponent - first) % stride != 0) continue;
      const bool readable = exponent >= -3 && exponent <= 3;
      std::string label = readable ? fixed(at, std::max(0, -exponent)) : "10" + superscript(exponent);
      if (!readable && multiple > 1) label = times_power(multiple, 0, exponent);
      ticks.push_back({at, std::move(label)});
    }
  }
  return ticks;
}

}  // namespace gradus::plot
