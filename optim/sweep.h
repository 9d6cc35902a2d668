#pragma once

#include <gradus/graph/parallel.h>

#include <cstddef>

namespace gradus {

// One pass over a parameter: calls `loop(first, count)` for stretches of its elements, on several threads
// where there are many. An update moves 12 to 28 bytes an element, so a stretch takes 20 us and more.
template <class Loop>
void sweep(std::size_t elements, const Loop& loop) {
  constexpr std::int64_t kStretch = std::int64_t{1} << 15;
  parallel_for(static_cast<std::int64_t>(elements), kStretch, [&](std::int64_t begin, std::int64_t end) {
    loop(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  });
}

}  // namespace gradus
