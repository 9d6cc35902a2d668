#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/make_circles.h>

#include <cmath>
#include <numbers>

namespace gradus::data {

Curves make_circles(const CirclesOptions& options) {
  if (!(options.factor >= 0 && options.factor < 1)) {
    throw ValueError("make_circles: factor must be in [0, 1), got " + scalar_text(options.factor));
  }
  const CurvePair circles = {
      .first =
          [](double angle, double) {
            return Point{std::cos(angle), std::sin(angle)};
          },
      .second =
          [](double angle, double factor) {
            return Point{std::cos(angle) * factor, std::sin(angle) * factor};
          },
      .factor = options.factor,
      .range = 2 * std::numbers::pi,
      .endpoint = false,
  };
  return two_curves("make_circles", {options.n_samples, options.shuffle, options.noise, options.random_state},
                    circles);
}

}  // namespace gradus::data
