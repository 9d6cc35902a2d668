#pragma once

#include <gradus/models/data/two_curves.h>

namespace gradus::data {

struct CirclesOptions {
  CurveSamples n_samples = 100;  // on the outer circle, then on the inner one
  bool shuffle = true;
  std::optional<double> noise = {};
  std::optional<std::int64_t> random_state = {};
  double factor = 0.8;  // the inner circle's radius; the outer one's is 1
};

// A circle within a circle, as scikit-learn's make_circles with its arguments and defaults, drawn to the same
// bits as far as make_moons's are. ValueError for a factor outside [0, 1), and as make_moons.
Curves make_circles(const CirclesOptions& options = {});

}  // namespace gradus::data
