#include <gradus/ops/kernels/reduction/prod_gradient.h>
#include <gradus/ops/kernels/reduction/product_of.h>
#include <gradus/ops/kernels/reduction/spread.h>

#include <cmath>

namespace gradus::kernels {

namespace {

// Each value's factor as the product of those before it and those behind it: right for zeros, and where the
// product of all is out of range.
template <class T>
void product_of_others(const T* x, std::int64_t extent, std::int64_t step, double g, T* dx) {
  PoolVector<double> before;
  before.reserve(static_cast<std::size_t>(extent));
  double* const all = before.data();
  double product = 1;
  for (std::int64_t i = 0; i < extent; ++i) {
    all[i] = product;
    product *= static_cast<double>(x[i * step]);
  }
  product = 1;
  for (std::int64_t i = extent; i-- > 0;) {
    dx[i * step] = static_cast<T>(g * (all[i] * product));
    product *= static_cast<double>(x[i * step]);
  }
}

// Whether a quotient by one factor is as good as the product of the others.
template <class T>
bool divisible(double product) {
  const double size = std::abs(product);
  return sizeof(T) == 4 ? size >= 0x1p-120 && size <= 0x1p120 : size >= 0x1p-1000 && size <= 0x1p1000;
}

}  // namespace

std::optional<Tensor> prod_gradient(const Tensor& x, const Shape& kept, const Tensor& g) {
  if (x.size() == 0) return Tensor::zeros(x.shape(), x.dtype());
  const auto groups = groups_of(x.shape(), kept);
  if (!groups) return std::nullopt;
  Tensor dx = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating(x.dtype(), [&]<class T>() {
    PoolVector<T> scale(static_cast<std::size_t>(kept.elements()));
    PoolVector<std::int64_t> special;
    reduce<T>(ProductOf<T>(), x, kept, [&](std::int64_t o, double product) {
      const double all = product * static_cast<double>(g.raw<T>()[o]);
      scale[static_cast<std::size_t>(o)] = static_cast<T>(all);
      if (!divisible<T>(product) || (all != 0 && !divisible<T>(all))) special.push_back(o);
    });
    if (special.size() * 2 < scale.size()) {
      spread_rule<T>(
          x, kept, dx, [](const auto& values, const auto& all) { return all / values; }, scale.data());
    } else {
      special.clear();
      for (std::int64_t o = 0; o < kept.elements(); ++o) special.push_back(o);
    }
    const std::int64_t grain = std::max<std::int64_t>(1, kReducePiece / 8 / groups->extent);
    parallel_for(static_cast<std::int64_t>(special.size()), grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end; ++k) {
        const std::int64_t o = special[static_cast<std::size_t>(k)];
        const std::int64_t at = o / groups->inner * groups->extent * groups->inner + o % groups->inner;
        product_of_others(x.raw<T>() + at, groups->extent, groups->inner, static_cast<double>(g.raw<T>()[o]),
                          dx.raw<T>() + at);
      }
    });
  });
  return dx;
}

}  // namespace gradus::kernels
