#pragma once

#include <cstdint>

// Decompositions of one row-major matrix, for float and double. A matrix that holds a NaN or an infinity has
// NaN for results (the determinant of infinities is what elimination makes of them): no iteration is begun
// that might not end. Sizes may be 0.

namespace gradus::kernels {

// Note [LU]
// p a = l u by elimination with partial pivoting: `factors` [n, n] holds u and, below its diagonal, l, whose
// diagonal is of ones; order[i] is the row of a that stands in row i of p a. By halves of the columns, the
// narrowest of which are eliminated one by one, so that nearly all is done by products. Source: Toledo,
// "Locality of reference in LU decomposition with partial pivoting", 1997.

// The sign of p. A pivot may be 0; infinities and NaN are left to the arithmetic.
template <class T>
int lu(const T* a, std::int64_t n, T* factors, std::int64_t* order);
// The same to solve with. False where a pivot is exactly 0.
template <class T>
bool regular_lu(const T* a, std::int64_t n, T* factors, std::int64_t* order);
// a^-1 b or a^-T b, [n, columns], from what regular_lu made of a. REQUIRES that out does not overlap b.
enum class Transpose : bool { no, yes };
template <class T>
void solve_by(const T* factors, const std::int64_t* order, std::int64_t n, Transpose transpose, const T* b,
              std::int64_t columns, T* out);
template <class T>
void inverse_by(const T* factors, const std::int64_t* order, std::int64_t n, T* out);  // a^-1 [n, n]

// The product of the pivots, mantissa * 2^exponent, which overflows in no intermediate step.
struct Determinant {
  double mantissa = 1;  // 0, or its magnitude in [0.5, 1)
  std::int64_t exponent = 0;
  // Whether the smallest pivot is so small that an inverse has no more digits to give: of relative size
  // below the cube root of the type's precision.
  bool near_singular = false;

  double value() const;
  double log() const;  // NaN below 0, -infinity at 0
};
// Where factors and order are not null they become those of a, unless it has a NaN.
template <class T>
Determinant determinant(const T* a, std::int64_t n, T* factors = nullptr, std::int64_t* order = nullptr);

// The cofactors of a: determinant * inverse^T where that exists, and also where it does not.
template <class T>
void cofactors(const T* a, std::int64_t n, T* out);

// The lower factor l of (a + a^T) / 2 = l l^T, zeros above its diagonal. Returns the first row whose pivot is
// not positive, or -1.
template <class T>
std::int64_t cholesky(const T* a, std::int64_t n, T* out);

// a = q r for rows >= columns, by Householder reflections with LAPACK's signs: q [rows, columns], r upper.
template <class T>
void qr(const T* a, std::int64_t rows, std::int64_t columns, T* q, T* r);

// a = u diag(s) vh with s falling; u is [rows, u_columns], vh [vh_rows, columns], of which the first
// min(rows, columns) belong to s and the rest complete them to orthonormal sets. Signs are canonical, see
// below: those of u.
template <class T>
void svd(const T* a, std::int64_t rows, std::int64_t columns, T* u, std::int64_t u_columns, T* s, T* vh,
         std::int64_t vh_rows);

// The eigenvalues of (a + a^T) / 2, rising, and its eigenvectors as columns, of canonical sign. False where
// the iteration did not converge.
template <class T>
bool eigh(const T* a, std::int64_t n, T* values, T* vectors);

// Note [Signs of vectors]
// A singular vector or eigenvector may as well be its negative. So that the same matrix gives the same
// vectors in float32, in float64 and elsewhere, we choose the sign that makes the component of largest
// magnitude positive, the first of those within a thousandth of it.
template <class T>
bool is_flipped(const T* vector, std::int64_t size, std::int64_t step);

}  // namespace gradus::kernels
