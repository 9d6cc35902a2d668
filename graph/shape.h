#pragma once

#include <gradus/graph/dims.h>

#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// The extents of a tensor, outermost first; rank 0 is a scalar. Extents are never negative and their product
// never overflows: the constructors throw ShapeError.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<Dim> dims) : Shape(Dims(dims)) {}
  explicit Shape(Dims dims);
  explicit Shape(std::span<const std::int64_t> dims) : Shape(Dims(dims)) {}
  explicit Shape(const std::vector<std::int64_t>& dims) : Shape(std::span(dims)) {}

  Shape(const Shape&) = default;
  Shape& operator=(const Shape&) = default;
  Shape(Shape&& other) noexcept
      : dims_(std::move(other.dims_)), elements_(std::exchange(other.elements_, 1)) {}
  Shape& operator=(Shape&& other) noexcept {
    dims_ = std::move(other.dims_);
    elements_ = std::exchange(other.elements_, 1);
    return *this;
  }
  ~Shape() = default;

  int rank() const { return static_cast<int>(dims_.size()); }
  // The product of the extents: 1 for a scalar, 0 when an extent is 0.
  std::int64_t elements() const { return elements_; }

  // Extent of an axis; a negative one counts from the end. ShapeError outside [-rank, rank).
  std::int64_t dim(std::int64_t axis) const { return dims_[normalize_axis(axis)]; }
  std::int64_t operator[](std::size_t axis) const { return dims_[axis]; }  // REQUIRES axis < rank
  std::int64_t front() const { return dim(0); }
  std::int64_t back() const { return dim(-1); }
  // The axis counted from the front; ShapeError outside [-rank, rank).
  std::size_t normalize_axis(std::int64_t axis) const;

  const std::int64_t* begin() const { return dims_.begin(); }
  const std::int64_t* end() const { return dims_.end(); }
  const Dims& dims() const { return dims_; }

  friend bool operator==(const Shape& a, const Shape& b) { return a.dims_ == b.dims_; }

 private:
  Dims dims_;
  std::int64_t elements_ = 1;
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
