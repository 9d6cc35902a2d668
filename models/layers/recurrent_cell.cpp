#include <gradus/graph/error.h>
#include <gradus/models/layers/recurrent_cell.h>

namespace gradus {

RecurrentCell::Noise RecurrentCell::draw(std::int64_t, const Shape&, DType) { return {}; }

std::vector<Variable> RecurrentCell::step(const std::vector<Operand>& inputs, const CallOptions& options,
                                          const Noise&) {
  return call_all(inputs, options);
}

std::optional<RecurrentCell::Sequence> RecurrentCell::run(const Operand&, const std::vector<Operand>&, Order,
                                                          const Noise&) {
  return std::nullopt;
}

void RecurrentCell::build_all(const std::vector<Shape>& inputs) { build(inputs.front()); }

std::vector<Shape> RecurrentCell::output_shapes(const std::vector<Shape>&) {
  std::vector<Shape> shapes = {{output_size()}};
  for (const std::int64_t size : state_sizes()) shapes.push_back({size});
  return shapes;
}

void require_cell(const Layer& layer, std::string_view owner) {
  if (dynamic_cast<const RecurrentCell*>(&layer.kind()) != nullptr) return;
  throw ValueError(std::string(owner) + ": '" + layer.name() + "' is a " + layer.class_name() +
                   ", not a cell: derive it from RecurrentCell");
}

}  // namespace gradus
