#pragma once

// Opt-in: brings Eigen, compiled with the flags of the file that includes it.

#include <gradus/graph/tensor.h>

#include <Eigen/Core>

namespace gradus {

// A view of the values as a row-major matrix: the last axis across, all others down; a scalar is 1×1. It
// lives as long as the Tensor's buffer. DTypeError unless T is the dtype's C++ type.
template <Element T>
auto Tensor::matrix() const {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Index columns = rank() == 0 ? 1 : shape_.back();
  const Eigen::Index rows = columns == 0 ? 0 : size() / columns;
  return Eigen::Map<const Matrix>(values<T>().data(), rows, columns);
}
// The same for writing in place, which counts as a change of the values.
template <Element T>
auto Tensor::mutable_matrix() {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Index columns = rank() == 0 ? 1 : shape_.back();
  const Eigen::Index rows = columns == 0 ? 0 : size() / columns;
  return Eigen::Map<Matrix>(mutable_values<T>().data(), rows, columns);
}

}  // namespace gradus
