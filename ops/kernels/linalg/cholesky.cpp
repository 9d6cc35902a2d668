#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/linalg/decompositions.h>

#include <Eigen/Cholesky>

#include <limits>

namespace gradus::kernels {

template <class T>
std::int64_t cholesky(const T* a, std::int64_t n, T* out) {
  if (n == 0) return -1;
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Matrix> view(a, n, n);
  Eigen::Map<Matrix> lower(out, n, n);
  if (!view.allFinite()) {
    lower.setConstant(std::numeric_limits<T>::quiet_NaN());
    return -1;
  }
  // By columns, as Eigen's kernels run best.
  using Columns = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
  PoolVector<T> room(static_cast<std::size_t>(n * n));
  Eigen::Map<Columns> work(room.data(), n, n);
  work = T(0.5) * view + T(0.5) * view.transpose();  // halved first: the sum may overflow
  // What LLT runs; it tells where the pivot failed, which LLT keeps to itself.
  const std::int64_t failed = Eigen::internal::llt_inplace<T, Eigen::Lower>::blocked(work);
  lower = work.template triangularView<Eigen::Lower>();
  return failed;
}

template std::int64_t cholesky<float>(const float*, std::int64_t, float*);
template std::int64_t cholesky<double>(const double*, std::int64_t, double*);

}  // namespace gradus::kernels
