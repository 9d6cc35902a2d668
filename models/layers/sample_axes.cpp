#include <gradus/graph/error.h>
#include <gradus/models/layers/sample_axes.h>
#include <gradus/models/sample_shape.h>

#include <algorithm>
#include <vector>

namespace gradus {

Axes sample_axes(const Layer::Kind& layer, const Axes& axes, const Shape& sample) {
  const std::int64_t rank = sample.rank() + 1;
  std::vector<std::int64_t> found;
  for (const std::int64_t axis : axes) {
    const std::int64_t place = axis < 0 ? axis + rank : axis;
    if (place < 0 || place >= rank) {
      throw ShapeError(layer.name() + ": " + layer.class_name() + " has axis " + std::to_string(axis) +
                       ", its input is " + batch_text(sample));
    }
    if (place == 0) {
      throw ValueError(layer.name() + ": axis " + std::to_string(axis) + " of " + layer.class_name() +
                       " is the batch's, its input is " + batch_text(sample));
    }
    if (std::find(found.begin(), found.end(), place) != found.end()) {
      throw ValueError(layer.name() + ": axis " + std::to_string(axis) + " of " + layer.class_name() +
                       " is there twice");
    }
    found.push_back(place);
  }
  std::sort(found.begin(), found.end());
  return Axes(std::span<const std::int64_t>(found));
}

std::int64_t sample_axis(const Layer::Kind& layer, std::int64_t axis, const Shape& sample) {
  return sample_axes(layer, axis, sample)[0];
}

Shape extents_along(const Axes& axes, const Shape& sample) {
  std::vector<std::int64_t> extents;
  for (const std::int64_t axis : axes) extents.push_back(sample[static_cast<std::size_t>(axis - 1)]);
  return Shape(extents);
}

void require_rank(const Layer::Kind& layer, int rank, std::string_view form, const Shape& sample) {
  if (sample.rank() == rank) return;
  throw ShapeError(layer.name() + ": " + layer.class_name() + " takes samples " + std::string(form) +
                   ", its input is " + batch_text(sample));
}

}  // namespace gradus
