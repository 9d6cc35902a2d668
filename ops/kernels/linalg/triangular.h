#pragma once

#include <cstdint>

namespace gradus::kernels {

// One side of the diagonal of a square matrix, [size, size] with `step` between stored rows; what stands on
// the other is not read. Where `unit` says so the diagonal is of ones, and is not read.
template <class T>
struct Triangular {
  const T* data = nullptr;
  std::int64_t step = 0, size = 0;
  bool upper = false;
  bool transposed = false;  // the transpose of what is stored is meant; `upper` tells of what is stored
  bool unit = false;
};

// b = a^-1 b for b [a.size, columns], or b = b a^-1 for b [rows, a.size], in place, `step` between b's rows.
// By halves, so that nearly all is done by products. A 0 on the diagonal divides.
template <class T>
void solve_left(const Triangular<T>& a, T* b, std::int64_t step, std::int64_t columns);
template <class T>
void solve_right(const Triangular<T>& a, T* b, std::int64_t step, std::int64_t rows);

}  // namespace gradus::kernels
