#pragma once

#include <cstdint>

namespace gradus {

// A seed nobody chose, from the system's entropy: below 2^32, so that it is easy to type again.
std::uint64_t fresh_seed();

}  // namespace gradus
