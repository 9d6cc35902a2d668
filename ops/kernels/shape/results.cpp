#include <gradus/ops/kernels/shape/results.h>
#include <gradus/ops/shape.h>

namespace gradus::kernels {

Results::Results(std::vector<Shape> shapes) : shapes_(std::move(shapes)), offsets_(1, 0) {
  for (const Shape& shape : shapes_) offsets_.push_back(offsets_.back() + shape.elements());
}

Variable Results::part(const Variable& packed, std::size_t k) const {
  return reshape(slice(packed, {{.start = offsets_[k], .stop = offsets_[k + 1]}}), shapes_[k].dims());
}

}  // namespace gradus::kernels
