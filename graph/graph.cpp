#include <gradus/graph/graph.h>

#include <algorithm>

namespace gradus {

Graph::Graph(const Variables& outputs) : outputs_(outputs), order_(outputs_, Order::Select::all) {
  first_input_.reserve(size() + 1);
  first_input_.push_back(0);
  for (std::size_t place = 0; place < size(); ++place) {
    for (const Edge& edge : node(place).inputs()) {
      inputs_.push_back(static_cast<std::uint32_t>(size() - 1 - order_.find(*edge.node)));
    }
    first_input_.push_back(inputs_.size());
  }
}

bool Graph::is_output(std::size_t place) const {
  return std::ranges::any_of(outputs_,
                             [&](const Variable& output) { return &output.node() == &node(place); });
}

}  // namespace gradus
