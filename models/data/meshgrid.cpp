#include <gradus/graph/error.h>
#include <gradus/models/data/meshgrid.h>

#include <algorithm>

namespace gradus {

Meshgrid meshgrid(const Tensor& x, const Tensor& y) {
  x.require_defined();
  y.require_defined();
  if (x.rank() != 1 || y.rank() != 1) {
    throw ShapeError("meshgrid: needs two vectors, x is " + to_string(x.shape()) + ", y is " +
                     to_string(y.shape()));
  }
  const Shape shape = {y.size(), x.size()};
  Meshgrid grid{Tensor::empty(shape, x.dtype()), Tensor::empty(shape, y.dtype())};
  dispatch(x.dtype(), [&]<class T>() {
    T* out = grid.xx.raw<T>();
    for (std::int64_t row = 0; row < y.size(); ++row) out = std::copy_n(x.raw<T>(), x.size(), out);
  });
  dispatch(y.dtype(), [&]<class T>() {
    T* out = grid.yy.raw<T>();
    for (const T value : y.values<T>()) out = std::fill_n(out, x.size(), value);
  });
  return grid;
}

}  // namespace gradus
