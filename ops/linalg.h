#pragma once

// Products of matrices. Integers are multiplied as integers; float32 beside float64 is a DTypeError.

#include <gradus/graph/operand.h>

namespace gradus {

struct MatmulOptions {
  bool transpose_a = false;  // use a's last two axes exchanged; no copy is made
  bool transpose_b = false;
};

// The matrix product of NumPy: [m, k] x [k, n] -> [m, n]; leading axes are batches and broadcast; a vector on
// the left is a row, on the right a column, and its axis falls away. ShapeError: a scalar, inner sizes or
// batches that differ, a transposed vector.
Variable matmul(const Operand& a, const Operand& b, MatmulOptions options = {});

// x kernel (+ bias): [..., in] x [in, out] (+ [out]) -> [..., out]. ShapeError where the sizes disagree.
Variable dense(const Operand& x, const Operand& kernel);
Variable dense(const Operand& x, const Operand& kernel, const Operand& bias);

}  // namespace gradus
