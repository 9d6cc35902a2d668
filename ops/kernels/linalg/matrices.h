#pragma once

#include <gradus/graph/call.h>
#include <gradus/ops/linalg.h>

#include <string>

// Tensors seen as batches of matrices: the last two axes are rows and columns.

namespace gradus::kernels {

// All axes but the last two.
Shape batch_of(const Shape& shape);
// A batch of [rows, columns]; of vectors.
Shape batch_of_matrices(const Shape& batch, std::int64_t rows, std::int64_t columns);
Shape batch_of_vectors(const Shape& batch, std::int64_t size);

// ShapeError unless operand i has two axes; unless it has two equal ones.
void require_matrix(const Call& call, std::size_t i = 0);
void require_square(const Call& call, std::size_t i = 0);
// ShapeError unless the options name two axes of operand 0.
void require_two_axes(const Call& call, DiagonalOptions options);
// The options that are not the default, for a record: "offset = 1, axis2 = 2".
std::string describe(DiagonalOptions options);

// The product of some extents. ShapeError where it cannot be counted.
std::int64_t elements(const Call& call, const Dims& extents);

// "the matrix", or "the matrix at [1, 0]" where `shape` holds more than one.
std::string matrix_at(const Shape& shape, std::int64_t index);

// The last two axes exchanged.
Variable matrix_transpose(const Variable& x);
// [.., n] as [.., n, 1]; as [.., 1, n].
Variable as_columns(const Variable& x);
Variable as_rows(const Variable& x);
// x [.., n] on the diagonals of zero matrices [.., n, n].
Variable as_diagonals(const Variable& x);

// A boolean [rows, columns], true where column - row <= k.
Tensor lower_mask(std::int64_t rows, std::int64_t columns, std::int64_t k);

// x placed along the diagonal of axes `axis1` and `axis2`, `offset` above the main one, of zeros of that
// shape; x's last axis is the diagonal. The reverse of `diagonal`, in every respect: each is the gradient of
// the other. REQUIRES axes counted from the front, and x of the shape that diagonal gives.
Variable place_on_diagonal(const Variable& x, const Shape& shape, std::int64_t offset, std::size_t axis1,
                           std::size_t axis2);

// What the decompositions share: floating operands, integers become float32.
class MatrixOp : public Op {
 public:
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }
};

}  // namespace gradus::kernels
