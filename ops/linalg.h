#pragma once

// Products and decompositions of matrices. Products multiply integers as integers; where a result is no
// integer they become float32; float32 beside float64 is a DTypeError. A matrix is what the last two axes
// hold, those before are batches. Every op has gradients of every order.

#include <gradus/graph/operand.h>

#include <string_view>
#include <vector>

namespace gradus {

struct MatmulOptions {
  bool transpose_a = false;  // use a's last two axes exchanged; no copy is made
  bool transpose_b = false;
};
struct DiagonalOptions {
  std::int64_t offset = 0;  // above the main diagonal; negative: below
  std::int64_t axis1 = 0;   // the rows
  std::int64_t axis2 = 1;   // the columns
};
struct DiagOptions {
  std::int64_t k = 0;  // which diagonal: 0 the main one, above it positive
};
struct CrossOptions {
  std::int64_t axis = -1;  // where the vectors lie
};
struct SvdOptions {
  bool full_matrices = true;  // complete u and vh to square matrices
};

// What tensordot sums over: the last axes of a with the first of b, so many, or a list of each.
struct TensordotAxes {
  template <std::integral I>
  TensordotAxes(I axes) : count(static_cast<std::int64_t>(axes)) {}  // NOLINT: implicit
  TensordotAxes(Axes of_a, Axes of_b) : listed(true), a(std::move(of_a)), b(std::move(of_b)) {}
  bool listed = false;
  std::int64_t count = 0;
  Axes a = {};
  Axes b = {};
};
struct TensordotOptions {
  TensordotAxes axes = 2;
};

// The matrix product of NumPy: [m, k] x [k, n] -> [m, n]; leading axes are batches and broadcast; a vector on
// the left is a row, on the right a column, and its axis falls away. ShapeError: a scalar, inner sizes or
// batches that differ, a transposed vector.
Variable matmul(const Operand& a, const Operand& b, MatmulOptions options = {});

// x kernel (+ bias): [..., in] x [in, out] (+ [out]) -> [..., out]. ShapeError where the sizes disagree.
Variable dense(const Operand& x, const Operand& kernel);
Variable dense(const Operand& x, const Operand& kernel, const Operand& bias);

// The sum over a's last axis with b's last but one (its only one, if it has one); a scalar multiplies. As
// NumPy's dot: batches do not broadcast but combine. ShapeError where the axes differ.
Variable dot(const Operand& a, const Operand& b);
// a_i b_j of all elements: [m, n] for m and n elements, whatever their shapes.
Variable outer(const Operand& a, const Operand& b);
// Sums over pairs of axes; what is left of a comes before what is left of b. ShapeError where paired extents
// differ, for axes out of range or repeated; ValueError for lists of other lengths or a negative count.
Variable tensordot(const Operand& a, const Operand& b, TensordotOptions options = {});
// Blocks a_ij b; the shorter shape is led by ones.
Variable kron(const Operand& a, const Operand& b);
// a x b along an axis of 3 elements; the others broadcast. Vectors of 2, which NumPy has deprecated, are a
// ShapeError.
Variable cross(const Operand& a, const Operand& b, CrossOptions options = {});

// Einstein's summation, einsum("bij,bjk->bik", {a, b}), of any number of operands, contracted from left to
// right. A letter names an axis; one that stands twice in an operand takes its diagonal; those missing from
// the result are summed over. Without "->" the result has the letters that stand once, in alphabetical order,
// after the axes of "...", which broadcast. Blanks are ignored. ValueError for a subscript that means
// nothing, with the position in it; ShapeError where a letter has two extents (1 and n, too: only "..."
// broadcasts).
Variable einsum(std::string_view subscripts, const std::vector<Operand>& operands);

// The diagonal of two axes, as the last axis of the result; empty where the offset leaves the matrix.
// ShapeError: rank below 2, the same axis twice. Takes every dtype, as the three below do.
Variable diagonal(const Operand& x, DiagonalOptions options = {});
Variable trace(const Operand& x, DiagonalOptions options = {});  // the sum of the diagonal
// A vector on diagonal k of a matrix of zeros; diagonal k of a matrix. ShapeError for any other rank.
Variable diag(const Operand& x, DiagOptions options = {});
// x on and below diagonal k, zeros above; the reverse. Of each matrix; ShapeError for rank below 2.
Variable tril(const Operand& x, DiagOptions options = {});
Variable triu(const Operand& x, DiagOptions options = {});

// The decompositions take NaN and infinity and then give NaN, for that matrix; det and logdet of infinities
// are what elimination makes of them.

// x^-1. ShapeError unless square; ValueError where a pivot is exactly 0.
Variable inverse(const Operand& x);
// The x of a x = b, where b holds a matrix or, with one axis less than a (or one at all), a vector; batches
// broadcast. ShapeError where sizes differ; ValueError where a pivot is exactly 0.
Variable solve(const Operand& a, const Operand& b);
// The lower l of (x + x^T) / 2 = l l^T: x is made symmetric, so that its gradient is too. ValueError where
// that is not positive definite.
Variable cholesky(const Operand& x);
// The determinant. Its gradient, the cofactors, is right for singular matrices too, to every order; recorded
// to be differentiated again near one, it takes n^4 values.
Variable det(const Operand& x);
// log(det(x)), which neither overflows nor vanishes: -inf for a singular matrix, NaN for a negative
// determinant.
Variable logdet(const Operand& x);

struct QrResult {
  Variable q, r;
};
struct SvdResult {
  Variable u, s, vh;
};
struct EighResult {
  Variable values, vectors;
};
// x = q r: [m, k] with orthonormal columns, and [k, n] upper triangular, k = min(m, n). Signs are LAPACK's:
// the diagonal of r may be negative. The gradient needs the first k columns of x to be independent:
// ValueError otherwise.
QrResult qr(const Operand& x);
// x = u diag(s) vh: [m, m], [k] falling, [n, n], k = min(m, n); with full_matrices = false u is [m, k] and vh
// [k, n]. The vectors that full_matrices adds have no gradient: what is given them is left out. The component
// of each column of u that is largest in magnitude is positive. Where two singular values are equal their
// vectors have no derivative: the gradient of what depends on them is NaN, that of the values alone is right.
SvdResult svd(const Operand& x, SvdOptions options = {});
// Eigenvalues [n], rising, and eigenvectors as columns, of (x + x^T) / 2; signs and gradients as of svd.
EighResult eigh(const Operand& x);

}  // namespace gradus
