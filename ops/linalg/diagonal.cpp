#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>

#include <algorithm>
#include <cstring>

namespace gradus {

namespace {

// A diagonal of a tensor: the shape with the diagonal last, and where it lies.
struct Part {
  Shape shape;
  kernels::Layout layout;
};
Part part_of(const Shape& shape, std::int64_t offset, std::size_t axis1, std::size_t axis2) {
  const Dims strides = kernels::contiguous_strides(shape);
  const std::int64_t rows = shape[axis1], columns = shape[axis2];
  const std::int64_t length = std::max<std::int64_t>(
      0, offset >= 0 ? std::min(rows, columns - offset) : std::min(rows + offset, columns));
  Part part;
  Dims dims(strides.size() - 1, length);
  part.layout.strides = Dims(strides.size() - 1, strides[axis1] + strides[axis2]);
  for (std::size_t axis = 0, next = 0; axis < strides.size(); ++axis) {
    if (axis == axis1 || axis == axis2) continue;
    dims[next] = shape[axis];
    part.layout.strides[next++] = strides[axis];
  }
  if (length != 0) part.layout.offset = offset >= 0 ? offset * strides[axis2] : -offset * strides[axis1];
  part.shape = Shape(std::move(dims));
  return part;
}

class Diagonal : public Op {
 public:
  explicit Diagonal(DiagonalOptions options) : options_(options) {}
  std::string_view name() const override { return "diagonal"; }
  OpAttributes attributes() const override {
    return {{"offset", std::to_string(options_.offset)},
            {"axis1", std::to_string(options_.axis1)},
            {"axis2", std::to_string(options_.axis2)}};
  }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override {
    kernels::require_two_axes(call, options_);
    return part(call.shape(0)).shape;
  }
  void forward(Forward& forward) const override {
    const Part from = part(forward.shape(0));
    kernels::strided_copy(from.shape, forward.value(0), from.layout, forward.output(),
                          {.strides = kernels::contiguous_strides(from.shape)});
  }
  void vjp(Backward& b) const override {
    const Shape& shape = b.shape(0);
    b.give(0, kernels::place_on_diagonal(b.gradient(), shape, options_.offset,
                                         shape.normalize_axis(options_.axis1),
                                         shape.normalize_axis(options_.axis2)));
  }

 private:
  Part part(const Shape& shape) const {
    return part_of(shape, options_.offset, shape.normalize_axis(options_.axis1),
                   shape.normalize_axis(options_.axis2));
  }
  DiagonalOptions options_;
};

class PlaceOnDiagonal : public Op {
 public:
  PlaceOnDiagonal(Shape shape, std::int64_t offset, std::size_t axis1, std::size_t axis2)
      : shape_(std::move(shape)), offset_(offset), axis1_(axis1), axis2_(axis2) {}
  std::string_view name() const override { return "place_on_diagonal"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& /*call*/) const override { return shape_; }
  void forward(Forward& forward) const override {
    Tensor& out = forward.output();
    std::memset(out.buffer()->data(), 0, out.bytes());
    const Part to = part_of(shape_, offset_, axis1_, axis2_);
    kernels::strided_copy(to.shape, forward.value(0), {.strides = kernels::contiguous_strides(to.shape)}, out,
                          to.layout);
  }
  void vjp(Backward& b) const override {
    b.give(0, diagonal(b.gradient(), {.offset = offset_,
                                      .axis1 = static_cast<std::int64_t>(axis1_),
                                      .axis2 = static_cast<std::int64_t>(axis2_)}));
  }

 private:
  Shape shape_;
  std::int64_t offset_;
  std::size_t axis1_, axis2_;
};

}  // namespace

Variable kernels::place_on_diagonal(const Variable& x, const Shape& shape, std::int64_t offset,
                                    std::size_t axis1, std::size_t axis2) {
  return apply(PlaceOnDiagonal(shape, offset, axis1, axis2), {x});
}

Variable diagonal(const Operand& x, DiagonalOptions options) { return apply(Diagonal(options), {x}); }

namespace records {

OpInfo diagonal() {
  const auto by = [](const Shape& x, DiagonalOptions options = {}) -> record::Case {
    return {kernels::describe(options), {x}, [=](std::span<const Variable> v) {
              return gradus::diagonal(v[0], options);
            }};
  };
  return record::cases({.signature = "(x, {.offset, .axis1 = 0, .axis2 = 1})",
                        .formula = "y[.., i] = x[i, i + offset] of two axes",
                        .gradient = "g on the diagonal of zeros",
                        .shapes = "[.., m, n] -> [.., the diagonal's length]",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}),
                                 by({n, n}, {.offset = 1}),
                                 by({n, n}, {.offset = -2}),
                                 by({2, n}, {.offset = 1}),
                                 by({n, 2}),
                                 by({n, 2}, {.offset = 9}),
                                 by({n, 2}, {.offset = -n}),
                                 by({2, n, 3}),
                                 by({2, n, 3}, {.offset = -1, .axis1 = -2, .axis2 = -1}),
                                 by({2, n, 3}, {.axis1 = 2, .axis2 = 0}),
                                 by({2, 3, 1, n}, {.offset = 1, .axis1 = 1, .axis2 = 3}),
                                 by({0, 3}),
                                 by({2, 0, 2}, {.axis1 = 0, .axis2 = 2})};
                       },
                       {{"needs rank 2 or more: x is [3]", by({3})},
                        {"axis 2 is out of range [-2, 1]: x is [2, 3]", by({2, 3}, {.axis2 = 2})},
                        {"axis1 and axis2 are both axis 0: x is [2, 3]", by({2, 3}, {.axis2 = -2})}});
}

}  // namespace records

}  // namespace gradus
