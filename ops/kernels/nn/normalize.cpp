#include <gradus/graph/number_text.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/nn/normalize.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus::kernels {

namespace {

Axes as_axes(const Dims& axes) { return Axes(std::span(axes.begin(), axes.end())); }

}  // namespace

Dims normalized_axes(const Call& call, const Axes& axes) {
  if (!axes.empty()) return call.axes(axes);
  Dims all(call.shape(0).dims().size(), 0);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  return all;
}

void check_epsilon(const Call& call, double epsilon) {
  if (!(epsilon >= 0)) throw call.value_error("epsilon must be 0 or more, got " + scalar_text(epsilon));
}

void check_extents(const Call& call, std::size_t i, const Dims& axes) {
  Dims extents = axes;
  for (std::int64_t& axis : extents) axis = call.shape(0)[static_cast<std::size_t>(axis)];
  if (call.shape(i).dims() == extents) return;
  throw call.shape_error(call.operand_name(i) + " must be " + to_string(extents));
}

Variable along(const Variable& v, const Shape& x, const Dims& axes) {
  Dims dims(x.dims().size(), 1);
  for (const std::int64_t axis : axes) {
    dims[static_cast<std::size_t>(axis)] = x[static_cast<std::size_t>(axis)];
  }
  return dims == v.shape().dims() ? v : reshape(v, dims);
}

Moments moments(const Variable& x, const Dims& axes) {
  const ReduceOptions over = {.axis = as_axes(axes), .keepdims = true};
  const Variable average = mean(x, over);
  return {average, mean(square(subtract(x, average)), over)};
}

Variable normalized(const Variable& x, const Moments& moments, double epsilon, const Variable& scale,
                    const Variable& offset) {
  const Variable factor = divide(1, sqrt(add(moments.variance, epsilon))), rest = subtract(x, moments.mean);
  Variable y;
  if (!scale.defined()) {
    y = multiply(rest, factor);
  } else if (x.value().size() != 0) {  // the small product first
    y = multiply(rest, multiply(factor, scale));
  } else {  // a variance of nothing is NaN, which must not meet the gradient of the scale
    y = multiply(multiply(rest, factor), scale);
  }
  return offset.defined() ? add(y, offset) : y;
}

}  // namespace gradus::kernels
