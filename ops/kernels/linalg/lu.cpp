#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/extremes.h>
#include <gradus/ops/kernels/linalg/part_product.h>
#include <gradus/ops/kernels/linalg/triangular.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace gradus::kernels {

namespace {

constexpr std::int64_t kColumns = 16;  // so many are eliminated one by one

// a in the course of its elimination, [n, n].
template <class T>
class Elimination {
 public:
  Elimination(std::int64_t n, T* a, std::int64_t* order)
      : n_(n),
        a_(a),
        order_(order),
        step_((n + 2 * Vector<T>::kWidth - 1) / Vector<T>::kWidth * Vector<T>::kWidth),
        panel_(static_cast<std::size_t>(std::min(n, kColumns) * step_), T(0)) {
    for (std::int64_t i = 0; i < n; ++i) order_[i] = i;
  }

  // Columns [first, first + width) and the rows from `first` on.
  void run(std::int64_t first, std::int64_t width) {
    if (width <= kColumns) return few(first, width);
    const std::int64_t left = (width / 2 + kColumns - 1) / kColumns * kColumns, right = width - left;
    run(first, left);
    T* corner = a_ + first * (n_ + 1);
    solve_left<T>({.data = corner, .step = n_, .size = left, .unit = true}, corner + left, n_, right);
    part_product<T>({.m = n_ - first - left,
                     .k = left,
                     .n = right,
                     .a_step = n_,
                     .b_step = n_,
                     .out_step = n_,
                     .sum = Sum::less},
                    corner + left * n_, corner + left, corner + left * (n_ + 1));
    run(first + left, right);
  }

  int sign() const { return sign_; }

 private:
  using V = Vector<T>;

  // The columns are copied to where each is contiguous, with zeros behind it.
  void few(std::int64_t first, std::int64_t width) {
    const std::int64_t rows = n_ - first;
    T* corner = a_ + first * (n_ + 1);
    transpose_tiles(corner, n_, panel_.data(), step_, rows, width);
    for (std::int64_t c = 0; c < width; ++c) std::fill(column(c) + rows, column(c + 1), T(0));
    for (std::int64_t c = 0; c < width; ++c) {
      const std::int64_t pivot = largest_from(column(c), c, rows);
      if (pivot != c) exchange(first, width, first + c, first + pivot);
      eliminate(c, width, rows);
    }
    transpose_tiles(panel_.data(), step_, corner, n_, width, rows);
  }

  T* column(std::int64_t c) { return panel_.data() + c * step_; }

  // Where in [first, rows) the first value of largest magnitude is.
  static std::int64_t largest_from(const T* values, std::int64_t first, std::int64_t rows) {
    V most = 0;
    for (std::int64_t i = first; i < rows; i += V::kWidth) {
      const V size = abs(V::load(values + i));
      most = choose(size > most, size, most);
    }
    T lanes[V::kWidth];
    most.store(lanes);
    const T largest = *std::max_element(lanes, lanes + V::kWidth);
    if (!(largest > 0)) return first;
    for (std::int64_t i = first; i < rows; i += V::kWidth) {
      if (!any(abs(V::load(values + i)) == largest)) continue;
      while (std::abs(values[i]) != largest) ++i;
      return i;
    }
    return first;
  }

  // Rows i and j of a, of which the panel has `width` columns from `first` on.
  void exchange(std::int64_t first, std::int64_t width, std::int64_t i, std::int64_t j) {
    sign_ = -sign_;
    std::swap(order_[i], order_[j]);
    T *one = a_ + i * n_, *other = a_ + j * n_;
    std::swap_ranges(one, one + first, other);
    std::swap_ranges(one + first + width, one + n_, other + first + width);
    for (std::int64_t c = 0; c < width; ++c) std::swap(column(c)[i - first], column(c)[j - first]);
  }

  // Vectors begin below the pivot and end among the zeros.
  void eliminate(std::int64_t c, std::int64_t width, std::int64_t rows) {
    T* below = column(c) + c + 1;
    const std::int64_t count = rows - c - 1;
    const T pivot = column(c)[c];
    if (pivot == 0) return;
    for (std::int64_t i = 0; i < count; i += V::kWidth) (V::load(below + i) / pivot).store(below + i);
    for (std::int64_t k = c + 1; k < width; ++k) {
      T* to = column(k) + c + 1;
      const V factor = -column(k)[c];
      for (std::int64_t i = 0; i < count; i += V::kWidth) {
        multiply_add(factor, V::load(below + i), V::load(to + i)).store(to + i);
      }
    }
  }

  std::int64_t n_;
  T* a_;
  std::int64_t* order_;
  std::int64_t step_;  // between columns of the panel: some zeros more than n
  PoolVector<T> panel_;
  int sign_ = 1;
};

// l^-1, of rows and columns [first, first + size), where zeros stand.
template <class T>
void invert_lower(const T* l, std::int64_t n, std::int64_t first, std::int64_t size, T* out) {
  const std::int64_t at = first * (n + 1);
  const auto triangle = [=](std::int64_t begin, std::int64_t rows) -> Triangular<T> {
    return {.data = l + begin * (n + 1), .step = n, .size = rows, .unit = true};
  };
  if (size <= kColumns) {
    for (std::int64_t i = 0; i < size; ++i) out[at + i * (n + 1)] = 1;
    return solve_left(triangle(first, size), out + at, n, size);
  }
  const std::int64_t top = (size / 2 + kColumns - 1) / kColumns * kColumns, rest = size - top;
  invert_lower(l, n, first, top, out);
  invert_lower(l, n, first + top, rest, out);
  part_product<T>({.m = rest, .k = top, .n = top, .a_step = n, .b_step = n, .out_step = n, .sum = Sum::less},
                  l + at + top * n, out + at, out + at + top * n);
  solve_left(triangle(first + top, rest), out + at + top * n, n, top);
}

// From the sign of the permutation and the pivots; see Determinant.
template <class T>
Determinant of_pivots(int sign, const T* factors, std::int64_t n, double precision) {
  Determinant result = {.mantissa = static_cast<double>(sign)};
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto pivot = static_cast<double>(factors[i * (n + 1)]);
    int exponent = 0;
    result.mantissa = std::frexp(result.mantissa * pivot, &exponent);
    result.exponent += exponent;
    least = std::min(least, std::abs(pivot));
    most = std::max(most, std::abs(pivot));
  }
  result.near_singular = !(least > std::cbrt(precision) * most);
  return result;
}

template <class T>
Triangular<T> upper(const T* factors, std::int64_t n) {
  return {.data = factors, .step = n, .size = n, .upper = true};
}

}  // namespace

template <class T>
int lu(const T* a, std::int64_t n, T* factors, std::int64_t* order) {
  if (n == 0) return 1;
  std::copy_n(a, n * n, factors);
  Elimination<T> elimination(n, factors, order);
  elimination.run(0, n);
  return elimination.sign();
}

template <class T>
bool regular_lu(const T* a, std::int64_t n, T* factors, std::int64_t* order) {
  if (!all_finite(a, n * n)) {
    std::fill_n(factors, n * n, std::numeric_limits<T>::quiet_NaN());
    for (std::int64_t i = 0; i < n; ++i) order[i] = i;
    return true;
  }
  lu(a, n, factors, order);
  for (std::int64_t i = 0; i < n; ++i) {
    if (factors[i * (n + 1)] == 0) return false;
  }
  return true;
}

template <class T>
void solve_by(const T* factors, const std::int64_t* order, std::int64_t n, Transpose transpose, const T* b,
              std::int64_t columns, T* out) {
  Triangular<T> l = {.data = factors, .step = n, .size = n, .unit = true}, u = upper(factors, n);
  if (transpose == Transpose::no) {
    for (std::int64_t i = 0; i < n; ++i) std::copy_n(b + order[i] * columns, columns, out + i * columns);
    solve_left(l, out, columns, columns);
    return solve_left(u, out, columns, columns);
  }
  l.transposed = u.transposed = true;
  PoolVector<T> x(b, b + n * columns);
  solve_left(u, x.data(), columns, columns);
  solve_left(l, x.data(), columns, columns);
  for (std::int64_t i = 0; i < n; ++i) std::copy_n(x.data() + i * columns, columns, out + order[i] * columns);
}

template <class T>
void inverse_by(const T* factors, const std::int64_t* order, std::int64_t n, T* out) {
  std::fill_n(out, n * n, T(0));
  invert_lower(factors, n, 0, n, out);
  solve_left(upper(factors, n), out, n, n);
  PoolVector<T> row(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i, out += n) {  // out p
    std::copy_n(out, n, row.data());
    for (std::int64_t j = 0; j < n; ++j) out[order[j]] = row[static_cast<std::size_t>(j)];
  }
}

double Determinant::value() const {
  const std::int64_t within = std::clamp<std::int64_t>(exponent, -10000, 10000);
  return std::ldexp(mantissa, static_cast<int>(within));
}

double Determinant::log() const { return std::log(mantissa) + static_cast<double>(exponent) * std::log(2.0); }

template <class T>
Determinant determinant(const T* a, std::int64_t n, T* factors, std::int64_t* order) {
  if (n == 0) return {.mantissa = 0.5, .exponent = 1};
  if (has_nan(a, n * n)) {
    return {.mantissa = std::numeric_limits<double>::quiet_NaN()};
  }
  if constexpr (std::is_same_v<T, float>) {
    if (factors == nullptr && n <= kColumns) {  // digits that cost little
      const PoolVector<double> wide(a, a + n * n);
      PoolVector<double> work(wide.size());
      PoolVector<std::int64_t> rows(static_cast<std::size_t>(n));
      return of_pivots(lu(wide.data(), n, work.data(), rows.data()), work.data(), n,
                       std::numeric_limits<float>::epsilon());
    }
  }
  if (factors == nullptr) {
    PoolVector<T> own_factors(static_cast<std::size_t>(n * n));
    PoolVector<std::int64_t> own_order(static_cast<std::size_t>(n));
    return determinant(a, n, own_factors.data(), own_order.data());
  }
  return of_pivots(lu(a, n, factors, order), factors, n, std::numeric_limits<T>::epsilon());
}

// adj(a)^T: for a = u diag(s) v^T it is det(u) det(v) u diag(the product of the other s) v^T.
template <class T>
void cofactors(const T* a, std::int64_t n, T* out) {
  if (n == 0) return;
  const auto size = static_cast<std::size_t>(n);
  PoolVector<T> work(size * size);
  PoolVector<std::int64_t> order(size);
  const Determinant whole = determinant(a, n, work.data(), order.data());
  const bool finite = all_finite(a, n * n);
  if (!finite || !whole.near_singular) {
    if (!finite) regular_lu(a, n, work.data(), order.data());  // NaN
    PoolVector<T> inverted(size * size);
    inverse_by(work.data(), order.data(), n, inverted.data());
    transpose_tiles(inverted.data(), n, out, n, n, n);
    for (std::int64_t i = 0; i < n * n; ++i) out[i] *= static_cast<T>(whole.value());
    return;
  }
  PoolVector<T> u(size * size), s(size), others(size, T(1));
  T* vh = work.data();
  svd(a, n, n, u.data(), n, s.data(), vh, n);
  const double sign = determinant(u.data(), n).mantissa * determinant(vh, n).mantissa;
  T product = sign < 0 ? T(-1) : T(1);
  for (std::size_t i = 0; i < size; product *= s[i++]) others[i] *= product;
  product = 1;
  for (std::size_t i = size; i-- > 0; product *= s[i]) others[i] *= product;
  for (std::size_t i = 0; i < size * size; ++i) u[i] *= others[i % size];
  part_product<T>({.m = n, .k = n, .n = n, .a_step = n, .b_step = n, .out_step = n}, u.data(), vh, out);
}

#define GRADUS_INSTANTIATE(T)                                                                            \
  template int lu(const T*, std::int64_t, T*, std::int64_t*);                                            \
  template bool regular_lu(const T*, std::int64_t, T*, std::int64_t*);                                   \
  template void solve_by(const T*, const std::int64_t*, std::int64_t, Transpose, const T*, std::int64_t, \
                         T*);                                                                            \
  template void inverse_by(const T*, const std::int64_t*, std::int64_t, T*);                             \
  template Determinant determinant(const T*, std::int64_t, T*, std::int64_t*);                           \
  template void cofactors<T>(const T*, std::int64_t, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
