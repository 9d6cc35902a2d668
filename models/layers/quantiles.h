#pragma once

#include <gradus/models/layers/encoding.h>

namespace gradus {

// num_bins - 1 boundaries between bins that hold about equally many of the values, by the rule of Keras's
// Discretization: interpolated between values that stand `epsilon` of all apart. Fewer where there are fewer
// values than bins. ValueError for no values or one that is NaN.
BinBoundaries quantiles(const Tensor& data, std::int64_t num_bins, double epsilon);

}  // namespace gradus
