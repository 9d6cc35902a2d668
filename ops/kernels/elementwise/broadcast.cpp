#include <gradus/ops/kernels/elementwise/broadcast.h>

namespace gradus::kernels {

namespace {

constexpr std::size_t kOperands = 3;

// One axis of the result, and how each operand steps along it.
struct Axis {
  std::int64_t extent = 1;
  std::array<std::int64_t, kOperands> strides = {};
};

}  // namespace

BroadcastPlan::BroadcastPlan(const Shape& shape, std::span<const Shape* const> operands)
    : elements_(shape.elements()) {
  const auto rank = static_cast<std::size_t>(shape.rank());
  std::array<std::int64_t, kOperands> steps = {1, 1, 1};  // elements an operand has inside the axis at hand
  // From the innermost axis out; `pending` grows as long as its outer neighbour continues it.
  Axis pending;
  bool first = true;
  Dims extents(rank, 1);
  if (elements_ == 0) return;  // nothing to walk, and products of extents may overflow
  std::array<Dims, kOperands> strides = {Dims(rank, 0), Dims(rank, 0), Dims(rank, 0)};
  std::size_t kept = 0;
  const auto close = [&](const Axis& axis) {
    if (first) {
      run_ = axis.extent;
      run_strides_ = axis.strides;
      first = false;
      return;
    }
    extents[kept] = axis.extent;
    for (std::size_t i = 0; i < kOperands; ++i) strides[i][kept] = axis.strides[i];
    ++kept;
  };
  for (std::size_t axis = rank; axis-- > 0;) {
    const std::int64_t extent = shape[axis];
    if (extent == 1) continue;
    Axis next = {.extent = extent};
    for (std::size_t i = 0; i < operands.size(); ++i) {
      const auto operand_rank = static_cast<std::size_t>(operands[i]->rank());
      const std::size_t missing = rank - operand_rank;
      const std::int64_t own = axis < missing ? 1 : (*operands[i])[axis - missing];
      next.strides[i] = own == 1 ? 0 : steps[i];
      steps[i] *= own;
    }
    if (pending.extent == 1) {
      pending = next;
      continue;
    }
    bool continues = true;
    for (std::size_t i = 0; i < kOperands; ++i) {
      continues = continues && next.strides[i] == pending.strides[i] * pending.extent;
    }
    if (continues) {
      pending.extent *= extent;
    } else {
      close(pending);
      pending = next;
    }
  }
  close(pending);
  // The walk counts from the outermost axis.
  extents_ = Dims(kept, 1);
  for (std::size_t i = 0; i < kOperands; ++i) strides_[i] = Dims(kept, 0);
  for (std::size_t k = 0; k < kept; ++k) {
    extents_[kept - 1 - k] = extents[k];
    for (std::size_t i = 0; i < kOperands; ++i) strides_[i][kept - 1 - k] = strides[i][k];
  }
}

}  // namespace gradus::kernels
