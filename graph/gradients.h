#pragma once

#include <gradus/graph/variable.h>

#include <array>
#include <span>
#include <vector>

namespace gradus {

struct GradientOptions {
  // Record the computation of the gradients, so that they can be differentiated again.
  bool create_graph = false;
  // The gradient with respect to each output; needed for every output that is not a scalar.
  Variables seeds = {};
};

// The gradients of the sum of `outputs` (each weighted by its seed) with respect to each of `inputs`: leaves
// or values on the way. An input that the outputs do not depend on gets zeros. Leaves nothing in `grad()`.
// ShapeError: a non-scalar output without a seed, a seed of another shape. StateError: an output or input
// that wants no gradient, or a value the graph needs that was changed in place.
std::vector<Variable> gradients(const Variables& outputs, const Variables& inputs,
                                GradientOptions options = {});

// The same for a list in braces: `auto [dw, db] = gradients({loss}, {w, b});`.
template <std::size_t N>
std::array<Variable, N> gradients(const Variables& outputs, const Variable (&inputs)[N],
                                  GradientOptions options = {}) {
  std::vector<Variable> list = gradients(outputs, Variables(std::span(inputs)), std::move(options));
  std::array<Variable, N> result;
  for (std::size_t i = 0; i < N; ++i) result[i] = std::move(list[i]);
  return result;
}

// The gradient of one output with respect to one input.
Variable gradient(const Variable& y, const Variable& x, GradientOptions options = {});

}  // namespace gradus
