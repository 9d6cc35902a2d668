#include <gradus/ops/kernels/linalg/decompositions.h>

#include <Eigen/QR>

#include <algorithm>
#include <limits>
#include <vector>

namespace gradus::kernels {

template <class T>
void qr(const T* a, std::int64_t rows, std::int64_t columns, T* q, T* r) {
  if (columns == 0) return;
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Matrix> view(a, rows, columns);
  Eigen::Map<Matrix> q_out(q, rows, columns), r_out(r, columns, columns);
  if (!view.allFinite()) {
    q_out.setConstant(std::numeric_limits<T>::quiet_NaN());
    r_out.setConstant(std::numeric_limits<T>::quiet_NaN());
    return;
  }
  const Eigen::HouseholderQR<Matrix> reflections(view);
  r_out.setZero();
  r_out.template triangularView<Eigen::Upper>() = reflections.matrixQR().topRows(columns);
  q_out.setIdentity();
  q_out.applyOnTheLeft(reflections.householderQ());
}

template void qr<double>(const double*, std::int64_t, std::int64_t, double*, double*);

// In float64, too, which halves the time that this file takes to compile; float32 gains digits.
template <>
void qr(const float* a, std::int64_t rows, std::int64_t columns, float* q, float* r) {
  const std::vector<double> wide(a, a + rows * columns);
  std::vector<double> wide_q(wide.size()), wide_r(static_cast<std::size_t>(columns * columns));
  qr(wide.data(), rows, columns, wide_q.data(), wide_r.data());
  const auto narrow = [](double x) { return static_cast<float>(x); };
  std::transform(wide_q.begin(), wide_q.end(), q, narrow);
  std::transform(wide_r.begin(), wide_r.end(), r, narrow);
}

}  // namespace gradus::kernels
