#pragma once

#include <cstdint>

// Decompositions of one row-major matrix, for float and double. A matrix that holds a NaN or an infinity has
// NaN for results (the determinant of infinities is what elimination makes of them): no iteration is begun
// that might not end. Sizes may be 0.

namespace gradus::kernels {

// By LU with partial pivoting. False, and nothing written, where a pivot is exactly 0.
template <class T>
bool inverse(const T* a, std::int64_t n, T* out);  // [n, n]
template <class T>
bool solve(const T* a, const T* b, std::int64_t n, std::int64_t columns, T* out);  // [n, columns]

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
template <class T>
Determinant determinant(const T* a, std::int64_t n);

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
