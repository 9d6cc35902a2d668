#pragma once

#include <gradus/graph/variable.h>

#include <initializer_list>

namespace gradus::kernels {

// Note [Degenerate values]
// The rules of eigh and svd divide by differences of eigenvalues. Where two are equal any vectors of their
// plane will do, and how those we chose would turn is not defined. What asks nothing of them has a gradient
// all the same: 0 / 0 is 0 there. What does ask gets NaN, not a number that rounding made up.

// n_ij / d_ij of matrices [.., k, k], made of ops; 0 on the diagonal. n is the difference of a term and its
// transpose, or a sum of such: where d is 0 beside the largest of its matrix, but for rounding, the result is
// 0 if the terms are 0, too, and else NaN.
Variable shielded_quotient(const Variable& n, const Variable& d,
                           std::initializer_list<const Variable*> terms);

// n / d, but 0 where both are 0; d broadcasts to n's shape.
Variable shielded_quotient(const Variable& n, const Variable& d);

}  // namespace gradus::kernels
