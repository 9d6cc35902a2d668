#include <gradus/ops/kernels/linalg/product.h>

#include <Eigen/Core>

#include <algorithm>

namespace gradus::kernels {

namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using View = Eigen::Map<const Matrix<T>>;

// Eigen's blocked product packs its operands; below this many multiplications a plain loop over rows is done
// before that.
constexpr std::int64_t kSmallProduct = 2048;

// For the smallest products: each row of the result is a sum of rows of b, so the inner loop is contiguous.
template <class T>
void small_product(MatrixView a, MatrixView b, T* out, std::int64_t m, std::int64_t k, std::int64_t n,
                   Sum sum) {
  const T* left = static_cast<const T*>(a.data);
  const T* right = static_cast<const T*>(b.data);
  const std::int64_t row_step = a.transposed ? 1 : k, inner_step = a.transposed ? m : 1;
  for (std::int64_t i = 0; i < m; ++i) {
    T* row = out + i * n;
    if (b.transposed) {
      for (std::int64_t j = 0; j < n; ++j) {
        T total = 0;
        for (std::int64_t l = 0; l < k; ++l) total += left[i * row_step + l * inner_step] * right[j * k + l];
        row[j] = sum == Sum::into ? row[j] + total : total;
      }
      continue;
    }
    if (sum == Sum::fresh) std::fill_n(row, n, T(0));
    for (std::int64_t l = 0; l < k; ++l) {
      const T factor = left[i * row_step + l * inner_step];
      const T* source = right + l * n;
      for (std::int64_t j = 0; j < n; ++j) row[j] += factor * source[j];
    }
  }
}

template <class T>
void blocked_product(MatrixView a, MatrixView b, T* out, Eigen::Index m, Eigen::Index k, Eigen::Index n,
                     Sum sum) {
  const View<T> left(static_cast<const T*>(a.data), a.transposed ? k : m, a.transposed ? m : k);
  const View<T> right(static_cast<const T*>(b.data), b.transposed ? n : k, b.transposed ? k : n);
  Eigen::Map<Matrix<T>> result(out, m, n);
  if (sum == Sum::fresh) result.setZero();
  if (a.transposed && b.transposed) {
    result.noalias() += left.transpose() * right.transpose();
  } else if (a.transposed) {
    result.noalias() += left.transpose() * right;
  } else if (b.transposed) {
    result.noalias() += left * right.transpose();
  } else {
    result.noalias() += left * right;
  }
}

}  // namespace

void product(DType dtype, MatrixView a, MatrixView b, void* out, std::int64_t m, std::int64_t k,
             std::int64_t n, Sum sum) {
  if (m == 0 || n == 0) return;
  dispatch_numeric(dtype, [&]<class T>() {
    if constexpr (std::is_floating_point_v<T>) {
      if (k != 0 && m * n > kSmallProduct / k)
        return blocked_product(a, b, static_cast<T*>(out), m, k, n, sum);
    }
    small_product(a, b, static_cast<T*>(out), m, k, n, sum);
  });
}

}  // namespace gradus::kernels
