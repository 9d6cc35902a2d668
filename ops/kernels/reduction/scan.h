#pragma once

#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/shape/axis_split.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <optional>

namespace gradus::kernels {

enum class Direction : std::uint8_t { onward, back };
constexpr Direction opposite(Direction direction) {
  return direction == Direction::onward ? Direction::back : Direction::onward;
}

// Goes along an axis: calls step(state, position) for each position of the tensor's values, where all lines
// along the axis have a state of their own that starts as `start`.
template <class State, class Step>
void scan(const Shape& shape, std::size_t axis, Direction direction, State start, const Step& step) {
  const AxisSplit split(shape, axis);
  PoolVector<State> states(static_cast<std::size_t>(split.inner));
  for (std::int64_t outer = 0; outer < split.outer; ++outer) {
    std::fill(states.begin(), states.end(), start);
    for (std::int64_t i = 0; i < split.extent; ++i) {
      const std::int64_t place = direction == Direction::onward ? i : split.extent - 1 - i;
      const std::int64_t row = (outer * split.extent + place) * split.inner;
      for (std::int64_t j = 0; j < split.inner; ++j) step(states[static_cast<std::size_t>(j)], row + j);
    }
  }
}

// What ops that go along an axis share.
class ScanOp : public Op {
 public:
  explicit ScanOp(std::int64_t axis) : axis_(axis) {}
  OpAttributes attributes() const override { return {{"axis", std::to_string(axis_)}}; }
  Shape infer_shape(const Call& call) const override {
    call.axis(axis_);
    return call.shape(0);
  }

 protected:
  std::int64_t axis_;
};

// Runs K(axis), over the flat x where there is no axis.
template <class K>
Variable apply_along(const Operand& x, std::optional<std::int64_t> axis) {
  if (axis) return apply(K(*axis), {x});
  const Expansion op({.name = K::kName, .takes = Takes::numbers}, {x});
  return apply(K(0), {reshape(op[0], {op.shape(0).elements()})});
}

// x moved by one place along an axis, onward or back; `fill` stands in the place left free.
Variable shifted(const Variable& x, std::int64_t axis, Direction direction, double fill);

// h[i] = b[i] + a[i] h[i - 1] along an axis or, going back, b[i] + a[i] h[i + 1]; h is 0 beyond the ends.
Variable linear_scan(const Variable& a, const Variable& b, std::int64_t axis, Direction direction);

}  // namespace gradus::kernels
