#include <gradus/ops/kernels/linalg/decompositions.h>

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace gradus::kernels {

namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using View = Eigen::Map<const Matrix<T>>;
template <class T>
using Lu = Eigen::PartialPivLU<Matrix<T>>;

template <class T>
bool singular(const Lu<T>& lu) {
  return (lu.matrixLU().diagonal().array() == T(0)).any();
}

template <class T>
bool solve_into(const View<T>& a, const Matrix<T>& b, T* out) {
  Eigen::Map<Matrix<T>> x(out, b.rows(), b.cols());
  if (!a.allFinite()) {
    x.setConstant(std::numeric_limits<T>::quiet_NaN());
    return true;
  }
  const Lu<T> lu(a);
  if (singular(lu)) return false;
  x = lu.solve(b);
  return true;
}

}  // namespace

template <class T>
bool inverse(const T* a, std::int64_t n, T* out) {
  return n == 0 || solve_into<T>(View<T>(a, n, n), Matrix<T>::Identity(n, n), out);
}

template <class T>
bool solve(const T* a, const T* b, std::int64_t n, std::int64_t columns, T* out) {
  return n == 0 || solve_into<T>(View<T>(a, n, n), View<T>(b, n, columns), out);
}

double Determinant::value() const {
  const std::int64_t within = std::clamp<std::int64_t>(exponent, -10000, 10000);
  return std::ldexp(mantissa, static_cast<int>(within));
}

double Determinant::log() const { return std::log(mantissa) + static_cast<double>(exponent) * std::log(2.0); }

template <class T>
Determinant determinant(const T* a, std::int64_t n) {
  if (n == 0) return {.mantissa = 0.5, .exponent = 1};
  const View<T> view(a, n, n);
  if (view.hasNaN()) return {.mantissa = std::numeric_limits<double>::quiet_NaN()};
  const Lu<T> lu(view);
  Determinant result = {.mantissa = static_cast<double>(lu.permutationP().determinant())};
  for (Eigen::Index i = 0; i < n; ++i) {
    int exponent = 0;
    result.mantissa = std::frexp(result.mantissa * static_cast<double>(lu.matrixLU()(i, i)), &exponent);
    result.exponent += exponent;
  }
  const auto pivots = lu.matrixLU().diagonal().cwiseAbs();
  result.near_singular =
      !(pivots.minCoeff() > std::cbrt(std::numeric_limits<T>::epsilon()) * pivots.maxCoeff());
  return result;
}

// adj(a)^T: for a = u diag(s) v^T it is det(u) det(v) u diag(the product of the other s) v^T.
template <class T>
void cofactors(const T* a, std::int64_t n, T* out) {
  if (n == 0) return;
  Eigen::Map<Matrix<T>> result(out, n, n);
  const Determinant whole = determinant(a, n);
  if (!whole.near_singular || !View<T>(a, n, n).allFinite()) {
    Matrix<T> inverted(n, n);
    inverse(a, n, inverted.data());
    result = inverted.transpose() * static_cast<T>(whole.value());
    return;
  }
  const auto size = static_cast<std::size_t>(n);
  std::vector<T> u(size * size), s(size), vh(size * size), others(size, T(1));
  svd(a, n, n, u.data(), n, s.data(), vh.data(), n);
  const double sign = determinant(u.data(), n).mantissa * determinant(vh.data(), n).mantissa;
  T product = sign < 0 ? T(-1) : T(1);
  for (std::size_t i = 0; i < size; product *= s[i++]) others[i] *= product;
  product = 1;
  for (std::size_t i = size; i-- > 0; product *= s[i]) others[i] *= product;
  Matrix<T> scaled = View<T>(u.data(), n, n);
  for (Eigen::Index i = 0; i < n; ++i) scaled.col(i) *= others[static_cast<std::size_t>(i)];
  result.noalias() = scaled * View<T>(vh.data(), n, n);
}

#define GRADUS_INSTANTIATE(T)                                                 \
  template bool inverse<T>(const T*, std::int64_t, T*);                       \
  template bool solve<T>(const T*, const T*, std::int64_t, std::int64_t, T*); \
  template Determinant determinant<T>(const T*, std::int64_t);                \
  template void cofactors<T>(const T*, std::int64_t, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
