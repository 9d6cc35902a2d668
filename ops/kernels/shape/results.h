#pragma once

#include <gradus/graph/pool_vector.h>
#include <gradus/graph/tensor.h>
#include <gradus/graph/variable.h>

namespace gradus::kernels {

// The results of an op that has several, all of one dtype. Such an op makes one flat tensor with the results
// one after the other; what the user gets are its parts, and the gradient that comes back has the same
// layout.
class Results {
 public:
  explicit Results(PoolVector<Shape> shapes);

  Shape packed() const { return {offsets_.back()}; }
  std::size_t size() const { return shapes_.size(); }
  const Shape& shape(std::size_t k) const { return shapes_[k]; }
  // Result k of the op's value, or its share of the op's gradient.
  Variable part(const Variable& packed, std::size_t k) const;
  // Where the values of result k begin.
  template <class T>
  T* data(Tensor& packed, std::size_t k) const {
    return packed.raw<T>() + offsets_[k];
  }
  template <class T>
  const T* data(const Tensor& packed, std::size_t k) const {
    return packed.raw<T>() + offsets_[k];
  }

 private:
  PoolVector<Shape> shapes_;
  PoolVector<std::int64_t> offsets_;
};

}  // namespace gradus::kernels
