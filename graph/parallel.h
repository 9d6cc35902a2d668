#pragma once

#include <algorithm>
#include <cstdint>

namespace gradus {

// Calls body(begin, end) for the pieces of [0, count) of `grain` each, the last one shorter.
template <class Body>
void parallel_for(std::int64_t count, std::int64_t grain, const Body& body) {
  for (std::int64_t begin = 0; begin < count; begin += grain) body(begin, std::min(begin + grain, count));
}

}  // namespace gradus
