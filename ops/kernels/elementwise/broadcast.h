#pragma once

#include <gradus/graph/shape.h>

#include <array>
#include <cstdint>
#include <span>

namespace gradus::kernels {

// How up to three tensors that broadcast to one shape are walked: neighbouring axes that all of them step
// through alike are merged, so that the innermost axis, a run, is as long as can be. Over a run each operand
// steps by 1 or stands still.
class BroadcastPlan {
 public:
  // REQUIRES that every operand broadcasts to `shape`.
  BroadcastPlan(const Shape& shape, std::span<const Shape* const> operands);

  std::int64_t run() const { return run_; }
  bool repeats(std::size_t operand) const { return run_strides_[operand] == 0; }

  // Calls body(offset in the result, offsets in the operands) once a run, in row-major order of the result.
  template <class Body>
  void each_run(Body body) const {
    if (elements_ == 0) return;
    std::array<std::int64_t, 3> offsets = {};
    if (extents_.empty()) return body(std::int64_t{0}, offsets);
    const std::size_t last = extents_.size() - 1;
    const std::int64_t runs = extents_[last];
    const std::array<std::int64_t, 3> steps = {strides_[0][last], strides_[1][last], strides_[2][last]};
    Dims index(last, 0);
    for (std::int64_t at = 0;;) {
      for (std::int64_t k = 0; k < runs; ++k, at += run_) {
        body(at, offsets);
        for (std::size_t i = 0; i < 3; ++i) offsets[i] += steps[i];
      }
      for (std::size_t i = 0; i < 3; ++i) offsets[i] -= steps[i] * runs;
      std::size_t axis = last;
      while (axis-- > 0) {
        for (std::size_t i = 0; i < 3; ++i) offsets[i] += strides_[i][axis];
        if (++index[axis] < extents_[axis]) break;
        for (std::size_t i = 0; i < 3; ++i) offsets[i] -= strides_[i][axis] * extents_[axis];
        index[axis] = 0;
      }
      if (axis == SIZE_MAX) return;
    }
  }

 private:
  std::int64_t elements_ = 0;
  std::int64_t run_ = 1;
  std::array<std::int64_t, 3> run_strides_ = {};
  Dims extents_;  // of the axes outside the run
  std::array<Dims, 3> strides_;
};

}  // namespace gradus::kernels
