#pragma once

#include <gradus/graph/buffer.h>
#include <gradus/graph/dtype.h>
#include <gradus/graph/shape.h>

#include <array>
#include <iosfwd>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace gradus {

// A number or a braced list of them: what `Tensor{{1, 2}, {3, 4}}` is made of.
class TensorLiteral {
 public:
  template <class N>
  requires std::is_arithmetic_v<N> TensorLiteral(N number)  // NOLINT: implicit on purpose
      : number_(static_cast<double>(number)) {
    if constexpr (std::is_integral_v<N>) {
      integer_ = static_cast<std::int64_t>(number);
      is_integer_ = (integer_ < 0) == (number_ < 0);  // not so for an unsigned number beyond int64
    }
  }
  TensorLiteral(std::initializer_list<TensorLiteral> list) : list_(list), is_list_(true) {}  // NOLINT

 private:
  friend class LiteralReader;
  double number_ = 0;
  std::int64_t integer_ = 0;
  std::initializer_list<TensorLiteral> list_;
  bool is_integer_ = false;
  bool is_list_ = false;
};

// Dense, row-major, contiguous values of any rank. Copying a Tensor shares its buffer, as assignment does in
// NumPy; `clone()` copies the values. A Tensor that was default-constructed or moved from is undefined: it
// has no values, and every use of them throws StateError.
class Tensor {
 public:
  Tensor() = default;
  // From braces: float32 unless told otherwise. ShapeError for a ragged list, ValueError for a number that an
  // integer dtype does not have.
  Tensor(std::initializer_list<TensorLiteral> values, DType dtype = DType::float32);
  // From a vector or span: the dtype is the C++ type's (float -> float32, double -> float64, int -> int32,
  // long -> int64). ShapeError when the number of values is not the shape's.
  template <class T>
  requires std::is_arithmetic_v<T>
  explicit Tensor(const std::vector<T>& values) : Tensor(values, Shape{values.size()}) {}
  template <class T>
  requires std::is_arithmetic_v<T> Tensor(const std::vector<T>& values, const Shape& shape) {
    if constexpr (std::is_same_v<T, bool>) {
      *this = from_bools(values, shape);
    } else {
      *this = copy_of(values.data(), values.size(), shape);
    }
  }
  template <class T>
  requires std::is_arithmetic_v<T> Tensor(std::span<const T> values, const Shape& shape)
      : Tensor(copy_of(values.data(), values.size(), shape)) {}
  // From rows. ShapeError for a ragged list.
  template <class T>
  requires std::is_arithmetic_v<T>
  explicit Tensor(const std::vector<std::vector<T>>& rows) {
    std::vector<T> flat;
    const std::size_t columns = rows.empty() ? 0 : rows.front().size();
    for (const auto& row : rows) {
      if (row.size() != columns) throw_ragged();
      flat.insert(flat.end(), row.begin(), row.end());
    }
    *this = Tensor(flat, Shape{rows.size(), columns});
  }
  // Copies shape.elements() values from `data`.
  template <class T>
  requires std::is_arithmetic_v<T>
  static Tensor from(const T* data, const Shape& shape) {
    return copy_of(data, static_cast<std::size_t>(shape.elements()), shape);
  }

  static Tensor empty(const Shape& shape, DType dtype = DType::float32);  // values are not set
  static Tensor empty_like(const Tensor& other);                          // of the other's shape and dtype
  static Tensor zeros(const Shape& shape, DType dtype = DType::float32);
  static Tensor ones(const Shape& shape, DType dtype = DType::float32);
  static Tensor full(const Shape& shape, double value, DType dtype = DType::float32);
  static Tensor scalar(double value, DType dtype = DType::float32);        // shape []
  static Tensor arange(std::int64_t count, DType dtype = DType::float32);  // 0, 1, … count - 1
  static Tensor eye(std::int64_t size, DType dtype = DType::float32);

  void swap(Tensor& other) noexcept {
    buffer_.swap(other.buffer_);
    shape_.swap(other.shape_);
    std::swap(dtype_, other.dtype_);
  }

  bool defined() const noexcept { return static_cast<bool>(buffer_); }
  const Shape& shape() const noexcept { return buffer_ ? shape_ : no_values(); }
  DType dtype() const noexcept { return dtype_; }
  int rank() const noexcept { return shape().rank(); }
  std::int64_t size() const noexcept { return shape().elements(); }  // number of elements
  std::int64_t dim(std::int64_t axis) const { return shape().dim(axis); }
  // Whether both have one shape and dtype. REQUIRES that both are defined.
  bool is_like(const Tensor& other) const noexcept {
    return dtype_ == other.dtype_ && shape_ == other.shape_;
  }
  std::size_t bytes() const noexcept { return static_cast<std::size_t>(size()) * item_size(dtype_); }

  // The values, row by row. DTypeError unless T is the dtype's C++ type.
  template <Element T>
  std::span<const T> values() const {
    require(dtype_of<T>());
    return {raw<T>(), static_cast<std::size_t>(size())};
  }
  // The same for writing in place: every Tensor that shares the buffer sees the change, and a graph that
  // needs the old values refuses to run backward.
  template <Element T>
  std::span<T> mutable_values() {
    require(dtype_of<T>());
    buffer_->bump_version();
    return {raw<T>(), static_cast<std::size_t>(size())};
  }
  // The values as a vector of T, converted where T is another type.
  template <class T>
  requires std::is_arithmetic_v<T> std::vector<T> to_vector()
  const {
    require_defined();
    std::vector<T> result(static_cast<std::size_t>(size()));
    dispatch(dtype_, [&]<class S>() {
      const S* source = raw<S>();
      for (std::size_t i = 0; i < result.size(); ++i) result[i] = static_cast<T>(source[i]);
    });
    return result;
  }

  // The value of a tensor with one element. ShapeError for any other size.
  template <class T = double>
  T item() const {
    require_item();
    return dispatch(dtype_, [&]<class S>() { return static_cast<T>(raw<S>()[0]); });
  }
  // One element: `t(1, -1)`. ShapeError for a wrong number of indices or one out of range.
  template <std::integral... I>
  double operator()(I... index) const {
    return at(std::array<std::int64_t, sizeof...(I)>{static_cast<std::int64_t>(index)...});
  }
  double at(std::span<const std::int64_t> index) const;
  // Writes one element in place: `t.set({1, 0}, 3.5)`. A fraction in an integer tensor is a ValueError.
  void set(std::initializer_list<Dim> index, double value);
  void fill(double value);               // in place
  void copy_from(const Tensor& source);  // in place; ShapeError, DTypeError unless both agree
  // A copy of row `index` of the first axis.
  Tensor operator[](std::int64_t index) const;
  // A copy of the rows [begin, end) of the first axis.
  Tensor rows(std::int64_t begin, std::int64_t end) const;

  Tensor clone() const;
  // The same values under another shape, sharing the buffer; one extent may be -1. ShapeError when sizes
  // differ.
  Tensor reshape(const Dims& dims) const;
  Tensor reshape(const Shape& shape) const { return reshape(shape.dims()); }
  Tensor reshape(std::initializer_list<Dim> dims) const { return reshape(Dims(dims)); }
  // A copy converted to `dtype`; shares when it is the same. Towards an integer the fraction is cut off;
  // ValueError for a value outside its range and for NaN.
  Tensor cast(DType dtype) const;

  // The values as an Eigen matrix of the last axis's width; defined in <gradus/graph/eigen.h>.
  template <Element T>
  auto matrix() const;
  template <Element T>
  auto mutable_matrix();

  // For kernels that fill a tensor nobody else has seen: no check, no new version.
  template <Element T>
  T* raw() const noexcept {
    return reinterpret_cast<T*>(buffer_->data());
  }
  const Ref<Buffer>& buffer() const noexcept { return buffer_; }
  std::uint32_t version() const noexcept { return buffer_ ? buffer_->version() : 0; }
  // StateError for an undefined Tensor.
  void require_defined() const {
    if (!buffer_) throw_undefined();
  }

 private:
  Tensor(Ref<Buffer> buffer, const Shape& shape, DType dtype) noexcept
      : buffer_(std::move(buffer)), shape_(shape), dtype_(dtype) {}
  template <class T>
  static constexpr DType stored_dtype() {
    if constexpr (std::is_same_v<T, bool>) return DType::boolean;
    if constexpr (std::is_floating_point_v<T>) return sizeof(T) == 4 ? DType::float32 : DType::float64;
    static_assert(std::is_floating_point_v<T> || sizeof(T) >= 4, "tensors hold 32 and 64 bit integers");
    return sizeof(T) == 4 ? DType::int32 : DType::int64;
  }
  template <class T>
  static Tensor copy_of(const T* data, std::size_t count, const Shape& shape) {
    return copy_of(static_cast<const void*>(data), count, shape, stored_dtype<T>());
  }
  static Tensor copy_of(const void* data, std::size_t count, const Shape& shape, DType dtype);
  static Tensor from_bools(const std::vector<bool>& values, const Shape& shape);
  std::size_t offset(std::span<const std::int64_t> index) const;
  void require(DType dtype) const;
  void require_item() const;
  [[noreturn]] static void throw_ragged();
  [[noreturn]] static void throw_undefined();
  static const Shape& no_values() noexcept;  // [0], the shape of an undefined Tensor

  Ref<Buffer> buffer_;
  Shape shape_;
  DType dtype_ = DType::float32;
};

// Same dtype, same shape, and the same bits throughout.
bool identical(const Tensor& a, const Tensor& b);

struct CloseOptions {
  double rtol = 1e-5;
  double atol = 1e-8;
  bool equal_nan = false;
};
// |a - b| <= atol + rtol * |b| for every element, as NumPy's allclose; false when the shapes differ.
bool all_close(const Tensor& a, const Tensor& b, CloseOptions options = {});

// As NumPy prints an array.
std::string to_string(const Tensor& tensor);
std::ostream& operator<<(std::ostream& out, const Tensor& tensor);

}  // namespace gradus
