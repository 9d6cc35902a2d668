#include <gradus/models/fresh_seed.h>

#include <random>

namespace gradus {

std::uint64_t fresh_seed() { return std::random_device()(); }

}  // namespace gradus
