#pragma once

#include <gradus/models/layer.h>

namespace gradus {

// Axes of a batch as a layer's user gives them, counted with the batch's and from either end, for samples of
// shape `sample`: from the front, in order. ShapeError naming the layer for one that samples do not have,
// ValueError for the batch's own and for one given twice.
Axes sample_axes(const Layer::Kind& layer, const Axes& axes, const Shape& sample);
// The same for one.
std::int64_t sample_axis(const Layer::Kind& layer, std::int64_t axis, const Shape& sample);
// The extents of a sample along such axes.
Shape extents_along(const Axes& axes, const Shape& sample);

// ShapeError unless samples have the rank of `form`: "[height, width, channels]".
void require_rank(const Layer::Kind& layer, int rank, std::string_view form, const Shape& sample);

}  // namespace gradus
