#pragma once

#include <gradus/graph/variable.h>
#include <gradus/ops/kernels/nn/normalization.h>

#include <string_view>

namespace gradus::kernels {

// What a normalisation does to its groups; see Note [Groups of values].
struct Normalization {
  std::string_view name = {};  // of the op; a literal
  Groups sizes = {};
  bool centered = true;
  double epsilon = 0;
};

// Groups of values that lie together: `axes`, in rising order, are the last ones; a width of 0 where not.
Groups trailing_groups(const Shape& x, const Dims& axes);

// (x - mean) / sqrt(variance + epsilon) scale + offset by the statistics of x's own groups, as one op; scale
// and offset are [channels] in any shape, and may be undefined (the scale only together with the offset).
// REQUIRES values in x.
Variable normalized_groups(const Normalization& kind, const Variable& x, const Variable& scale,
                           const Variable& offset);

struct GroupStatistics {
  Variable mean, variance;  // [batch * groups]
};
// The same, with the statistics.
Variable normalized_groups(const Normalization& kind, const Variable& x, const Variable& scale,
                           const Variable& offset, GroupStatistics& statistics);

// (x - shift) factor + offset for channels along x's last axis, as one op called `name`, a literal.
Variable affine_channels(std::string_view name, const Variable& x, const Variable& shift,
                         const Variable& factor, const Variable& offset);

// The mean over all axes but the first and the last, as an op called `name`, a literal. REQUIRES values in x.
Variable average_positions(std::string_view name, const Variable& x, bool keepdims);

}  // namespace gradus::kernels
