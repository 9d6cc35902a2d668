#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus::kernels {

Shape batch_of(const Shape& shape) { return Shape(std::span(shape.begin(), shape.dims().size() - 2)); }

Shape batch_of_matrices(const Shape& batch, std::int64_t rows, std::int64_t columns) {
  Dims dims(batch.dims().size() + 2, rows);
  std::copy(batch.begin(), batch.end(), dims.begin());
  dims[dims.size() - 1] = columns;
  return Shape(std::move(dims));
}

Shape batch_of_vectors(const Shape& batch, std::int64_t size) {
  Dims dims(batch.dims().size() + 1, size);
  std::copy(batch.begin(), batch.end(), dims.begin());
  return Shape(std::move(dims));
}

void require_matrix(const Call& call, std::size_t i) {
  if (call.shape(i).rank() < 2) throw call.shape_error(call.operand_name(i) + " needs rank 2 or more");
}

void require_square(const Call& call, std::size_t i) {
  require_matrix(call, i);
  if (call.shape(i).dim(-1) != call.shape(i).dim(-2)) {
    throw call.shape_error(call.operand_name(i) + " must be square in its last two axes");
  }
}

void require_two_axes(const Call& call, DiagonalOptions options) {
  if (call.shape(0).rank() < 2) throw call.shape_error("needs rank 2 or more");
  const std::size_t axis1 = call.axis(options.axis1), axis2 = call.axis(options.axis2);
  if (axis1 == axis2) throw call.shape_error("axis1 and axis2 are both axis " + std::to_string(axis1));
}

std::string describe(DiagonalOptions options) {
  std::string text;
  const auto add = [&](const char* name, std::int64_t value, std::int64_t otherwise) {
    if (value == otherwise) return;
    text += (text.empty() ? "" : ", ") + std::string(name) + " = " + std::to_string(value);
  };
  add("offset", options.offset, 0);
  add("axis1", options.axis1, 0);
  add("axis2", options.axis2, 1);
  return text;
}

std::int64_t elements(const Call& call, const Dims& extents) {
  if (std::ranges::find(extents, 0) != extents.end()) return 0;  // whatever the others' product is
  std::int64_t product = 1;
  for (const std::int64_t extent : extents) {
    if (__builtin_mul_overflow(product, extent, &product)) throw call.shape_error("the extents overflow");
  }
  return product;
}

std::string matrix_at(const Shape& shape, std::int64_t index) {
  if (shape.rank() == 2) return "the matrix";
  Dims place = batch_of(shape).dims();
  for (std::size_t axis = place.size(); axis-- > 0;) {
    const std::int64_t extent = place[axis];
    place[axis] = index % extent;
    index /= extent;
  }
  return "the matrix at " + to_string(place);
}

Variable matrix_transpose(const Variable& x) {
  Axes axes(static_cast<std::size_t>(x.rank()), 0);
  for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<std::int64_t>(i);
  std::swap(axes[axes.size() - 1], axes[axes.size() - 2]);
  return transpose(x, {.axes = std::move(axes)});
}

Variable as_columns(const Variable& x) {
  Dims dims(x.shape().dims().size() + 1, 1);
  std::copy(x.shape().begin(), x.shape().end(), dims.begin());
  return reshape(x, dims);
}

Variable as_rows(const Variable& x) {
  Dims dims(x.shape().dims().size() + 1, 1);
  std::copy(x.shape().begin(), x.shape().end(), dims.begin());
  std::swap(dims[dims.size() - 1], dims[dims.size() - 2]);
  return reshape(x, dims);
}

Variable as_diagonals(const Variable& x) {
  const auto rank = static_cast<std::size_t>(x.rank());
  return place_on_diagonal(x, batch_of_vectors(x.shape(), x.shape().back()), 0, rank - 1, rank);
}

Tensor lower_mask(std::int64_t rows, std::int64_t columns, std::int64_t k) {
  Tensor mask = Tensor::empty({rows, columns}, DType::boolean);
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) mask.raw<bool>()[i * columns + j] = j - i <= k;
  }
  return mask;
}

}  // namespace gradus::kernels
