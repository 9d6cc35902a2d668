#include <gradus/models/data/make_moons.h>

#include <cmath>
#include <numbers>

namespace gradus::data {

Curves make_moons(const CurveOptions& options) {
  const CurvePair moons = {
      .first =
          [](double angle, double) {
            return Point{std::cos(angle), std::sin(angle)};
          },
      .second =
          [](double angle, double) {
            return Point{1 - std::cos(angle), 1 - std::sin(angle) - 0.5};
          },
      .range = std::numbers::pi,
  };
  return two_curves("make_moons", options, moons);
}

}  // namespace gradus::data
