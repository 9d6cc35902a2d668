#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/broadcast.h>
#include <gradus/ops/kernels/lanes.h>
#include <gradus/ops/kernels/reduce_op.h>

#include <algorithm>
#include <limits>

namespace gradus::kernels {

namespace {

constexpr std::int64_t kStretch = 1024;

// Calls one(o, values, n) for n values that fall together in place o of the result, and each(o, values, n)
// for n values that fall in places o, o + 1, …
template <class T, class One, class Each>
void each_stretch(const Tensor& x, const Shape& kept, const One& one, const Each& each) {
  const std::array<const Shape*, 1> result = {&kept};
  const BroadcastPlan plan(x.shape(), result);
  const T* values = x.raw<T>();
  plan.each_run([&](std::int64_t at, const std::array<std::int64_t, 3>& offsets) {
    for (std::int64_t done = 0; done < plan.run(); done += kStretch) {
      const std::int64_t n = std::min(kStretch, plan.run() - done);
      if (plan.repeats(0)) {
        one(offsets[0], values + at + done, n);
      } else {
        each(offsets[0] + done, values + at + done, n);
      }
    }
  });
}

template <class T>
using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>;

template <class T, class Out>
void store(const PoolVector<Accumulator<T>>& sums, Tensor& out, double factor) {
  Out* result = out.raw<Out>();
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if constexpr (std::is_floating_point_v<T>) {
      result[i] = static_cast<Out>(sums[i] * factor);
    } else {
      result[i] = static_cast<Out>(sums[i]);
    }
  }
}

}  // namespace

void sum_into(const Tensor& x, const Shape& kept, Tensor& out, double factor) {
  dispatch(x.dtype(), [&]<class T>() {
    using Total = Accumulator<T>;
    PoolVector<Total> sums(static_cast<std::size_t>(kept.elements()), Total(0));
    each_stretch<T>(
        x, kept,
        [&](std::int64_t o, const T* values, std::int64_t n) {
          Total& total = sums[static_cast<std::size_t>(o)];
          if constexpr (std::is_floating_point_v<T>) {
            total += static_cast<Total>(Lanes<T>(values, n).sum());
          } else {
            for (std::int64_t i = 0; i < n; ++i) total += values[i];
          }
        },
        [&](std::int64_t o, const T* values, std::int64_t n) {
          Total* totals = sums.data() + o;
          for (std::int64_t i = 0; i < n; ++i) totals[i] += static_cast<Total>(values[i]);
        });
    store<T, std::conditional_t<std::is_same_v<T, bool>, std::int64_t, T>>(sums, out, factor);
  });
}

void max_into(const Tensor& x, const Shape& kept, Tensor& out) {
  dispatch_numeric(x.dtype(), [&]<class T>() {
    T* result = out.raw<T>();
    const T lowest =
        std::is_floating_point_v<T> ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
    std::fill_n(result, out.size(), lowest);
    // A NaN, once met, stays: it is larger than nothing and nothing is larger.
    const auto larger = [](T a, T b) { return b > a || b != b ? b : a; };
    each_stretch<T>(
        x, kept,
        [&](std::int64_t o, const T* values, std::int64_t n) {
          result[o] = larger(result[o], Lanes<T>(values, n).template maxCoeff<Eigen::PropagateNaN>());
        },
        [&](std::int64_t o, const T* values, std::int64_t n) {
          for (std::int64_t i = 0; i < n; ++i) result[o + i] = larger(result[o + i], values[i]);
        });
  });
}

void logsumexp_into(const Tensor& x, const Shape& kept, Tensor& out) {
  Tensor shift = Tensor::empty(out.shape(), out.dtype());
  max_into(x, kept, shift);
  dispatch_floating(x.dtype(), [&]<class T>() {
    T* shifts = shift.raw<T>();
    // An infinite maximum is the result already; shifting by it would give NaN.
    for (std::int64_t i = 0; i < shift.size(); ++i) {
      if (std::isinf(shifts[i])) shifts[i] = 0;
    }
    PoolVector<double> sums(static_cast<std::size_t>(out.size()), 0.0);
    each_stretch<T>(
        x, kept,
        [&](std::int64_t o, const T* values, std::int64_t n) {
          sums[static_cast<std::size_t>(o)] +=
              static_cast<double>(exp(Lanes<T>(values, n) - shifts[o]).sum());
        },
        [&](std::int64_t o, const T* values, std::int64_t n) {
          MutableLanes<double>(sums.data() + o, n) +=
              exp(Lanes<T>(values, n) - Lanes<T>(shifts + o, n)).template cast<double>();
        });
    for (std::int64_t i = 0; i < out.size(); ++i) {
      out.raw<T>()[i] =
          static_cast<T>(static_cast<double>(shifts[i]) + std::log(sums[static_cast<std::size_t>(i)]));
    }
  });
}

}  // namespace gradus::kernels
