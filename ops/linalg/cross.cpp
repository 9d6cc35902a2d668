#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

// The elements along an axis of 3, moved up by `shift`: [x1, x2, x0] for 1.
Variable rolled(const Variable& x, std::size_t axis, std::int64_t shift) {
  return roll(x, -shift, {.axis = static_cast<std::int64_t>(axis)});
}

// x's shape without its axis, which stands last where operands broadcast.
Dims others(const Shape& shape, std::size_t axis) {
  Dims dims(shape.dims().size() - 1, 0);
  for (std::size_t i = 0, next = 0; i < shape.dims().size(); ++i) {
    if (i != axis) dims[next++] = shape[i];
  }
  return dims;
}

// x with axis `from` moved to place `to`.
Variable moved(const Variable& x, std::size_t from, std::size_t to) {
  if (from == to) return x;
  Axes axes(static_cast<std::size_t>(x.rank()), 0);
  for (std::size_t i = 0, next = 0; i < axes.size(); ++i) {
    if (next == from) ++next;
    axes[i] = static_cast<std::int64_t>(i == to ? from : next++);
  }
  return transpose(x, {.axes = std::move(axes)});
}

// The product of vectors along the last axis of operands of one shape: da = b x g, db = g x a.
class Cross : public Op {
 public:
  std::string_view name() const override { return "cross"; }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  void forward(Forward& forward) const override {
    constexpr std::int64_t kPiece = std::int64_t{1} << 15;  // vectors
    Tensor& out = forward.output();
    dispatch_floating(out.dtype(), [&]<class T>() {
      const T *a = forward.value(0).raw<T>(), *b = forward.value(1).raw<T>();
      T* y = out.raw<T>();
      parallel_for(out.size() / 3, kPiece, [=](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = 3 * begin; i < 3 * end; i += 3) {
          y[i] = a[i + 1] * b[i + 2] - a[i + 2] * b[i + 1];
          y[i + 1] = a[i + 2] * b[i] - a[i] * b[i + 2];
          y[i + 2] = a[i] * b[i + 1] - a[i + 1] * b[i];
        }
      });
    });
  }
  void vjp(Backward& backward) const override {
    const Variable& g = backward.gradient();
    if (backward.needs(0)) backward.give(0, apply(Cross(), {backward.input(1), g}));
    if (backward.needs(1)) backward.give(1, apply(Cross(), {g, backward.input(0)}));
  }
};

}  // namespace

// y_i = a_{i+1} b_{i+2} - a_{i+2} b_{i+1}, indices modulo 3
Variable cross(const Operand& a, const Operand& b, CrossOptions options) {
  const Expansion op({.name = "cross", .takes = Takes::numbers}, {a, b});
  std::size_t axes[2] = {};
  for (std::size_t i = 0; i < 2; ++i) {
    if (op.shape(i).rank() == 0) throw op.shape_error("needs rank 1 or more");
    axes[i] = op.call().axis(options.axis, i);
    if (op.shape(i)[axes[i]] != 3) {
      throw op.shape_error("needs 3 elements along axis " + std::to_string(options.axis));
    }
  }
  if (op.shape(0) == op.shape(1) && axes[0] == axes[1] && axes[0] + 1 == op.shape(0).dims().size() &&
      is_floating(op[0].dtype())) {
    return apply(Cross(), {op[0], op[1]});
  }
  const BroadcastShape batch =
      broadcast_shapes(Shape(others(op.shape(0), axes[0])), Shape(others(op.shape(1), axes[1])));
  if (!batch.ok) throw op.shape_error("the shapes do not broadcast");
  const auto last = [&](std::size_t i) { return moved(op[i], axes[i], op.shape(i).dims().size() - 1); };
  const Variable x = last(0), y = last(1);
  const std::size_t end_x = static_cast<std::size_t>(x.rank()) - 1,
                    end_y = static_cast<std::size_t>(y.rank()) - 1;
  const Variable result = subtract(multiply(rolled(x, end_x, 1), rolled(y, end_y, 2)),
                                   multiply(rolled(x, end_x, 2), rolled(y, end_y, 1)));
  // Where the operands' ranks differ a negative axis counts from the end of the result, too.
  const auto rank = static_cast<std::size_t>(result.rank());
  const std::size_t axis = options.axis < 0 ? rank - static_cast<std::size_t>(-options.axis)
                                            : static_cast<std::size_t>(options.axis);
  return op.named(moved(result, rank - 1, axis));
}

namespace records {

OpInfo cross() {
  const auto by = [](const Shape& a, const Shape& b, std::int64_t axis = -1) -> record::Case {
    return {axis == -1 ? "" : "axis = " + std::to_string(axis), {a, b}, [=](std::span<const Variable> v) {
              return gradus::cross(v[0], v[1], {.axis = axis});
            }};
  };
  return record::cases({.signature = "(a, b, {.axis = -1})",
                        .formula = "y = a x b",
                        .gradient = "da = b x g, db = g x a",
                        .shapes = "[.., 3], [.., 3] -> [.., 3], broadcast",
                        .flops = 3},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, 3}, {n, 3}),
                                 by({3}, {3}),
                                 by({n, 3}, {3}),
                                 by({3}, {2, n, 3}),
                                 by({3, n}, {3, n}, 0),
                                 by({2, 3, n}, {2, 3, n}, 1),
                                 by({n, 3, 2}, {3, 1}, -2),
                                 by({n, 1, 3}, {1, 2, 3}),
                                 by({2, n, 3, 1}, {3, 2}, -2),
                                 by({0, 3}, {3}),
                                 by({3, 0}, {3, 1}, 0)};
                       },
                       {{"needs 3 elements along axis -1: a is [2], b is [3]", by({2}, {3})},
                        {"needs 3 elements along axis 0: a is [3, 2], b is [2, 3]", by({3, 2}, {2, 3}, 0)},
                        {"needs rank 1 or more: a is [], b is [3]", by({}, {3})},
                        {"axis 1 is out of range [-1, 0]: a is [3], b is [3]", by({3}, {3}, 1)},
                        {"the shapes do not broadcast: a is [2, 3], b is [4, 3]", by({2, 3}, {4, 3})}});
}

}  // namespace records

}  // namespace gradus
