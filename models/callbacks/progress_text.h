#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gradus::progress {

// The parts of a progress line, as Keras writes them, whatever the locale.

// " - loss: 0.1704": four decimals, or as 1.2345e-04 where they would show too little.
std::string entry(std::string_view name, double value);
std::string duration_per_unit(double seconds, const std::string& unit);  // "2ms/step"
std::string elapsed(double seconds);                                     // "1s"
std::string remaining(double seconds);                                   // "59s", "1:30", "1:02:03"
// " 12/800", or "     12/Unknown".
std::string step_count(std::int64_t done, std::optional<std::int64_t> all);

}  // namespace gradus::progress
