#pragma once

#include <gradus/graph/dims.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/reference_count.h>

#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// The extents of a tensor, outermost first; rank 0 is a scalar. Extents are never negative and their product
// never overflows: the constructors throw ShapeError. Copies share the extents, which never change: a node
// and its value, gradient and neighbours mostly have one shape.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<Dim> dims) : Shape(Dims(dims)) {}
  explicit Shape(Dims dims);
  explicit Shape(std::span<const std::int64_t> dims) : Shape(Dims(dims)) {}
  explicit Shape(const std::vector<std::int64_t>& dims) : Shape(std::span(dims)) {}

  void swap(Shape& other) noexcept { extents_.swap(other.extents_); }

  int rank() const { return extents_ ? static_cast<int>(extents_->dims.size()) : 0; }
  // The product of the extents: 1 for a scalar, 0 when an extent is 0.
  std::int64_t elements() const { return extents_ ? extents_->elements : 1; }

  // Extent of an axis; a negative one counts from the end. ShapeError outside [-rank, rank).
  std::int64_t dim(std::int64_t axis) const { return dims()[normalize_axis(axis)]; }
  std::int64_t operator[](std::size_t axis) const { return dims()[axis]; }  // REQUIRES axis < rank
  std::int64_t front() const { return dim(0); }
  std::int64_t back() const { return dim(-1); }
  // The axis counted from the front; ShapeError outside [-rank, rank).
  std::size_t normalize_axis(std::int64_t axis) const;

  const std::int64_t* begin() const { return dims().begin(); }
  const std::int64_t* end() const { return dims().end(); }
  const Dims& dims() const { return extents_ ? extents_->dims : no_dims(); }

  friend bool operator==(const Shape& a, const Shape& b) {
    const Extents *left = a.extents_.get(), *right = b.extents_.get();
    if (left == right) return true;
    return left != nullptr && right != nullptr && left->dims == right->dims;
  }

 private:
  struct Extents : memory::Pooled<Extents> {
    ReferenceCount references = {};
    std::int64_t elements = 1;
    Dims dims = {};

    void retain() noexcept { references.increment(); }
    void release() noexcept {
      if (references.decrement()) destroy();
    }
    void destroy() noexcept;
  };
  static const Dims& no_dims() noexcept;

  Ref<Extents> extents_;  // null for a scalar
};

std::string to_string(const Dims& dims);    // "[3, 4]"
std::string to_string(const Shape& shape);  // "[3, 4]"; "[]" for a scalar

// The shape NumPy broadcasts `a` and `b` to; `ok` is false where there is none.
struct BroadcastShape {
  bool ok = false;
  Shape shape = {};
};
BroadcastShape broadcast_shapes(const Shape& a, const Shape& b);

// The shape that `reshape` gives: one of `dims` may be -1 and is worked out. ShapeError, its text
// beginning with `caller`, when the sizes differ.
Shape reshaped(const Shape& shape, const Dims& dims, std::string_view caller = "reshape: ");

}  // namespace gradus
