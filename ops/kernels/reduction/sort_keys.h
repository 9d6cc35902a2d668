#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace gradus::kernels {

// An unsigned integer that orders values as they are sorted: -0 as 0, NaN behind all. It fits in 32 bits for
// values that do.
template <class T>
std::uint64_t sort_key(T x) {
  if constexpr (std::is_same_v<T, bool>) {
    return x ? 1 : 0;
  } else if constexpr (std::is_floating_point_v<T>) {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    constexpr Bits kSign = Bits{1} << (sizeof(T) * 8 - 1);
    if (x != x) return std::numeric_limits<Bits>::max();
    const Bits bits = std::bit_cast<Bits>(x == T(0) ? T(0) : x);
    return (bits & kSign) != 0 ? static_cast<Bits>(~bits) : static_cast<Bits>(bits | kSign);
  } else {
    using Bits = std::make_unsigned_t<T>;
    return static_cast<Bits>(static_cast<Bits>(x) ^ (Bits{1} << (sizeof(T) * 8 - 1)));
  }
}

// A key with the position that it stands at.
struct KeyedPosition {
  std::uint64_t key;
  std::int64_t position;
  bool operator<(const KeyedPosition& other) const {
    return key != other.key ? key < other.key : position < other.position;
  }
};

}  // namespace gradus::kernels
