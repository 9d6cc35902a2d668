#pragma once

#include <gradus/ops/kernels/linalg/decompositions.h>

#include <Eigen/Eigenvalues>

#include <limits>

// Eigen's solver takes as long to compile as many files of ours: each type has one of its own.

namespace gradus::kernels {

template <class T>
bool eigh(const T* a, std::int64_t n, T* values, T* vectors) {
  if (n == 0) return true;
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Matrix> view(a, n, n);
  Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>> values_out(values, n);
  Eigen::Map<Matrix> vectors_out(vectors, n, n);
  if (!view.allFinite()) {
    values_out.setConstant(std::numeric_limits<T>::quiet_NaN());
    vectors_out.setConstant(std::numeric_limits<T>::quiet_NaN());
    return true;
  }
  using Symmetric = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
  const Symmetric symmetric = T(0.5) * view + T(0.5) * view.transpose();
  const Eigen::SelfAdjointEigenSolver<Symmetric> solver(symmetric);
  if (solver.info() != Eigen::Success) return false;
  values_out = solver.eigenvalues();
  vectors_out = solver.eigenvectors();
  for (Eigen::Index j = 0; j < n; ++j) {
    if (is_flipped(vectors + j, n, n)) vectors_out.col(j) *= T(-1);
  }
  return true;
}

}  // namespace gradus::kernels
