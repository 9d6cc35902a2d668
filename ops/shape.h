#pragma once

// Operations that move values and compute none. They take every dtype.

#include <gradus/graph/operand.h>

#include <limits>
#include <vector>

namespace gradus {

struct TransposeOptions {
  Axes axes = {};  // axis i of the result is axis axes[i] of x; empty: all axes in reverse
};
struct ConcatenateOptions {
  std::int64_t axis = 0;
};

// start:stop:step of one axis, as in Python: negative positions count from the end, those outside are
// clipped.
struct Slice {
  static constexpr std::int64_t kOpen = std::numeric_limits<std::int64_t>::min();
  std::int64_t start = kOpen;  // open: from the first, or from the last when step is negative
  std::int64_t stop = kOpen;   // open: to the end the step leads to
  std::int64_t step = 1;
};

// The same values under another shape, sharing them; one extent may be -1. ShapeError when sizes differ.
Variable reshape(const Operand& x, const Dims& shape);
// ShapeError unless the axes are a permutation.
Variable transpose(const Operand& x, TransposeOptions options = {});
// Joined along an existing axis. ShapeError: no operand, other ranks, other extents; all dtypes must agree.
Variable concatenate(const std::vector<Operand>& xs, ConcatenateOptions options = {});
// A copy of part of x: one Slice for each of the first axes. ShapeError: more slices than axes; ValueError:
// step 0.
Variable slice(const Operand& x, const std::vector<Slice>& slices);
// Repeats axes of extent 1, and leading ones, as NumPy broadcasts. ShapeError when x does not broadcast to
// `shape`.
Variable broadcast_to(const Operand& x, const Shape& shape);

}  // namespace gradus
