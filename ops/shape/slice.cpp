#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cstring>

namespace gradus {

namespace {

// Where an axis is read: `count` positions from `first` in steps of `step`.
struct Run {
  std::int64_t first = 0, step = 1, count = 0;
};

// Python's rules for start:stop:step on an axis of this extent.
Run resolve(const Slice& slice, std::int64_t extent) {
  const bool forward = slice.step > 0;
  const std::int64_t low = forward ? 0 : -1, high = forward ? extent : extent - 1;
  const auto clipped = [&](std::int64_t position, std::int64_t open) {
    if (position == Slice::kOpen) return open;
    return std::clamp(position < 0 ? position + extent : position, low, high);
  };
  const std::int64_t start = clipped(slice.start, forward ? low : high);
  const std::int64_t stop = clipped(slice.stop, forward ? high : low);
  const std::int64_t span = forward ? stop - start : start - stop;
  const std::int64_t stride = forward ? slice.step : -slice.step;
  return {.first = start, .step = slice.step, .count = span <= 0 ? 0 : (span - 1) / stride + 1};
}

std::string text(const Slice& slice) {
  const auto position = [](std::int64_t value) { return value == Slice::kOpen ? "" : std::to_string(value); };
  return position(slice.start) + ":" + position(slice.stop) +
         (slice.step == 1 ? "" : ":" + std::to_string(slice.step));
}

// A part of a tensor of some shape: its own shape, and where it lies.
struct Part {
  Shape shape;
  kernels::Layout layout;
};
Part part_of(const Shape& shape, const std::vector<Slice>& slices) {
  Dims dims = shape.dims();
  kernels::Layout layout = {.strides = kernels::contiguous_strides(shape)};
  for (std::size_t axis = 0; axis < slices.size(); ++axis) {
    const Run run = resolve(slices[axis], dims[axis]);
    dims[axis] = run.count;
    if (run.count != 0) layout.offset += run.first * layout.strides[axis];
    if (run.count > 1) layout.strides[axis] *= run.step;  // a step that leads nowhere may be huge
  }
  return {Shape(std::move(dims)), std::move(layout)};
}

class SliceOp : public Op {
 public:
  explicit SliceOp(std::vector<Slice> slices) : slices_(std::move(slices)) {}
  std::string_view name() const override { return "slice"; }
  OpAttributes attributes() const override {
    std::string all;
    for (const Slice& slice : slices_) all += (all.empty() ? "" : ", ") + text(slice);
    return {{"slices", "[" + all + "]"}};
  }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override {
    if (slices_.size() > call.shape(0).dims().size()) {
      throw call.shape_error(std::to_string(slices_.size()) + " slices for " +
                             std::to_string(call.shape(0).rank()) + " axes");
    }
    for (const Slice& slice : slices_) {
      if (slice.step == 0 || slice.step == Slice::kOpen) {
        throw call.value_error("the step of " + text(slice) + " is no step");
      }
    }
    return part_of(call.shape(0), slices_).shape;
  }
  void forward(Forward& forward) const override {
    const Part part = part_of(forward.shape(0), slices_);
    kernels::strided_copy(part.shape, forward.value(0), part.layout, forward.output(),
                          {.strides = kernels::contiguous_strides(part.shape)});
  }
  void vjp(Backward& b) const override;

 private:
  std::vector<Slice> slices_;
};

// The gradient of slice: x put in its place among zeros. Its own gradient is the slice.
class Unslice : public Op {
 public:
  Unslice(std::vector<Slice> slices, Shape shape) : slices_(std::move(slices)), shape_(std::move(shape)) {}
  std::string_view name() const override { return "unslice"; }
  Shape infer_shape(const Call&) const override { return shape_; }
  void forward(Forward& forward) const override {
    Tensor& out = forward.output();
    std::memset(out.buffer()->data(), 0, out.bytes());
    const Part part = part_of(shape_, slices_);
    kernels::strided_copy(part.shape, forward.value(0), {.strides = kernels::contiguous_strides(part.shape)},
                          out, part.layout);
  }
  void vjp(Backward& b) const override { b.give(0, slice(b.gradient(), slices_)); }

 private:
  std::vector<Slice> slices_;
  Shape shape_;
};

void SliceOp::vjp(Backward& b) const { b.give(0, apply(Unslice(slices_, b.shape(0)), {b.gradient()})); }

}  // namespace

Variable slice(const Operand& x, const std::vector<Slice>& slices) { return apply(SliceOp(slices), {x}); }

namespace records {

OpInfo slice() {
  const auto by = [](const Shape& x, const std::vector<Slice>& slices) -> record::Case {
    std::string arguments = "slices = '";
    for (const Slice& slice : slices) arguments += (&slice == &slices.front() ? "" : ", ") + text(slice);
    return {arguments + "'", {x}, [=](std::span<const Variable> v) { return gradus::slice(v[0], slices); }};
  };
  return record::cases({.signature = "(x, {{.start, .stop, .step}, ..})",
                        .formula = "x[start:stop:step, ..]",
                        .gradient = "g in its place among zeros",
                        .shapes = "any -> the extents of the slices",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}, {{.start = 1}}),
                                 by({n, n}, {{.start = 1}, {.stop = -1}}),
                                 by({n}, {{.step = 2}}),
                                 by({n}, {{.step = -1}}),
                                 by({n, 4}, {{}, {.start = -2, .stop = -5, .step = -1}}),
                                 by({2, n, 3}, {{.start = 1, .stop = 2}, {}, {.step = 2}}),
                                 by({2, 2, n, 2}, {{}, {.stop = 1}, {.start = 1}, {.step = -1}}),
                                 by({n}, {{.start = 3, .stop = 1}}),
                                 by({n}, {{.start = -100, .stop = 100}}),
                                 by({0, 3}, {{.start = 1}}),
                                 by({}, {})};
                       },
                       {{"the step of ::0 is no step", by({2, 3}, {{.step = 0}})},
                        {"3 slices for 2 axes: x is [2, 3]", by({2, 3}, {{}, {}, {}})},
                        {"1 slices for 0 axes: x is []", by({}, {{}})}});
}

}  // namespace records

}  // namespace gradus
