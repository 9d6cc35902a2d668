#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

// What is asked of a matrix before it is decomposed. Loops without an exit, which compilers make vectors of.

namespace gradus::kernels {

template <class T>
bool all_finite(const T* values, std::int64_t count) {
  int others = 0;
  for (std::int64_t i = 0; i < count; ++i)
    others |= std::abs(values[i]) <= std::numeric_limits<T>::max() ? 0 : 1;
  return others == 0;
}

template <class T>
bool has_nan(const T* values, std::int64_t count) {
  int found = 0;
  for (std::int64_t i = 0; i < count; ++i) found |= values[i] != values[i] ? 1 : 0;
  return found != 0;
}

}  // namespace gradus::kernels
