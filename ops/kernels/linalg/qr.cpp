#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/extremes.h>
#include <gradus/ops/kernels/linalg/part_product.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace gradus::kernels {

namespace {

constexpr std::int64_t kReflections = 16;  // of one block

// Note [Blocks of reflections]
// The product of reflections (1 - tau_1 v_1 v_1^T) (1 - tau_2 v_2 v_2^T) … is 1 - v t v^T with an upper
// triangle t, so that a block of them is applied by products. All matrices are held by columns, each
// contiguous. Source: Schreiber and Van Loan, "A storage-efficient WY representation for products of
// Householder transformations", 1989.
template <class T>
class Reflections {
 public:
  // Columns of a, [columns][rows], become those of r, and what is below its diagonal is of no use any more.
  Reflections(T* a, std::int64_t rows, std::int64_t columns)
      : rows_(rows),
        columns_(columns),
        vectors_(static_cast<std::size_t>(columns * rows)),
        factors_(static_cast<std::size_t>((columns + kReflections - 1) / kReflections * kTriangle)),
        room_(static_cast<std::size_t>(2 * columns * kReflections)) {
    for (std::int64_t first = 0; first < columns; first += kReflections) {
      const std::int64_t size = std::min(kReflections, columns - first);
      reflect(a, first, size);
      triangle(first, size);
      const std::int64_t next = first + size;
      apply(first, size, Transpose::yes, a + next * rows + first, columns - next);
    }
  }

  // Fills q, [columns][rows].
  void orthonormal(T* q) {
    std::fill_n(q, columns_ * rows_, T(0));
    for (std::int64_t i = 0; i < columns_; ++i) q[i * (rows_ + 1)] = 1;
    for (std::int64_t first = (columns_ - 1) / kReflections * kReflections; first >= 0;
         first -= kReflections) {
      // Columns to the left are still those of the identity, which begin with zeros here.
      apply(first, std::min(kReflections, columns_ - first), Transpose::no, q + first * (rows_ + 1),
            columns_ - first);
    }
  }

 private:
  static constexpr std::int64_t kTriangle = kReflections * kReflections;

  T* vector(std::int64_t i) { return vectors_.data() + i * rows_; }
  T* triangle_of(std::int64_t first) { return factors_.data() + first / kReflections * kTriangle; }

  static T dot(const T* a, const T* b, std::int64_t n) {
    return static_cast<T>(sum_of_vectors<T>(
        n, [](Vector<T> x, Vector<T> y) { return x * y; }, a, b));
  }

  // The magnitude of n values, whose squares may be out of range.
  static T norm(const T* x, std::int64_t n) {
    T most = 0;
    for (std::int64_t i = 0; i < n; ++i) most = std::max(most, std::abs(x[i]));
    if (most == 0) return 0;
    int exponent = 0;
    std::frexp(most, &exponent);
    constexpr int kMost = std::numeric_limits<T>::max_exponent - 28;  // the power is no subnormal number
    const T down = std::ldexp(T(1), -std::clamp(exponent, -kMost, kMost));
    const double squares = sum_of_vectors<T>(
        n, [down](Vector<T> v) { return (v * down) * (v * down); }, x);
    return static_cast<T>(std::sqrt(squares) / static_cast<double>(down));
  }

  // Makes the reflections of a block one by one, and applies them within it.
  void reflect(T* a, std::int64_t first, std::int64_t size) {
    for (std::int64_t i = first; i < first + size; ++i) {
      T *x = a + i * rows_ + i, *v = vector(i);
      const std::int64_t n = rows_ - i;
      const T tail = norm(x + 1, n - 1), head = x[0];
      std::fill_n(v, i, T(0));
      v[i] = 1;
      T tau = 0;
      if (tail == 0) {
        std::fill_n(v + i + 1, n - 1, T(0));
      } else {
        const T beta = head >= 0 ? -std::hypot(head, tail) : std::hypot(head, tail);
        tau = (beta - head) / beta;
        for (std::int64_t k = 1; k < n; ++k) v[i + k] = x[k] / (head - beta);
        x[0] = beta;
      }
      triangle_of(first)[(i - first) * (kReflections + 1)] = tau;
      for (std::int64_t c = i + 1; c < first + size && tau != 0; ++c) {
        T* column = a + c * rows_ + i;
        const T share = tau * dot(v + i, column, n);
        for (std::int64_t k = 0; k < n; ++k) column[k] -= share * v[i + k];
      }
    }
  }

  // t above its diagonal, which reflect() has filled: t_i = -tau_i t (v^T v_i), row by row.
  void triangle(std::int64_t first, std::int64_t size) {
    std::array<T, kTriangle> products;
    const T* v = vector(first) + first;
    part_product<T>({.m = size,
                     .k = rows_ - first,
                     .n = size,
                     .a_step = rows_,
                     .b_step = rows_,
                     .out_step = kReflections,
                     .b_transposed = true},
                    v, v, products.data());
    T* t = triangle_of(first);
    for (std::int64_t i = 0; i < size; ++i) {
      const T tau = t[i * (kReflections + 1)];
      for (std::int64_t j = 0; j < i; ++j) {
        T sum = 0;
        for (std::int64_t k = j; k < i; ++k)
          sum += t[j * kReflections + k] * products[static_cast<std::size_t>(k * kReflections + i)];
        t[j * kReflections + i] = -tau * sum;
        t[i * kReflections + j] = 0;
      }
    }
  }

  // Applies a block, or its transpose, to columns that begin at row `first`.
  void apply(std::int64_t first, std::int64_t size, Transpose transpose, T* columns, std::int64_t count) {
    const T* v = vector(first) + first;
    T *shares = room_.data(), *turned = shares + columns_ * kReflections;
    const std::int64_t n = rows_ - first;
    part_product<T>({.m = count,
                     .k = n,
                     .n = size,
                     .a_step = rows_,
                     .b_step = rows_,
                     .out_step = kReflections,
                     .b_transposed = true},
                    columns, v, shares);
    part_product<T>({.m = count,
                     .k = size,
                     .n = size,
                     .a_step = kReflections,
                     .b_step = kReflections,
                     .out_step = kReflections,
                     .b_transposed = transpose == Transpose::no},
                    shares, triangle_of(first), turned);
    part_product<T>({.m = count,
                     .k = size,
                     .n = n,
                     .a_step = kReflections,
                     .b_step = rows_,
                     .out_step = rows_,
                     .sum = Sum::less},
                    turned, v, columns);
  }

  std::int64_t rows_, columns_;
  PoolVector<T> vectors_, factors_, room_;  // room_ for what apply() needs
};

}  // namespace

template <class T>
void qr(const T* a, std::int64_t rows, std::int64_t columns, T* q, T* r) {
  if (columns == 0) return;
  if (!all_finite(a, rows * columns)) {
    std::fill_n(q, rows * columns, std::numeric_limits<T>::quiet_NaN());
    std::fill_n(r, columns * columns, std::numeric_limits<T>::quiet_NaN());
    return;
  }
  PoolVector<T> turned(static_cast<std::size_t>(rows * columns));
  transpose_tiles(a, columns, turned.data(), rows, rows, columns);
  Reflections<T> reflections(turned.data(), rows, columns);
  for (std::int64_t j = 0; j < columns; ++j) {
    std::fill(turned.data() + j * rows + j + 1, turned.data() + j * rows + columns, T(0));
  }
  transpose_tiles(turned.data(), rows, r, columns, columns, columns);
  reflections.orthonormal(turned.data());
  transpose_tiles(turned.data(), rows, q, columns, columns, rows);
}

template void qr<float>(const float*, std::int64_t, std::int64_t, float*, float*);
template void qr<double>(const double*, std::int64_t, std::int64_t, double*, double*);

}  // namespace gradus::kernels
