#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/extremum_op.h>
#include <gradus/ops/kernels/reduction/spread.h>

namespace gradus::kernels {

namespace {

// How many values equal the one that is chosen in their place.
template <class T>
struct Ties {
  using Total = std::int64_t;
  static constexpr Total start = 0;
  static constexpr bool kUniform = false;
  static Total join(Total a, Total b) { return a + b; }
  Total run(std::int64_t o, const T* x, std::int64_t n) const {
    const T one = chosen[o];
    std::int32_t count = 0;
    for (std::int64_t i = 0; i < n; ++i) count += x[i] == one ? 1 : 0;
    return count;
  }
  void rows(std::int64_t o, const T* x, std::int64_t step, std::int64_t count, std::int64_t n,
            Total* totals) const {
    const T* ones = chosen + o;
    for (std::int64_t r = 0; r < count; ++r) {
      for (std::int64_t j = 0; j < n; ++j) totals[j] += x[r * step + j] == ones[j] ? 1 : 0;
    }
  }
  const T* chosen;
};

}  // namespace

Shape ExtremumOp::infer_shape(const Call& call) const {
  Shape shape = ReduceOp::infer_shape(call);
  if (group_size(call.shape(0), kept_shape(call)) == 0) throw call.shape_error("no values to choose from");
  return shape;
}

void ExtremumOp::forward(Forward& forward) const {
  extreme_into(extreme_, forward.value(0), kept_shape(forward), forward.output());
}

void ExtremumOp::vjp(Backward& b) const {
  const Variable x = b.input(0), chosen = kept(b, b.output());
  if (b.create_graph()) {
    Variable share;  // 1 / number of ties where x is chosen, else 0: constant wherever the derivative exists
    {
      const NoGrad constant;
      const Tensor one = Tensor::ones({}, x.dtype()), zero = Tensor::zeros({}, x.dtype());
      const Variable ties = where(equal(x, chosen), one, zero);
      share = divide(ties, sum(ties, {.axis = options_.axis, .keepdims = true}));
    }
    return b.give(0, multiply(kept(b, b.gradient()), share));
  }
  const Shape& kept = chosen.shape();
  Tensor share = Tensor::empty(kept, x.dtype()), dx = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating(x.dtype(), [&]<class T>() {
    const T *ones = chosen.value().raw<T>(), *g = b.gradient_value().raw<T>();
    T* shares = share.raw<T>();
    // Of NaN none is equal: its share, g / 0 times 0, is NaN for all.
    reduce<T>(Ties<T>{ones}, x.value(), kept, [&](std::int64_t o, std::int64_t count) {
      shares[o] = count == 0 ? std::numeric_limits<T>::quiet_NaN() : g[o] * (1 / static_cast<T>(count));
    });
    const T* values = x.value().raw<T>();
    T* to = dx.raw<T>();
    spread(
        x.shape(), kept,
        [&](std::int64_t o, std::int64_t at, std::int64_t n) {
          const T one = ones[o], equal = shares[o], other = equal != equal ? equal : T(0);
          for (std::int64_t i = at; i < at + n; ++i) to[i] = values[i] == one ? equal : other;
        },
        [&](std::int64_t o, std::int64_t at, std::int64_t n) {
          for (std::int64_t i = 0; i < n; ++i) {
            const T equal = shares[o + i], other = equal != equal ? equal : T(0);
            to[at + i] = values[at + i] == ones[o + i] ? equal : other;
          }
        });
  });
  b.give(0, std::move(dx));
}

}  // namespace gradus::kernels
