#include <gradus/graph/error.h>
#include <gradus/graph/shape.h>

#include <algorithm>

namespace gradus {

const Dims& Shape::no_dims() noexcept {
  static const auto* const none = new Dims;  // never destroyed: a global Shape may outlive it
  return *none;
}

void Shape::Extents::destroy() noexcept { delete this; }

Shape::Shape(Dims dims) {
  if (dims.empty()) return;
  std::int64_t elements = 1;
  bool empty = false;
  bool overflow = false;
  for (const std::int64_t dim : dims) {
    if (dim < 0) throw ShapeError("shape: extents must not be negative, got " + to_string(dims));
    if (dim == 0) {
      empty = true;
    } else {
      overflow = __builtin_mul_overflow(elements, dim, &elements) || overflow;
    }
  }
  // Sixteen bytes an element is more than any dtype takes, so byte counts cannot wrap either.
  if (!empty && (overflow || elements > INT64_MAX / 16)) {
    throw ShapeError("shape: the number of elements of " + to_string(dims) + " overflows");
  }
  extents_ = Ref<Extents>::adopt(new Extents);
  extents_->elements = empty ? 0 : elements;
  extents_->dims = std::move(dims);
}

std::size_t Shape::normalize_axis(std::int64_t axis) const {
  if (axis < -rank() || axis >= rank()) {
    throw ShapeError("axis " + std::to_string(axis) + " is out of range for shape " + to_string(*this));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + rank() : axis);
}

std::string to_string(const Dims& dims) {
  std::string text = "[";
  for (std::size_t i = 0; i < dims.size(); ++i) text += (i != 0 ? ", " : "") + std::to_string(dims[i]);
  return text + "]";
}

std::string to_string(const Shape& shape) { return to_string(shape.dims()); }

BroadcastShape broadcast_shapes(const Shape& a, const Shape& b) {
  if (a == b) return {true, a};
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Dims dims = longer.dims();
  const std::size_t offset = longer.dims().size() - shorter.dims().size();
  for (std::size_t i = 0; i < shorter.dims().size(); ++i) {
    std::int64_t& dim = dims[offset + i];
    if (dim == 1) {
      dim = shorter[i];
    } else if (shorter[i] != 1 && shorter[i] != dim) {
      return {};
    }
  }
  return {true, Shape(std::move(dims))};
}

Shape reshaped(const Shape& shape, const Dims& dims, std::string_view caller) {
  const auto request = [&] {
    return std::string(caller) + to_string(shape) + " to " + to_string(dims) + ": ";
  };
  Dims result = dims;
  std::size_t unknown = dims.size();
  std::int64_t known = 1;
  const bool empty = std::find(dims.begin(), dims.end(), 0) != dims.end();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == -1) {
      if (unknown != dims.size()) throw ShapeError(request() + "only one extent may be -1");
      unknown = i;
    } else if (dims[i] < 0) {
      throw ShapeError(request() + "extents must not be negative");
    } else if (empty) {
      known = 0;  // whatever the other extents' product is
    } else if (__builtin_mul_overflow(known, dims[i], &known)) {
      throw ShapeError(request() + "the number of elements overflows");
    }
  }
  if (unknown != dims.size()) {
    if (known == 0 || shape.elements() % known != 0) {
      throw ShapeError(request() + std::to_string(shape.elements()) +
                       " elements do not divide into rows of " + std::to_string(known));
    }
    result[unknown] = shape.elements() / known;
  } else if (known != shape.elements()) {
    throw ShapeError(request() + "the shapes hold " + std::to_string(shape.elements()) + " and " +
                     std::to_string(known) + " elements");
  }
  return Shape(std::move(result));
}

}  // namespace gradus
