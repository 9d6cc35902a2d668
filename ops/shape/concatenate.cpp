#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/shape/axis_split.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class Concatenate : public Op {
 public:
  explicit Concatenate(std::int64_t axis) : axis_(axis) {}
  std::string_view name() const override { return "concatenate"; }
  OpAttributes attributes() const override { return {{"axis", std::to_string(axis_)}}; }
  DType operand_dtype(const Call& call, std::size_t i) const override {
    if (call.dtype(i) != call.dtype(0)) throw call.dtype_error("the operands' dtypes differ");
    return call.dtype(i);
  }

  Shape infer_shape(const Call& call) const override {
    const std::size_t axis = call.axis(axis_);
    Dims dims = call.shape(0).dims();
    for (std::size_t i = 1; i < call.size(); ++i) {
      const Shape& shape = call.shape(i);
      bool fits = shape.rank() == call.shape(0).rank();
      for (std::size_t k = 0; fits && k < dims.size(); ++k) fits = k == axis || shape[k] == dims[k];
      if (!fits) throw call.shape_error("the operands differ outside axis " + std::to_string(axis));
      dims[axis] = kernels::extent_sum(call, dims[axis], shape[axis]);
    }
    return kernels::result_shape(call, std::move(dims));
  }

  void forward(Forward& forward) const override {
    const std::size_t axis = forward.axis(axis_);
    const kernels::AxisSplit whole(forward.output_shape(), axis);
    const std::int64_t row = whole.extent * whole.inner;
    std::int64_t at = 0;
    for (std::size_t i = 0; i < forward.size(); ++i) {
      const std::int64_t part = forward.shape(i)[axis] * whole.inner;
      kernels::strided_copy({whole.outer, part}, forward.value(i), {.strides = {part, 1}}, forward.output(),
                            {.offset = at, .strides = {row, 1}});
      at += part;
    }
  }

  // Each operand gets its own part of the gradient.
  void vjp(Backward& b) const override {
    const std::size_t axis = b.shape(0).normalize_axis(axis_);
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
      const std::int64_t end = begin + b.shape(i)[axis];
      if (b.needs(i)) {
        std::vector<Slice> part(axis + 1);
        part[axis] = {.start = begin, .stop = end};
        b.give(i, slice(b.gradient(), part));
      }
      begin = end;
    }
  }

 private:
  std::int64_t axis_;
};

}  // namespace

Variable concatenate(const std::vector<Operand>& xs, ConcatenateOptions options) {
  if (xs.empty()) throw ShapeError("concatenate: the list of operands is empty");
  return apply(Concatenate(options.axis), std::span(xs));
}

namespace records {

OpInfo concatenate() {
  const auto join = [](std::vector<Shape> shapes, std::int64_t axis) -> record::Case {
    return {"axis = " + std::to_string(axis), std::move(shapes), [=](std::span<const Variable> x) {
              return gradus::concatenate(std::vector<Operand>(x.begin(), x.end()), {.axis = axis});
            }};
  };
  record::Case mixed = join({{2}, {2}}, 0);
  mixed.draws = {record::ones(), record::ones(DType::int64)};
  return record::cases(
      {.signature = "({a, b, ..}, {.axis = 0})",
       .formula = "the operands one after the other along an axis",
       .gradient = "each operand's part of g",
       .shapes = "equal but along the axis -> their extents added there",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {join({{n, n}, {n, n}}, 0),
                join({{2, n}, {3, n}}, 0),
                join({{n, 2}, {n, 3}, {n, 1}}, -1),
                join({{n}}, 0),
                join({{n}, {2}, {1}, {3}, {1}}, 0),
                join({{2, 1, 3}, {2, n, 3}}, 1),
                join({{1, 2, n, 2}, {1, 2, n, 1}}, 3),
                join({{0, 3}, {2, 3}}, 0),
                join({{2, 0}, {2, 0}}, 0)};
      },
      {{"the operands differ outside axis 0: a is [2, 3], b is [2, 4]", join({{2, 3}, {2, 4}}, 0)},
       {"the operands differ outside axis 0: a is [2, 3], b is [3]", join({{2, 3}, {3}}, 0)},
       {"axis 2 is out of range [-2, 1]: a is [2, 3], b is [2, 3]", join({{2, 3}, {2, 3}}, 2)},
       {"the list of operands is empty", join({}, 0)},
       {"the operands' dtypes differ: a is float32, b is int64", mixed}});
}

}  // namespace records

}  // namespace gradus
