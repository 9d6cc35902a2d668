#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/spread.h>
#include <gradus/ops/kernels/reduction/variance.h>
#include <gradus/ops/kernels/shape/strided_copy.h>

namespace gradus::kernels {

namespace {

// A shift changes no variance. By the first value of each group the deviations of a constant are exactly 0,
// and those of values far from 0 keep their digits.
Tensor first_values(const Tensor& x, const Shape& kept) {
  if (x.size() == 0) return Tensor::zeros(kept, x.dtype());
  Tensor first = Tensor::empty(kept, x.dtype());
  strided_copy(kept, x, {.strides = contiguous_strides(x.shape())}, first,
               {.strides = contiguous_strides(kept)});
  return first;
}

template <class T>
struct Shifted {
  static constexpr bool kUniform = false;
  auto one(const Lanes<T>& x, std::int64_t o) const { return x - first[o]; }
  auto each(const Lanes<T>& x, std::int64_t o) const { return x - Lanes<T>(first + o, x.size()); }
  const T* first;
};
template <class T>
struct SquaredDeviation {
  static constexpr bool kUniform = false;
  auto one(const Lanes<T>& x, std::int64_t o) const { return ((x - first[o]) - mean[o]).square(); }
  auto each(const Lanes<T>& x, std::int64_t o) const {
    return ((x - Lanes<T>(first + o, x.size())) - Lanes<T>(mean + o, x.size())).square();
  }
  const T *first, *mean;
};

}  // namespace

OpAttributes VarianceOp::attributes() const {
  OpAttributes result = ReduceOp::attributes();
  if (ddof_ != 0) result.push_back({"ddof", std::to_string(ddof_)});
  return result;
}

void VarianceOp::forward(Forward& forward) const {
  const Tensor& x = forward.value(0);
  const Shape kept = kept_shape(forward);
  const double size = group_size(x.shape(), kept), divisor = this->divisor(x.shape(), kept);
  Tensor first = first_values(x, kept), mean = Tensor::empty(kept, x.dtype());
  dispatch_floating(x.dtype(), [&]<class T>() {
    T *means = mean.raw<T>(), *y = forward.output().raw<T>();
    const T* firsts = first.raw<T>();
    reduce<T>(SumOf<T, Shifted<T>>{{firsts}}, x, kept,
              [&](std::int64_t o, double sum) { means[o] = static_cast<T>(sum / size); });
    reduce<T>(SumOf<T, SquaredDeviation<T>>{{firsts, means}}, x, kept,
              [&](std::int64_t o, double sum) { y[o] = static_cast<T>(sum / divisor); });
  });
  forward.save(std::move(first));
  forward.save(std::move(mean));
}

// dx = 2 g (x - mean(x)) / (n - ddof)
void VarianceOp::vjp(Backward& b) const {
  const Variable x = b.input(0);
  const Tensor &first = b.saved(0), &mean = b.saved(1);
  const Shape& kept_shape = first.shape();
  const double factor = 2 / divisor(x.shape(), kept_shape);
  const Variable scale = multiply(kept(b, b.gradient()), factor);
  if (b.create_graph()) {
    const Variable shifted = subtract(x, first);
    const Variable deviation =
        subtract(shifted, gradus::mean(shifted, {.axis = options_.axis, .keepdims = true}));
    return b.give(0, multiply(scale, deviation));
  }
  Tensor dx = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating(x.dtype(), [&]<class T>() {
    spread_rule<T>(
        x.value(), kept_shape, dx,
        [](const auto& values, const auto& from, const auto& middle, const auto& by) {
          return ((values - from) - middle) * by;
        },
        first.raw<T>(), mean.raw<T>(), scale.value().raw<T>());
  });
  b.give(0, std::move(dx));
}

}  // namespace gradus::kernels
