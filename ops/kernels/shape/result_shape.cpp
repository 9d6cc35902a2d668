#include <gradus/ops/kernels/shape/result_shape.h>

namespace gradus::kernels {

Shape result_shape(const Call& call, Dims dims) {
  const std::string text = to_string(dims);
  try {
    return Shape(std::move(dims));
  } catch (const ShapeError&) {
    throw call.shape_error("the number of elements of " + text + " overflows");
  }
}

std::int64_t extent_sum(const Call& call, std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  throw call.shape_error("the extent " + std::to_string(a) + " + " + std::to_string(b) + " overflows");
}

std::int64_t extent_product(const Call& call, std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return product;
  throw call.shape_error("the extent " + std::to_string(a) + " * " + std::to_string(b) + " overflows");
}

std::size_t result_axis(const Call& call, std::int64_t axis, std::int64_t rank) {
  if (axis < -rank || axis >= rank) {
    throw call.shape_error("axis " + std::to_string(axis) + " is out of range [" + std::to_string(-rank) +
                           ", " + std::to_string(rank - 1) + "]");
  }
  return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
}

Dims axes_in_order(const Call& call, const Axes& axes) {
  call.axes(axes);
  Dims result = axes;
  for (std::int64_t& axis : result) axis = static_cast<std::int64_t>(call.axis(axis));
  return result;
}

}  // namespace gradus::kernels
