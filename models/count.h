#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace gradus {

// A number of rows, epochs or steps as a user writes it. Takes any integer without a narrowing warning; what
// is above the largest int64 becomes that, so that SIZE_MAX means "all" and -1 stays an error to be reported.
class Count {
 public:
  template <std::integral I>
  constexpr Count(I count) {  // NOLINT: implicit on purpose
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    if constexpr (std::is_unsigned_v<I>) {
      value_ = count > static_cast<std::uint64_t>(kMost) ? kMost : static_cast<std::int64_t>(count);
    } else {
      value_ = count;
    }
  }
  constexpr std::int64_t value() const { return value_; }

 private:
  std::int64_t value_ = 0;
};

}  // namespace gradus
