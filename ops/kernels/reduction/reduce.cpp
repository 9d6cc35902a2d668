#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/broadcast.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>

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

// Integers wrap around, as they do in NumPy.
template <class T>
using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;

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
            for (std::int64_t i = 0; i < n; ++i) total += static_cast<Total>(values[i]);
          }
        },
        [&](std::int64_t o, const T* values, std::int64_t n) {
          Total* totals = sums.data() + o;
          for (std::int64_t i = 0; i < n; ++i) totals[i] += static_cast<Total>(values[i]);
        });
    store<T, std::conditional_t<std::is_same_v<T, bool>, std::int64_t, T>>(sums, out, factor);
  });
}

void prod_into(const Tensor& x, const Shape& kept, Tensor& out) {
  dispatch(x.dtype(), [&]<class T>() {
    // Integers wrap around, as they do in NumPy.
    using Product = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;
    PoolVector<Product> products(static_cast<std::size_t>(kept.elements()), Product(1));
    each_stretch<T>(
        x, kept,
        [&](std::int64_t o, const T* values, std::int64_t n) {
          Product& product = products[static_cast<std::size_t>(o)];
          for (std::int64_t i = 0; i < n; ++i) product *= static_cast<Product>(values[i]);
        },
        [&](std::int64_t o, const T* values, std::int64_t n) {
          for (std::int64_t i = 0; i < n; ++i) {
            products[static_cast<std::size_t>(o + i)] *= static_cast<Product>(values[i]);
          }
        });
    using Out = std::conditional_t<std::is_same_v<T, bool>, std::int64_t, T>;
    std::transform(products.begin(), products.end(), out.raw<Out>(),
                   [](Product product) { return static_cast<Out>(product); });
  });
}

namespace {

template <Extreme extreme>
void chosen_into(const Tensor& x, const Shape& kept, Tensor& out) {
  dispatch_numeric(x.dtype(), [&]<class T>() {
    constexpr bool kLargest = extreme == Extreme::largest;
    using Limits = std::numeric_limits<T>;
    constexpr T kLeast = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
    constexpr T kMost = Limits::has_infinity ? Limits::infinity() : Limits::max();
    T* result = out.raw<T>();
    std::fill_n(result, out.size(), kLargest ? kLeast : kMost);
    // A NaN, once met, stays: it is beyond nothing and nothing is beyond it.
    const auto chosen = [](T a, T b) { return (kLargest ? b > a : b < a) || b != b ? b : a; };
    each_stretch<T>(
        x, kept,
        [&](std::int64_t o, const T* values, std::int64_t n) {
          const Lanes<T> lanes(values, n);
          if constexpr (kLargest) {
            result[o] = chosen(result[o], lanes.template maxCoeff<Eigen::PropagateNaN>());
          } else {
            result[o] = chosen(result[o], lanes.template minCoeff<Eigen::PropagateNaN>());
          }
        },
        [&](std::int64_t o, const T* values, std::int64_t n) {
          for (std::int64_t i = 0; i < n; ++i) result[o + i] = chosen(result[o + i], values[i]);
        });
  });
}

}  // namespace

void extreme_into(Extreme extreme, const Tensor& x, const Shape& kept, Tensor& out) {
  if (extreme == Extreme::largest) return chosen_into<Extreme::largest>(x, kept, out);
  chosen_into<Extreme::least>(x, kept, out);
}

void truth_into(Quantifier quantifier, const Tensor& x, const Shape& kept, Tensor& out) {
  // The value that decides the result once it is met.
  const bool decisive = quantifier == Quantifier::any;
  bool* result = out.raw<bool>();
  std::fill_n(result, out.size(), !decisive);
  dispatch(x.dtype(), [&]<class T>() {
    each_stretch<T>(
        x, kept,
        [&](std::int64_t o, const T* values, std::int64_t n) {
          for (std::int64_t i = 0; i < n && result[o] != decisive; ++i) result[o] = values[i] != T(0);
        },
        [&](std::int64_t o, const T* values, std::int64_t n) {
          for (std::int64_t i = 0; i < n; ++i) {
            if (result[o + i] != decisive) result[o + i] = values[i] != T(0);
          }
        });
  });
}

void logsumexp_into(const Tensor& x, const Shape& kept, Tensor& out) {
  Tensor shift = Tensor::empty(out.shape(), out.dtype());
  extreme_into(Extreme::largest, x, kept, shift);
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
