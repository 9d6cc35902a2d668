#pragma once

#include <gradus/graph/shape.h>

#include <algorithm>
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
  std::int64_t runs() const { return elements_ / run_; }
  bool repeats(std::size_t operand) const { return run_strides_[operand] == 0; }
  // Whether it has the same values in every run.
  bool recurs(std::size_t operand) const {
    return std::ranges::all_of(strides_[operand], [](std::int64_t stride) { return stride == 0; });
  }

  // Calls body(offset in the result, offsets in the operands) once a run, in row-major order of the result.
  template <class Body>
  void each_run(const Body& body) const {
    each_run(0, runs(), body);
  }
  // The same for the runs [begin, end) of all.
  template <class Body>
  void each_run(std::int64_t begin, std::int64_t end, const Body& body) const {
    if (begin >= end) return;
    std::array<std::int64_t, 3> offsets = {};
    if (extents_.empty()) return body(std::int64_t{0}, offsets);
    const std::size_t last = extents_.size() - 1;
    const std::int64_t runs_in_row = extents_[last];
    const std::array<std::int64_t, 3> steps = {strides_[0][last], strides_[1][last], strides_[2][last]};
    Dims index(last, 0);
    std::int64_t in_row = begin;
    if (begin != 0) {
      in_row = begin % runs_in_row;
      std::int64_t rest = begin / runs_in_row;
      for (std::size_t axis = last; axis-- > 0; rest /= extents_[axis]) index[axis] = rest % extents_[axis];
      for (std::size_t i = 0; i < 3; ++i) {
        offsets[i] = in_row * steps[i];
        for (std::size_t axis = 0; axis < last; ++axis) offsets[i] += index[axis] * strides_[i][axis];
      }
    }
    for (std::int64_t at = begin * run_, left = end - begin;;) {
      const std::int64_t count = std::min(runs_in_row - in_row, left);
      for (std::int64_t k = 0; k < count; ++k, at += run_) {
        body(at, offsets);
        for (std::size_t i = 0; i < 3; ++i) offsets[i] += steps[i];
      }
      if ((left -= count) == 0) return;
      in_row = 0;
      for (std::size_t i = 0; i < 3; ++i) offsets[i] -= steps[i] * runs_in_row;
      for (std::size_t axis = last; axis-- > 0;) {
        for (std::size_t i = 0; i < 3; ++i) offsets[i] += strides_[i][axis];
        if (++index[axis] < extents_[axis]) break;
        for (std::size_t i = 0; i < 3; ++i) offsets[i] -= strides_[i][axis] * extents_[axis];
        index[axis] = 0;
      }
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
