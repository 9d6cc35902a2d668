#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/shape/axis_split.h>
#include <gradus/ops/kernels/shape/copy_bytes.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

namespace {

// The values from `cut` on along an axis, then those before it.
class Roll : public Op {
 public:
  Roll(std::size_t axis, std::int64_t cut) : axis_(axis), cut_(cut) {}
  std::string_view name() const override { return "roll"; }
  OpAttributes attributes() const override {
    return {{"shift", std::to_string(-cut_)}, {"axis", std::to_string(axis_)}};
  }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  void forward(Forward& forward) const override {
    const kernels::AxisSplit split(forward.shape(0), axis_);
    const auto places = static_cast<std::size_t>(split.inner) * item_size(forward.output().dtype());
    const std::size_t row = static_cast<std::size_t>(split.extent) * places;
    const std::size_t head = static_cast<std::size_t>(cut_) * places, tail = row - head;
    const std::byte* x = forward.value(0).buffer()->data();
    std::byte* y = forward.output().buffer()->data();
    if (row == 0) return;
    constexpr std::size_t kPiece = std::size_t{1} << 19;
    const auto grain = static_cast<std::int64_t>(std::max<std::size_t>(1, kPiece / row));
    parallel_for(split.outer, grain, [=](std::int64_t begin, std::int64_t end) {
      for (auto o = static_cast<std::size_t>(begin); o < static_cast<std::size_t>(end); ++o) {
        kernels::copy_bytes(x + o * row + head, y + o * row, tail);
        kernels::copy_bytes(x + o * row, y + o * row + tail, head);
      }
    });
  }
  void vjp(Backward& b) const override {
    const std::int64_t extent = b.shape(0)[axis_];
    b.give(0, apply(Roll(axis_, cut_ == 0 ? 0 : extent - cut_), {b.gradient()}));
  }

 private:
  std::size_t axis_;
  std::int64_t cut_;
};

Variable rolled(const Variable& x, std::size_t axis, std::int64_t shift) {
  const std::int64_t extent = x.shape()[axis];
  return apply(Roll(axis, extent == 0 ? 0 : (extent - (shift % extent + extent) % extent) % extent), {x});
}

}  // namespace

Variable roll(const Operand& x, const Counts& shift, RollOptions options) {
  const Expansion op({.name = "roll", .takes = Takes::anything}, {x});
  const Dims axes = kernels::axes_in_order(op.call(), options.axis);
  const std::size_t count = axes.empty() ? 1 : axes.size();
  if (shift.size() != count && shift.size() != 1) {
    throw op.shape_error(std::to_string(shift.size()) + " shifts for " + std::to_string(count) + " axes");
  }
  if (axes.empty()) {
    const Variable flat = reshape(op[0], {op.shape(0).elements()});
    return op.named(reshape(rolled(flat, 0, shift[0]), op.shape(0).dims()));
  }
  Variable y = op[0];
  for (std::size_t i = 0; i < count; ++i) {
    y = rolled(y, static_cast<std::size_t>(axes[i]), shift[shift.size() == 1 ? 0 : i]);
  }
  return op.named(std::move(y));
}

namespace records {

OpInfo roll() {
  const auto by = [](const Shape& x, const Counts& shift, const Axes& axis = {}) -> record::Case {
    return {"shift = " + to_string(shift) + (axis.empty() ? "" : ", axis = " + to_string(axis)),
            {x},
            [=](std::span<const Variable> v) { return gradus::roll(v[0], shift, {.axis = axis}); }};
  };
  return record::cases({.signature = "(x, shift, {.axis})",
                        .formula = "y[i + shift] = x[i], around the end",
                        .gradient = "g moved back",
                        .shapes = "any -> same",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}, 1, 0),
                                 by({n, n}, -1, -1),
                                 by({n, 3}, 2),
                                 by({}, 3),
                                 by({n}, 0, 0),
                                 by({n}, 4 * n + 1, 0),
                                 by({2, n, 3}, {1, -2}, {2, 1}),
                                 by({2, n, 3}, 1, {0, 1}),
                                 by({2, 1, n, 2}, -7, 2),
                                 by({0, 3}, 1, 0),
                                 by({0, 3}, 2)};
                       },
                       {{"2 shifts for 1 axes: x is [2, 3]", by({2, 3}, {1, 2}, 0)},
                        {"0 shifts for 1 axes: x is [2, 3]", by({2, 3}, Counts(), 0)},
                        {"axis 2 is out of range [-2, 1]: x is [2, 3]", by({2, 3}, 1, 2)},
                        {"axis 0 is repeated in [0, -2]: x is [2, 3]", by({2, 3}, 1, {0, -2})}});
}

}  // namespace records

}  // namespace gradus
