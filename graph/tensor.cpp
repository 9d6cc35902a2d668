#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/tensor.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <string>
#include <utility>

namespace gradus {

Ref<Buffer> Buffer::make(std::size_t bytes) {
  const memory::SizeClass size = memory::size_class(sizeof(Buffer) + bytes);
  return Ref<Buffer>::adopt(new (memory::allocate(sizeof(Buffer) + bytes, size).data) Buffer(size));
}

Ref<Buffer> Buffer::make(memory::SizeClass size) {
  return Ref<Buffer>::adopt(new (memory::allocate(size.capacity, size).data) Buffer(size));
}

namespace {

template <class T>
[[noreturn]] void throw_no_value(const std::string& value) {
  throw ValueError("Tensor: " + value + " is no value of " + std::string(to_string(dtype_of<T>())));
}

// A number as an element: integers take no fraction and nothing beyond their range.
template <class T>
T converted(double value) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    constexpr auto kLeast = static_cast<double>(std::numeric_limits<T>::min());
    if (!(value >= kLeast && value < -kLeast) || value != std::trunc(value))
      throw_no_value<T>(scalar_text(value));
  }
  return static_cast<T>(value);
}

template <class To, class From>
To cast_element(From value) {
  if constexpr (is_integer(dtype_of<To>()) && std::is_floating_point_v<From>) {
    constexpr auto kLeast = static_cast<From>(std::numeric_limits<To>::min());
    const From whole = std::trunc(value);
    if (!(whole >= kLeast && whole < -kLeast)) throw_no_value<To>(scalar_text(value));
  } else if constexpr (std::is_same_v<To, std::int32_t> && std::is_same_v<From, std::int64_t>) {
    if (!std::in_range<std::int32_t>(value)) throw_no_value<To>(std::to_string(value));
  }
  return static_cast<To>(value);
}

}  // namespace

// Reads nested braces into a flat list and checks that they are not ragged.
class LiteralReader {
 public:
  explicit LiteralReader(std::initializer_list<TensorLiteral> list) {
    // The first item of each level says how deep the braces go; `read` holds all others to that.
    const auto* level = &list;
    while (level != nullptr) {
      extents_.push_back(static_cast<std::int64_t>(level->size()));
      const TensorLiteral* first = level->begin();
      level = level->size() != 0 && first->is_list_ ? &first->list_ : nullptr;
    }
    read(list, 0);
  }

  Tensor tensor(DType dtype) const {
    Tensor result = Tensor::empty(Shape(extents_), dtype);
    dispatch(dtype, [&]<class T>() {
      T* out = result.raw<T>();
      for (const TensorLiteral* literal : numbers_) {
        if (std::is_same_v<T, std::int64_t> && literal->is_integer_) {
          *out++ = static_cast<T>(literal->integer_);
        } else {
          *out++ = converted<T>(literal->number_);
        }
      }
    });
    return result;
  }

 private:
  void read(std::initializer_list<TensorLiteral> list, std::size_t depth) {
    if (static_cast<std::int64_t>(list.size()) != extents_[depth]) ragged();
    const bool innermost = depth + 1 == extents_.size();
    for (const TensorLiteral& item : list) {
      if (item.is_list_ == innermost) ragged();
      if (item.is_list_) {
        read(item.list_, depth + 1);
      } else {
        numbers_.push_back(&item);
      }
    }
  }
  [[noreturn]] static void ragged() {
    throw ShapeError("Tensor: the braces are ragged: lists of one level differ");
  }

  std::vector<std::int64_t> extents_;
  std::vector<const TensorLiteral*> numbers_;
};

Tensor::Tensor(std::initializer_list<TensorLiteral> values, DType dtype)
    : Tensor(LiteralReader(values).tensor(dtype)) {}

Tensor Tensor::empty(const Shape& shape, DType dtype) {
  const std::size_t bytes = static_cast<std::size_t>(shape.elements()) * item_size(dtype);
  return {Buffer::make(bytes), shape, dtype};
}

Tensor Tensor::empty_like(const Tensor& other) {
  other.require_defined();
  return {Buffer::make(other.buffer_->size_class()), other.shape_, other.dtype_};
}

Tensor Tensor::zeros(const Shape& shape, DType dtype) {
  Tensor result = empty(shape, dtype);
  std::memset(result.buffer_->data(), 0, result.bytes());
  return result;
}

Tensor Tensor::ones(const Shape& shape, DType dtype) { return full(shape, 1, dtype); }

namespace {

void fill_raw(const Tensor& tensor, double value) {
  dispatch(tensor.dtype(),
           [&]<class T>() { std::fill_n(tensor.raw<T>(), tensor.size(), converted<T>(value)); });
}

}  // namespace

Tensor Tensor::full(const Shape& shape, double value, DType dtype) {
  Tensor result = empty(shape, dtype);
  fill_raw(result, value);
  return result;
}

Tensor Tensor::scalar(double value, DType dtype) { return full({}, value, dtype); }

Tensor Tensor::arange(std::int64_t count, DType dtype) {
  Tensor result = empty({count}, dtype);
  dispatch(dtype, [&]<class T>() {
    for (std::int64_t i = 0; i < count; ++i) result.raw<T>()[i] = static_cast<T>(i);
  });
  return result;
}

Tensor Tensor::eye(std::int64_t size, DType dtype) {
  Tensor result = zeros({size, size}, dtype);
  dispatch(dtype, [&]<class T>() {
    for (std::int64_t i = 0; i < size; ++i) result.raw<T>()[i * size + i] = static_cast<T>(1);
  });
  return result;
}

Tensor Tensor::copy_of(const void* data, std::size_t count, const Shape& shape, DType dtype) {
  if (count != static_cast<std::size_t>(shape.elements())) {
    throw ShapeError("Tensor: " + std::to_string(count) + " values do not fill the shape " +
                     to_string(shape));
  }
  Tensor result = empty(shape, dtype);
  if (count != 0) std::memcpy(result.buffer_->data(), data, result.bytes());
  return result;
}

Tensor Tensor::from_bools(const std::vector<bool>& values, const Shape& shape) {
  const auto bytes = std::make_unique<bool[]>(values.size());
  std::copy(values.begin(), values.end(), bytes.get());
  return copy_of(bytes.get(), values.size(), shape, DType::boolean);
}

std::size_t Tensor::offset(std::span<const std::int64_t> index) const {
  require_defined();
  if (index.size() != shape_.dims().size()) {
    throw ShapeError("Tensor: " + std::to_string(index.size()) + " indices for shape " + to_string(shape_));
  }
  std::int64_t offset = 0;
  for (std::size_t axis = 0; axis < index.size(); ++axis) {
    const std::int64_t extent = shape_[axis];
    if (index[axis] < -extent || index[axis] >= extent) {
      throw ShapeError("Tensor: index " + std::to_string(index[axis]) + " is out of range for axis " +
                       std::to_string(axis) + " of shape " + to_string(shape_));
    }
    offset = offset * extent + (index[axis] < 0 ? index[axis] + extent : index[axis]);
  }
  return static_cast<std::size_t>(offset);
}

double Tensor::at(std::span<const std::int64_t> index) const {
  const std::size_t position = offset(index);
  return dispatch(dtype_, [&]<class T>() { return static_cast<double>(raw<T>()[position]); });
}

void Tensor::set(std::initializer_list<Dim> index, double value) {
  const std::size_t position = offset(Dims(index));
  dispatch(dtype_, [&]<class T>() {
    const T element = converted<T>(value);
    buffer_->bump_version();
    raw<T>()[position] = element;
  });
}

void Tensor::fill(double value) {
  require_defined();
  fill_raw(*this, value);
  buffer_->bump_version();
}

void Tensor::copy_from(const Tensor& source) {
  source.require(dtype_);
  require_defined();
  if (source.shape_ != shape_) {
    throw ShapeError("copy_from: the source is " + to_string(source.shape_) + ", the tensor is " +
                     to_string(shape_));
  }
  buffer_->bump_version();
  std::memmove(buffer_->data(), source.buffer_->data(), bytes());
}

Tensor Tensor::operator[](std::int64_t index) const {
  require_defined();
  if (rank() == 0) throw ShapeError("Tensor: a scalar has no rows");
  const std::int64_t extent = shape_[0];
  if (index < -extent || index >= extent) {
    throw ShapeError("Tensor: row " + std::to_string(index) + " is out of range for shape " +
                     to_string(shape_));
  }
  const std::int64_t row = index < 0 ? index + extent : index;
  return rows(row, row + 1).reshape(Dims(std::span(shape_.begin() + 1, shape_.end())));
}

Tensor Tensor::rows(std::int64_t begin, std::int64_t end) const {
  require_defined();
  if (rank() == 0 || begin < 0 || end < begin || end > shape_[0]) {
    throw ShapeError("rows: [" + std::to_string(begin) + ", " + std::to_string(end) +
                     ") is out of range for shape " + to_string(shape_));
  }
  Dims dims = shape_.dims();
  const std::size_t row_bytes = shape_[0] == 0 ? 0 : bytes() / static_cast<std::size_t>(shape_[0]);
  dims[0] = end - begin;
  Tensor result = empty(Shape(std::move(dims)), dtype_);
  std::memcpy(result.buffer_->data(), buffer_->data() + static_cast<std::size_t>(begin) * row_bytes,
              result.bytes());
  return result;
}

Tensor Tensor::clone() const {
  require_defined();
  return copy_of(buffer_->data(), static_cast<std::size_t>(size()), shape_, dtype_);
}

Tensor Tensor::reshape(const Dims& dims) const {
  require_defined();
  return {buffer_, reshaped(shape_, dims), dtype_};
}

Tensor Tensor::cast(DType dtype) const {
  require_defined();
  if (dtype == dtype_) return *this;
  Tensor result = empty(shape_, dtype);
  dispatch(dtype_, [&]<class From>() {
    dispatch(dtype, [&]<class To>() {
      const From* from = raw<From>();
      To* to = result.raw<To>();
      const std::int64_t count = size();
      for (std::int64_t i = 0; i < count; ++i) to[i] = cast_element<To>(from[i]);
    });
  });
  return result;
}

void Tensor::require(DType dtype) const {
  require_defined();
  if (dtype != dtype_) {
    throw DTypeError("Tensor: the values are " + std::string(to_string(dtype_)) + ", not " +
                     std::string(to_string(dtype)));
  }
}

void Tensor::require_item() const {
  require_defined();
  if (size() != 1) throw ShapeError("item: needs one element, the shape is " + to_string(shape_));
}

void Tensor::throw_ragged() { throw ShapeError("Tensor: the rows are ragged: they differ in length"); }

const Shape& Tensor::no_values() noexcept {
  static const auto* const shape = new Shape{0};  // never destroyed: a global Tensor may outlive it
  return *shape;
}

void Tensor::throw_undefined() {
  throw StateError("Tensor: used before it was given values, or after a move");
}

bool identical(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  return a.dtype() == b.dtype() && a.shape() == b.shape() &&
         std::memcmp(a.buffer()->data(), b.buffer()->data(), a.bytes()) == 0;
}

bool all_close(const Tensor& a, const Tensor& b, CloseOptions options) {
  if (a.shape() != b.shape()) return false;
  const std::vector<double> left = a.to_vector<double>(), right = b.to_vector<double>();
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == right[i] || (options.equal_nan && std::isnan(left[i]) && std::isnan(right[i]))) continue;
    if (!(std::abs(left[i] - right[i]) <= options.atol + options.rtol * std::abs(right[i])) ||
        std::isinf(right[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace gradus
