#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/linalg/decompositions.h>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace gradus::kernels {

namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Makes rows first … orthonormal to each other and to the rows before, which are orthonormal: takes unit
// vectors, in turn, without their part in the rows so far. One that keeps too little is passed over; enough
// are left, since the squares of what all of them keep add up to the number of rows that are missing.
template <class T>
void complete(Matrix<T>& rows, Eigen::Index first) {
  const Eigen::Index size = rows.cols();
  for (Eigen::Index unit = 0; first < rows.rows(); ++unit) {
    auto row = rows.row(first);
    row.setZero();
    row(unit) = 1;
    T kept = 1;
    for (int twice = 0; twice < 2; ++twice) {  // once more for what rounding has left
      for (Eigen::Index i = 0; i < first; ++i) row -= row.dot(rows.row(i)) * rows.row(i);
      const T length = row.norm();
      if (twice == 0) kept = length;
      row /= length == 0 ? T(1) : length;
    }
    if (2 * kept * kept * static_cast<T>(size) >= 1) ++first;
  }
}

template <class T>
T* row(Matrix<T>& m, Eigen::Index i) {
  return m.data() + i * m.cols();
}

// x x, y y and x y, summed over n values, in one pass.
template <class T>
struct Products {
  T xx, yy, xy;
};
template <class T>
Products<T> products(const T* x, const T* y, std::int64_t n) {
  using V = Vector<T>;
  V xx[2] = {0, 0}, yy[2] = {0, 0}, xy[2] = {0, 0};
  std::int64_t i = 0;
  for (; i + 2 * V::kWidth <= n; i += 2 * V::kWidth) {
#pragma GCC unroll 2
    for (int k = 0; k < 2; ++k) {
      const V a = V::load(x + i + k * V::kWidth), b = V::load(y + i + k * V::kWidth);
      xx[k] = multiply_add(a, a, xx[k]);
      yy[k] = multiply_add(b, b, yy[k]);
      xy[k] = multiply_add(a, b, xy[k]);
    }
  }
  const auto total = [](const V(&parts)[2]) { return fold<T, V::kWidth>((parts[0] + parts[1]).values); };
  Products<T> result = {total(xx), total(yy), total(xy)};
  for (; i < n; ++i) {
    result.xx += x[i] * x[i];
    result.yy += y[i] * y[i];
    result.xy += x[i] * y[i];
  }
  return result;
}

template <class T>
void rotate(T* x, T* y, std::int64_t n, T cosine, T sine) {
  using V = Vector<T>;
  std::int64_t i = 0;
  for (; i + V::kWidth <= n; i += V::kWidth) {
    const V a = V::load(x + i), b = V::load(y + i);
    (a * cosine - b * sine).store(x + i);
    (a * sine + b * cosine).store(y + i);
  }
  for (; i < n; ++i) {
    const T a = x[i], b = y[i];
    x[i] = cosine * a - sine * b;
    y[i] = sine * a + cosine * b;
  }
}

// One-sided Jacobi (Hestenes 1958; Demmel and Veselic, "Jacobi's method is more accurate than QR", 1992):
// rotates pairs of w's rows until all are orthogonal, and v's rows with them. w is then diag(s) times
// orthonormal rows, and what w was is v^T times that.
template <class T>
void orthogonalise(Matrix<T>& w, Matrix<T>& v) {
  const T tolerance =
      std::sqrt(static_cast<T>(std::max<Eigen::Index>(w.cols(), 1))) * std::numeric_limits<T>::epsilon();
  constexpr int kMostSweeps = 60;  // 5 to 10 are usual; what is left after these is at rounding's level
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < kMostSweeps; ++sweep) {
    rotated = false;
    for (Eigen::Index p = 0; p + 1 < w.rows(); ++p) {
      for (Eigen::Index q = p + 1; q < w.rows(); ++q) {
        auto [alpha, beta, gamma] = products(row(w, p), row(w, q), w.cols());
        if (alpha < beta) {  // the longer row first: faster (de Rijk 1989), and sorted in the end
          w.row(p).swap(w.row(q));
          v.row(p).swap(v.row(q));
          std::swap(alpha, beta);
        }
        if (!(std::abs(gamma) > tolerance * std::sqrt(alpha) * std::sqrt(beta))) continue;
        rotated = true;
        const double zeta =
            (static_cast<double>(beta) - static_cast<double>(alpha)) / (2 * static_cast<double>(gamma));
        const double size = std::abs(zeta), length = size < 1e150 ? std::sqrt(1 + zeta * zeta) : size;
        const double t = (zeta < 0 ? -1 : 1) / (size + length);
        const double cosine = 1 / std::sqrt(1 + t * t);
        for (Matrix<T>* m : {&w, &v}) {
          rotate(row(*m, p), row(*m, q), m->cols(), static_cast<T>(cosine), static_cast<T>(cosine * t));
        }
      }
    }
  }
}

}  // namespace

template <class T>
bool is_flipped(const T* vector, std::int64_t size, std::int64_t step) {
  T largest = 0;
  for (std::int64_t i = 0; i < size; ++i) largest = std::max(largest, std::abs(vector[i * step]));
  for (std::int64_t i = 0; i < size; ++i) {
    if (std::abs(vector[i * step]) >= T(0.999) * largest) return vector[i * step] < 0;
  }
  return false;
}

template <class T>
void svd(const T* a, std::int64_t rows, std::int64_t columns, T* u, std::int64_t u_columns, T* s, T* vh,
         std::int64_t vh_rows) {
  const Eigen::Index k = std::min(rows, columns);
  Eigen::Map<Matrix<T>> u_out(u, rows, u_columns), vh_out(vh, vh_rows, columns);
  Matrix<T> w(k, std::max(rows, columns));
  T scale = 0;
  if (k != 0) {
    const Eigen::Map<const Matrix<T>> view(a, rows, columns);
    if (!view.allFinite()) {
      const T nan = std::numeric_limits<T>::quiet_NaN();
      u_out.setConstant(nan);
      vh_out.setConstant(nan);
      std::fill_n(s, k, nan);
      return;
    }
    if (rows < columns) {
      w = view;
    } else {
      w = view.transpose();
    }
    scale = w.cwiseAbs().maxCoeff();  // squares of the values must neither overflow nor vanish
    if (scale != 0) w /= scale;
  }
  Matrix<T> v = Matrix<T>::Identity(k, k);
  orthogonalise(w, v);

  std::vector<T> lengths;
  for (Eigen::Index i = 0; i < k; ++i) lengths.push_back(w.row(i).norm());
  std::vector<Eigen::Index> order(static_cast<std::size_t>(k));
  std::iota(order.begin(), order.end(), 0);
  const auto length = [&](Eigen::Index i) { return lengths[static_cast<std::size_t>(i)]; };
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index i, Eigen::Index j) { return length(i) > length(j); });

  const bool wide = rows < columns;
  Matrix<T> left(u_columns, rows), right(vh_rows, columns);  // u^T and vh
  Matrix<T>&along = wide ? right : left, &across = wide ? left : right;
  Eigen::Index rank = 0;
  for (Eigen::Index i = 0; i < k; ++i) {
    const Eigen::Index from = order[static_cast<std::size_t>(i)];
    // Rows this short are not known to be orthogonal: their squares have lost their digits.
    const bool vanishes = length(from) <= std::sqrt(std::numeric_limits<T>::min());
    s[i] = vanishes ? T(0) : length(from) * scale;
    across.row(i) = v.row(from);
    if (vanishes) continue;
    along.row(i) = w.row(from) / length(from);
    rank = i + 1;
  }
  complete(along, rank);
  complete(across, k);
  for (Eigen::Index i = 0; i < k; ++i) {
    if (!is_flipped(left.data() + i * rows, rows, 1)) continue;
    left.row(i) *= T(-1);
    right.row(i) *= T(-1);
  }
  u_out = left.transpose();
  vh_out = right;
}

#define GRADUS_INSTANTIATE(T)                                        \
  template bool is_flipped<T>(const T*, std::int64_t, std::int64_t); \
  template void svd<T>(const T*, std::int64_t, std::int64_t, T*, std::int64_t, T*, T*, std::int64_t);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
