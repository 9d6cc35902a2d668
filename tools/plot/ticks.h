#pragma once

#include <string>
#include <vector>

namespace gradus::plot {

struct Range {
  double low = 0;
  double high = 1;

  [[nodiscard]] double span() const { return high - low; }
  friend bool operator==(const Range&, const Range&) = default;
};

struct Tick {
  double at = 0;
  std::string label = {};
};

// The step of 1, 2 or 5 times a power of ten that sets about `count` ticks on a linear axis.
[[nodiscard]] double linear_step(Range range, int count);

// The multiples of `step` on a linear axis, labelled with as many decimals as they need and a true minus
// sign.
[[nodiscard]] std::vector<Tick> linear_ticks(Range range, double step);

// Powers of ten on a logarithmic axis; where fewer than two lie in the range, 2 and 5 times them as well.
// Requires a range above zero.
[[nodiscard]] std::vector<Tick> log_ticks(Range range, int count);

}  // namespace gradus::plot
