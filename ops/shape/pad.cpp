#include <gradus/graph/apply.h>
#include <gradus/graph/error.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/suggest.h>
#include <gradus/ops/kernels/shape/result_shape.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gradus {

namespace {

constexpr std::array<std::string_view, 4> kModes = {"constant", "edge", "reflect", "symmetric"};

// Which of n values stands at position i of an axis that goes on in both directions.
std::int64_t source(PadMode mode, std::int64_t i, std::int64_t n) {
  if (mode == PadMode::edge) return std::clamp<std::int64_t>(i, 0, n - 1);
  // Back and forth: a period holds every value twice but, in reflect, the two at the ends.
  const std::int64_t period = mode == PadMode::reflect ? std::max<std::int64_t>(2 * n - 2, 1) : 2 * n;
  const std::int64_t place = (i % period + period) % period;
  return place < n ? place : mode == PadMode::reflect ? period - place : period - 1 - place;
}

// The number in x's dtype.
Tensor constant_of(const Expansion& op, double value) {
  try {
    return Tensor::scalar(value, op[0].dtype());
  } catch (const ValueError&) {
    throw op.value_error("the constant " + scalar_text(value) + " is no " +
                         std::string(to_string(op[0].dtype())));
  }
}

// x among copies of one value.
class PadConstant : public Op {
 public:
  PadConstant(Shape shape, Dims before, Tensor value)
      : shape_(std::move(shape)), before_(std::move(before)), value_(std::move(value)) {}
  std::string_view name() const override { return "pad"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& /*call*/) const override { return shape_; }
  void forward(Forward& forward) const override {
    Tensor& y = forward.output();
    dispatch(y.dtype(), [&]<class T>() { std::fill_n(y.raw<T>(), y.size(), *value_.raw<T>()); });
    const Dims strides = kernels::contiguous_strides(shape_);
    kernels::Layout target = {.strides = strides};
    for (std::size_t i = 0; i < strides.size(); ++i) target.offset += before_[i] * strides[i];
    const Shape& x = forward.shape(0);
    kernels::strided_copy(x, forward.value(0), {.strides = kernels::contiguous_strides(x)}, y, target);
  }
  void vjp(Backward& b) const override {
    std::vector<Slice> inside(before_.size());
    for (std::size_t i = 0; i < inside.size(); ++i) {
      inside[i] = {.start = before_[i], .stop = before_[i] + b.shape(0)[i]};
    }
    b.give(0, slice(b.gradient(), inside));
  }

 private:
  Shape shape_;
  Dims before_;
  Tensor value_;
};

Variable with_own_values(const Variable& x, std::size_t axis, PadWidth width, PadMode mode) {
  const std::int64_t n = x.shape()[axis];
  Tensor indices = Tensor::empty({width.before + n + width.after}, DType::int64);
  for (std::int64_t i = 0; i < indices.size(); ++i) {
    indices.raw<std::int64_t>()[i] = source(mode, i - width.before, n);
  }
  return take(x, indices, {.axis = static_cast<std::int64_t>(axis)});
}

}  // namespace

PadMode::PadMode(std::string_view name) : kind_(static_cast<Kind>(find_name("pad mode", name, kModes))) {}

Variable pad(const Operand& x, const std::vector<PadWidth>& pad_width, PadOptions options) {
  const Expansion op({.name = "pad", .takes = Takes::anything}, {x});
  Dims dims = op.shape(0).dims();
  if (pad_width.size() != dims.size() && pad_width.size() != 1) {
    throw op.shape_error(std::to_string(pad_width.size()) + " widths for " + std::to_string(dims.size()) +
                         " axes");
  }
  const auto width = [&](std::size_t axis) { return pad_width[pad_width.size() == 1 ? 0 : axis]; };
  for (const PadWidth& one : pad_width) {
    if (one.before < 0 || one.after < 0) {
      throw op.value_error("the width " + std::to_string(std::min(one.before, one.after)) + " is negative");
    }
  }
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    const std::int64_t added = kernels::extent_sum(op.call(), width(axis).before, width(axis).after);
    if (dims[axis] == 0 && added != 0 && options.mode != PadMode::fill) {
      throw op.shape_error("axis " + std::to_string(axis) + " is empty and has nothing to pad with");
    }
    dims[axis] = kernels::extent_sum(op.call(), dims[axis], added);
  }
  kernels::result_shape(op.call(), dims);
  const Tensor value = constant_of(op, options.constant_values);
  if (options.mode == PadMode::fill) {
    Dims before = dims;
    for (std::size_t axis = 0; axis < dims.size(); ++axis) before[axis] = width(axis).before;
    return apply(PadConstant(Shape(dims), std::move(before), value), {op[0]});
  }
  Variable y = reshape(op[0], op.shape(0).dims());
  for (std::size_t axis = 0; axis < dims.size(); ++axis) {
    if (y.shape()[axis] != dims[axis]) y = with_own_values(y, axis, width(axis), options.mode);
  }
  return op.named(std::move(y));
}

namespace records {

OpInfo pad() {
  const auto by = [](const Shape& x, const std::vector<PadWidth>& width, PadMode mode = {},
                     double constant_values = 0,
                     const record::Draw& draw = record::uniform()) -> record::Case {
    std::string arguments = "pad_width = [";
    for (const auto& [before, after] : width) {
      arguments += "(" + std::to_string(before) + ", " + std::to_string(after) + "), ";
    }
    arguments += "], mode = '" + std::string(kModes[mode]) + "'";
    if (constant_values != 0) arguments += ", constant_values = " + scalar_text(constant_values);
    return {std::move(arguments),
            {x},
            [=](std::span<const Variable> v) {
              return gradus::pad(v[0], width, {.mode = mode, .constant_values = constant_values});
            },
            {draw}};
  };
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  constexpr auto kEdge = PadMode::edge;
  constexpr auto kReflect = PadMode::reflect;
  constexpr auto kSymmetric = PadMode::symmetric;
  return record::cases(
      {.signature = "(x, {{before, after}, ..}, {.mode = \"constant\", .constant_values = 0})",
       .formula = "x, wider at the ends of its axes",
       .gradient = "g of each place added where its value came from",
       .shapes = "any -> before + n + after",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}, {{1, 2}, {0, 3}}),
                by({n}, {{2, 0}}, {}, 1.5),
                by({n, 3}, {{1, 1}}),
                by({}, {}),
                by({n, n}, {{1, 2}, {0, 3}}, kEdge),
                by({n, n}, {{1, 2}, {0, 3}}, kReflect),
                by({n, n}, {{1, 2}, {0, 3}}, kSymmetric),
                by({3}, {{8, 9}}, kEdge),
                by({3}, {{8, 9}}, kReflect),
                by({3}, {{8, 9}}, kSymmetric),
                by({1, n}, {{2, 1}}, kReflect),
                by({2, 1, n}, {{0, 0}, {1, 1}, {2, 0}}, kReflect),
                by({1, 2, n, 2}, {{0, 0}, {1, 1}, {1, 1}, {0, 0}}),
                by({0, 3}, {{1, 1}, {0, 2}}, {}, -2),
                by({0, 3}, {{0, 0}, {1, 2}}, kEdge)};
      },
      {{"3 widths for 2 axes: x is [2, 3]", by({2, 3}, {{1, 1}, {1, 1}, {1, 1}})},
       {"0 widths for 1 axes: x is [2]", by({2}, {})},
       {"the width -1 is negative", by({2, 3}, {{0, 0}, {1, -1}})},
       {"axis 0 is empty and has nothing to pad with: x is [0, 3]", by({0, 3}, {{1, 0}, {0, 0}}, kReflect)},
       {"the extent 4611686018427387904 + 4611686018427387904 overflows: x is [2]",
        by({2}, {{kHuge, kHuge}})},
       {"the number of elements of [4611686018427387906] overflows: x is [2]", by({2}, {{kHuge, 0}})},
       {"the constant 0.5 is no int64", by({2}, {{1, 1}}, {}, 0.5, record::ones(DType::int64))}});
}

}  // namespace records

}  // namespace gradus
