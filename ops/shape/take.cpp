#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/shape/gather.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <array>
#include <cstring>

namespace gradus {

namespace {

using Axis = std::optional<std::int64_t>;

// x along the axis, or all of it where there is none.
kernels::AxisSplit along(const Shape& shape, const Axis& axis) {
  return axis ? kernels::AxisSplit(shape, shape.normalize_axis(*axis))
              : kernels::AxisSplit(Shape{shape.elements()}, 0);
}

class Take : public Op {
 public:
  explicit Take(Axis axis) : axis_(axis) {}
  std::string_view name() const override { return "take"; }
  OpAttributes attributes() const override {
    if (!axis_) return {};
    return {{"axis", std::to_string(*axis_)}};
  }
  std::span<const std::string_view> operand_names() const override {
    static constexpr std::array<std::string_view, 2> kNames = {"x", "indices"};
    return kNames;
  }
  DType operand_dtype(const Call& call, std::size_t i) const override {
    return i == 0 ? call.dtype(0) : kernels::index_dtype(call, 1);
  }
  Shape infer_shape(const Call& call) const override {
    const Shape &x = call.shape(0), &indices = call.shape(1);
    if (!axis_) return indices;
    const std::size_t axis = call.axis(*axis_), places = indices.dims().size();
    Dims dims(x.dims().size() - 1 + places, 0);
    for (std::size_t i = 0; i < axis; ++i) dims[i] = x[i];
    for (std::size_t i = 0; i < places; ++i) dims[axis + i] = indices[i];
    for (std::size_t i = axis + 1; i < x.dims().size(); ++i) dims[places + i - 1] = x[i];
    return kernels::result_shape(call, std::move(dims));
  }
  void forward(Forward& forward) const override {
    const kernels::AxisSplit split = along(forward.shape(0), axis_);
    kernels::check_indices(forward, forward.value(1), split.extent);
    kernels::gather(forward.value(0), split, forward.value(1), forward.output());
  }
  void vjp(Backward& b) const override;

 private:
  Axis axis_;
};

// The gradient of take: each value of g added, among zeros, in the place that it was taken from.
class TakeGradient : public Op {
 public:
  TakeGradient(Axis axis, Shape shape) : axis_(axis), shape_(std::move(shape)) {}
  std::string_view name() const override { return "take_gradient"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& /*call*/) const override { return shape_; }
  void forward(Forward& forward) const override {
    Tensor& out = forward.output();
    std::memset(out.buffer()->data(), 0, out.bytes());
    kernels::scatter_add(forward.value(0), along(shape_, axis_), forward.value(1), out);
  }
  void vjp(Backward& b) const override { b.give(0, take(b.gradient(), b.input(1), {.axis = axis_})); }

 private:
  Axis axis_;
  Shape shape_;
};

void Take::vjp(Backward& b) const {
  b.give(0, apply(TakeGradient(axis_, b.shape(0)), {b.gradient(), b.input(1)}));
}

}  // namespace

Variable take(const Operand& x, const Operand& indices, TakeOptions options) {
  return apply(Take(options.axis), {x, kernels::index_operand(indices)});
}

namespace records {

OpInfo take() {
  const auto of = [](const Shape& x, const Tensor& indices, const Axis& axis = {}) -> record::Case {
    return {axis ? "axis = " + std::to_string(*axis) : "",
            {x, indices.shape()},
            [=](std::span<const Variable> v) { return gradus::take(v[0], v[1], {.axis = axis}); },
            {record::uniform(), record::constant(indices)}};
  };
  const auto at = [](std::initializer_list<TensorLiteral> indices) { return Tensor(indices, DType::int64); };
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  return record::cases(
      {.signature = "(x, indices, {.axis})",
       .formula = "y[.., i, ..] = x[.., indices[i], ..]",
       .gradient = "each g[i] added in its place among zeros",
       .shapes = "any, any -> the indices' shape at the axis",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {of({n, n}, at({0, 2, 0}), 0),
                of({n, n}, at({-1, 1}), -1),
                of({n, 2}, at({{0, 7}, {-8, 7}})),
                of({n}, Tensor({1}, DType::int32).reshape(Shape()), 0),
                of({2, n, 3}, at({{1, -n}, {3, 1}}), 1),
                of({}, at({0, -1})),
                of({2, 1, n, 2}, at({1, 1, 1}), 3),
                of({n, 2}, Tensor::zeros({0}, DType::int64), 0),
                of({0, 3}, at({2, 0}), 1),
                of({0}, Tensor::zeros({2, 0}, DType::int64))};
      },
      {{"index 3 is out of range [-3, 2]", of({3, 2}, at({0, 3}), 0)},
       {"index -3 is out of range [-2, 1]", of({3, 2}, at({{-3}}), 1)},
       {"index 4611686018427387904 is out of range [-6, 5]", of({3, 2}, at({kHuge}))},
       {"index 0 of an empty axis", of({0, 2}, at({0}), 0)},
       {"axis 2 is out of range [-2, 1]: x is [3, 2], indices is [1]", of({3, 2}, at({0}), 2)},
       {"axis 0 of a scalar: x is [], indices is [1]", of({}, at({0}), 0)},
       {"the indices must be integers: x is float32, indices is float32", of({3, 2}, {0}, 0)}});
}

}  // namespace records

}  // namespace gradus
