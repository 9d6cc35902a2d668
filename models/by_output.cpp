#include <gradus/models/by_output.h>

#include <algorithm>

namespace gradus {

bool Losses::defined() const {
  return std::any_of(assigned_.parts.begin(), assigned_.parts.end(),
                     [](const auto& part) { return part.second.defined(); });
}

}  // namespace gradus
