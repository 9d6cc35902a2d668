#pragma once

#include <gradus/models/data/two_curves.h>

namespace gradus::data {

// Two interleaving half circles, as scikit-learn's make_moons with its arguments and defaults, drawn to the
// same bits (sine and cosine are the C library's; NumPy on a processor with AVX-512 has others, which differ
// in the last digits):
//   auto [x, y] = data::make_moons({.n_samples = 200, .noise = 0.1, .random_state = 0});
// ValueError for no samples, a negative number of them, or noise that is negative or not finite.
Curves make_moons(const CurveOptions& options = {});

}  // namespace gradus::data
