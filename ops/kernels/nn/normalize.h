#pragma once

#include <gradus/graph/expansion.h>

#include <string_view>

namespace gradus::kernels {

// What the normalisations are made of. They are composed of ops; variances are taken about the mean, in a
// second pass, which loses no digits.

// A call's axes counted from the front, all of them where none is given.
Dims normalized_axes(const Call& call, const Axes& axes);
// ValueError unless 0 or more.
void check_epsilon(const Call& call, double epsilon);
// ShapeError unless operand i has x's extents along the axes: "gamma must be [3]".
void check_extents(const Call& call, std::size_t i, const Dims& axes);
// v, which has x's extents along the axes, reshaped so that it broadcasts to x.
Variable along(const Variable& v, const Shape& x, const Dims& axes);

// Mean and biased variance over the axes, which are kept with extent 1.
struct Moments {
  Variable mean, variance;
};
Moments moments(const Variable& x, const Dims& axes);
// (x - mean) / sqrt(variance + epsilon) * scale + offset, the last two where they are defined; all broadcast.
Variable normalized(const Variable& x, const Moments& moments, double epsilon, const Variable& scale,
                    const Variable& offset);

}  // namespace gradus::kernels
