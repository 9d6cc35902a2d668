#pragma once

#include <gradus/graph/variable.h>

#include <cstdint>

namespace gradus::kernels {

// What is solved: a x = b, or x a = b.
enum class Beside : std::uint8_t { left, right };

struct TriangularOptions {
  bool upper = false;       // the triangle of what is given; what stands on its other side is not used
  bool transposed = false;  // the transpose of what is given is meant
  Beside beside = Beside::left;
};

// The solution x, of b's shape, for triangles [.., n, n] and b [.., n, k], or [.., k, n] where the triangles
// stand to the right of x: what gradients of decompositions need. REQUIRES one batch and one dtype.
Variable triangular_solve(const Variable& a, const Variable& b, TriangularOptions options);

}  // namespace gradus::kernels
