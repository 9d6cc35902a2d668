#include <gradus/graph/graph.h>

#include <algorithm>

namespace gradus {

bool Graph::is_output(std::size_t place) const {
  return std::ranges::any_of(outputs_,
                             [&](const Variable& output) { return &output.node() == &node(place); });
}

}  // namespace gradus
