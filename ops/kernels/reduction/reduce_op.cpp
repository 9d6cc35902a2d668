#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/shape.h>

namespace gradus::kernels {

OpAttributes ReduceOp::attributes() const {
  OpAttributes result;
  if (!options_.axis.empty()) result.push_back({"axis", to_string(options_.axis)});
  if (options_.keepdims) result.push_back({"keepdims", "true"});
  return result;
}

Shape ReduceOp::infer_shape(const Call& call) const {
  const Shape& shape = call.shape(0);
  const Dims axes = call.axes(options_.axis);
  if (options_.keepdims) return kept_shape(shape, axes);
  if (axes.empty()) return {};
  Dims dims(shape.dims().size() - axes.size(), 0);
  std::size_t kept = 0, next = 0;
  for (std::size_t axis = 0; axis < shape.dims().size(); ++axis) {
    if (next < axes.size() && axes[next] == static_cast<std::int64_t>(axis)) {
      ++next;
    } else {
      dims[kept++] = shape[axis];
    }
  }
  return Shape(std::move(dims));
}

Shape ReduceOp::kept_shape(const Shape& shape, const Dims& axes) {
  Dims dims = shape.dims();
  for (std::size_t axis = 0; axis < dims.size() && axes.empty(); ++axis) dims[axis] = 1;
  for (const std::int64_t axis : axes) dims[static_cast<std::size_t>(axis)] = 1;
  return Shape(std::move(dims));
}

Shape ReduceOp::kept_shape(const Backward& b) const {
  Dims axes = options_.axis;
  for (std::int64_t& axis : axes) axis = static_cast<std::int64_t>(b.shape(0).normalize_axis(axis));
  return kept_shape(b.shape(0), axes);
}

Variable ReduceOp::kept(const Backward& b, const Variable& x) const {
  const Shape shape = kept_shape(b);
  return x.shape() == shape ? x : reshape(x, shape.dims());
}

double ReduceOp::group_size(const Shape& shape, const Shape& kept) {
  double size = 1;
  for (std::size_t axis = 0; axis < shape.dims().size(); ++axis) {
    if (kept[axis] == 1) size *= static_cast<double>(shape[axis]);
  }
  return size;
}

}  // namespace gradus::kernels
