#include <gradus/ops/kernels/decompositions.h>

#include <Eigen/QR>

#include <limits>

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

template void qr<float>(const float*, std::int64_t, std::int64_t, float*, float*);
template void qr<double>(const double*, std::int64_t, std::int64_t, double*, double*);

}  // namespace gradus::kernels
