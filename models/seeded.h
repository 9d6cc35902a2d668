#pragma once

#include <gradus/graph/random.h>

#include <optional>

namespace gradus {

// What `draw` takes from a Random of this seed, or from `random` where there is no seed.
template <class Draw>
Tensor seeded(std::optional<std::uint64_t> seed, Random& random, const Draw& draw) {
  if (!seed) return draw(random);
  Random own(*seed);
  return draw(own);
}

}  // namespace gradus
