#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

namespace {

class Transpose : public Op {
 public:
  explicit Transpose(Axes axes) : axes_(std::move(axes)) {}
  std::string_view name() const override { return "transpose"; }
  OpAttributes attributes() const override {
    if (axes_.empty()) return {};
    return {{"axes", to_string(axes_)}};
  }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }

  Shape infer_shape(const Call& call) const override {
    const Shape& shape = call.shape(0);
    if (!axes_.empty()) {
      const bool fits = axes_.size() == shape.dims().size();
      Dims sorted = axes_;
      for (std::int64_t& axis : sorted) axis = axis < 0 ? axis + shape.rank() : axis;
      std::sort(sorted.begin(), sorted.end());
      for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (!fits || sorted[i] != static_cast<std::int64_t>(i)) {
          throw call.shape_error("the axes " + to_string(axes_) + " are no permutation of " +
                                 std::to_string(shape.rank()) + " axes");
        }
      }
    }
    Dims dims = shape.dims();
    const Dims source = source_axes(shape.dims().size());
    for (std::size_t i = 0; i < dims.size(); ++i) dims[i] = shape[static_cast<std::size_t>(source[i])];
    return Shape(std::move(dims));
  }

  void forward(Forward& forward) const override {
    const Dims from = kernels::contiguous_strides(forward.shape(0));
    const Dims source = source_axes(from.size());
    kernels::Layout layout = {.strides = from};
    for (std::size_t i = 0; i < from.size(); ++i)
      layout.strides[i] = from[static_cast<std::size_t>(source[i])];
    const Shape& shape = forward.output_shape();
    kernels::strided_copy(shape, forward.value(0), layout, forward.output(),
                          {.strides = kernels::contiguous_strides(shape)});
  }

  void vjp(Backward& b) const override {
    const Dims source = source_axes(b.shape(0).dims().size());
    Axes back(source.size(), 0);
    for (std::size_t i = 0; i < source.size(); ++i) {
      back[static_cast<std::size_t>(source[i])] = static_cast<std::int64_t>(i);
    }
    b.give(0, transpose(b.gradient(), {.axes = std::move(back)}));
  }

 private:
  // Which axis of the operand each axis of the result is.
  Dims source_axes(std::size_t rank) const {
    Dims source(rank, 0);
    for (std::size_t i = 0; i < rank; ++i) {
      source[i] = axes_.empty() ? static_cast<std::int64_t>(rank - 1 - i) : axes_[i];
      if (source[i] < 0) source[i] += static_cast<std::int64_t>(rank);
    }
    return source;
  }
  Axes axes_;
};

}  // namespace

Variable transpose(const Operand& x, TransposeOptions options) {
  return apply(Transpose(std::move(options.axes)), {x});
}

namespace records {

OpInfo transpose() {
  const auto by = [](const Shape& x, const Axes& axes) -> record::Case {
    return {axes.empty() ? "" : "axes = " + to_string(axes), {x}, [=](std::span<const Variable> v) {
              return gradus::transpose(v[0], {.axes = axes});
            }};
  };
  return record::cases(
      {.signature = "(x, {.axes})",
       .formula = "axis i of y is axis axes[i] of x",
       .gradient = "g transposed back",
       .shapes = "any -> its extents permuted",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}, {}),
                by({n, 2}, {1, 0}),
                by({2, n, 3}, {}),
                by({2, n, 3}, {0, 2, 1}),
                by({2, n, 3}, {-1, 0, 1}),
                by({n}, {}),
                by({}, {}),
                by({2, 1, n, 3}, {2, 0, 3, 1}),
                by({0, 3}, {})};
      },
      {{"the axes [0, 0] are no permutation of 2 axes: x is [2, 3]", by({2, 3}, {0, 0})},
       {"the axes [0, 2] are no permutation of 2 axes: x is [2, 3]", by({2, 3}, {0, 2})},
       {"the axes [0, 1, 2] are no permutation of 2 axes: x is [2, 3]", by({2, 3}, {0, 1, 2})}});
}

}  // namespace records

}  // namespace gradus
