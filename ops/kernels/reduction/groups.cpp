#include <gradus/ops/kernels/reduction/groups.h>

namespace gradus::kernels {

std::optional<Groups> groups_of(const Shape& shape, const Shape& kept) {
  Groups groups;
  enum class Part : std::uint8_t { outer, reduced, inner } part = Part::outer;
  for (std::size_t axis = 0; axis < shape.dims().size(); ++axis) {
    if (shape[axis] == 1) continue;
    const bool reduced = kept[axis] == 1;
    if (reduced && part == Part::inner) return std::nullopt;
    if (reduced) part = Part::reduced;
    if (!reduced && part == Part::reduced) part = Part::inner;
    (part == Part::outer     ? groups.outer
     : part == Part::reduced ? groups.extent
                             : groups.inner) *= shape[axis];
  }
  return groups;
}

}  // namespace gradus::kernels
