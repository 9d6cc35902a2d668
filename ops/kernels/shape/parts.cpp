#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/shape/axis_split.h>
#include <gradus/ops/kernels/shape/parts.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/shape.h>

#include <numeric>

namespace gradus::kernels {

namespace {

class Whole : public Op {
 public:
  std::string_view name() const override { return "whole"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  void forward(Forward& forward) const override { forward.give(forward.value(0)); }
  void vjp(Backward& b) const override { b.give(0, b.gradient()); }
};

class PartOfWhole : public Op {
 public:
  PartOfWhole(std::size_t axis, std::int64_t begin, std::int64_t end, const Shape& shape)
      : axis_(axis), begin_(begin), end_(end), shape_(shape) {}
  std::string_view name() const override { return "slice"; }
  OpAttributes attributes() const override {
    std::string slices;
    for (std::size_t i = 0; i < axis_; ++i) slices += ":, ";
    return {{"slices", "[" + slices + std::to_string(begin_) + ":" + std::to_string(end_) + "]"}};
  }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& /*call*/) const override { return shape_; }

  void forward(Forward& forward) const override {
    const AxisSplit split(forward.shape(0), axis_);
    const std::int64_t run = (end_ - begin_) * split.inner;
    if (run == 0) {
      forward.output();
      return;
    }
    strided_copy({split.outer, run}, forward.value(0),
                 {.offset = begin_ * split.inner, .strides = {split.extent * split.inner, 1}},
                 forward.output(), {.strides = {run, 1}});
  }

  // Rows of the flat operand, as long as they can be: nothing is done for what lies outside the part.
  void vjp(Backward& b) const override {
    const AxisSplit split(b.shape(0), axis_);
    const Tensor& g = b.gradient_value();
    if (b.create_graph() || g.size() == 0) {
      Dims dims = b.shape(0).dims();
      const auto zeros = [&](std::int64_t extent) {
        dims[axis_] = extent;
        return Tensor::zeros(Shape(dims), g.dtype());
      };
      dims[axis_] = end_ - begin_;
      const Variable own = reshape(b.gradient(), dims);
      b.give(0, concatenate({zeros(begin_), own, zeros(split.extent - end_)},
                            {.axis = static_cast<std::int64_t>(axis_)}));
      return;
    }
    const std::int64_t unit = std::gcd(std::gcd(begin_, end_), split.extent);
    const std::int64_t count = (end_ - begin_) / unit;
    Tensor rows = Tensor::empty({split.outer * count}, DType::int64);
    std::int64_t* next = rows.raw<std::int64_t>();
    for (std::int64_t o = 0; o < split.outer; ++o) {
      for (std::int64_t i = 0; i < count; ++i) *next++ = (o * split.extent + begin_) / unit + i;
    }
    b.give(0, RowGradient{std::move(rows), g});
  }

 private:
  std::size_t axis_;
  std::int64_t begin_, end_;
  Shape shape_;
};

}  // namespace

Variable whole(const Variable& x) { return apply(Op::lasting<Whole>(), {x}); }

Variable part_of_whole(const Variable& whole, std::size_t axis, std::int64_t begin, std::int64_t end,
                       const Shape& shape) {
  return apply(PartOfWhole(axis, begin, end, shape), {whole});
}

}  // namespace gradus::kernels
