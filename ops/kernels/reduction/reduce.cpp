#include <gradus/ops/kernels/reduction/extreme_run.h>
#include <gradus/ops/kernels/reduction/groups.h>
#include <gradus/ops/kernels/reduction/product_of.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/kernels/reduction/short_rows.h>

#include <cmath>
#include <limits>

namespace gradus::kernels {

namespace {

struct Itself {
  static constexpr bool kUniform = true;
  template <class T>
  auto one(const Lanes<T>& x, std::int64_t /*o*/) const {
    return x;
  }
  template <class T>
  auto each(const Lanes<T>& x, std::int64_t /*o*/) const {
    return x;
  }
};

// What combines totals one by one: `join` of Combine, values converted to its Total first.
template <class T, class Combine>
struct Joined : Combine {
  using Total = typename Combine::Total;
  static constexpr bool kUniform = true;
  Total run(std::int64_t /*o*/, const T* x, std::int64_t n) const {
    constexpr std::int64_t kLanes = 16;
    std::array<Total, kLanes> lanes;
    lanes.fill(Combine::start);
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
      for (std::int64_t k = 0; k < kLanes; ++k) {
        Total& lane = lanes[static_cast<std::size_t>(k)];
        lane = Combine::join(lane, Combine::of(x[i + k]));
      }
    }
    for (; i < n; ++i) lanes[0] = Combine::join(lanes[0], Combine::of(x[i]));
    Total total = lanes[0];
    for (std::size_t k = 1; k < kLanes; ++k) total = Combine::join(total, lanes[k]);
    return total;
  }
  void rows(std::int64_t /*o*/, const T* x, std::int64_t step, std::int64_t count, std::int64_t n,
            Total* totals) const {
    std::int64_t r = 0;
    for (; r + 2 <= count; r += 2) {
      const T *first = x + r * step, *second = first + step;
      for (std::int64_t j = 0; j < n; ++j) {
        totals[j] = Combine::join(totals[j], Combine::join(Combine::of(first[j]), Combine::of(second[j])));
      }
    }
    for (; r < count; ++r) {
      for (std::int64_t j = 0; j < n; ++j) {
        totals[j] = Combine::join(totals[j], Combine::of(x[r * step + j]));
      }
    }
  }
};

// The sums of very few values each, whose totals would cost more than the values.
constexpr std::int64_t kFew = 4;
template <std::int64_t extent, class T>
void sum_few(const T* x, const Groups& g, double factor, T* sums) {
  const auto sum = [=](const T* from, std::int64_t step) {
    double total = static_cast<double>(from[0]);
    for (std::int64_t k = 1; k < extent; ++k) total += static_cast<double>(from[k * step]);
    return static_cast<T>(total * factor);
  };
  parallel_for(g.outer * g.inner, kReducePiece / extent, [=](std::int64_t begin, std::int64_t end) {
    if (g.inner == 1) {
      for (std::int64_t i = begin; i < end; ++i) sums[i] = sum(x + i * extent, 1);
      return;
    }
    for (std::int64_t i = begin, n = 0; i < end; i += n) {
      const T* from = x + i / g.inner * extent * g.inner + i % g.inner;
      n = std::min(end - i, g.inner - i % g.inner);
      for (std::int64_t j = 0; j < n; ++j) sums[i + j] = sum(from + j, g.inner);
    }
  });
}
template <class T>
void sum_few(const T* x, const Groups& g, double factor, T* sums) {
  static_assert(kFew == 4);
  if (g.extent == 2) return sum_few<2>(x, g, factor, sums);
  if (g.extent == 3) return sum_few<3>(x, g, factor, sums);
  sum_few<4>(x, g, factor, sums);
}

// The sums of the columns of rows so short that several fill a vector; false, and nothing done, for others.
template <class T>
bool sum_short_columns(const T* x, const Groups& g, double factor, T* sums) {
  if (g.outer != 1 || g.extent * g.inner > kReducePiece) return false;
  bool done = false;
  where_rows_fill_vectors<T>(g.inner, [&]<std::int64_t n>() {
    using V = Vector<T>;
    using Sum = Vector<double>;
    constexpr std::int64_t kTogether = V::kWidth / n;
    Sum all = 0;
    std::int64_t row = 0;
    for (; row + kTogether <= g.extent; row += kTogether) {
      const V next = V::load(x + row * n);
      if constexpr (std::is_same_v<T, double>) {
        all = all + next;
      } else {
        const Halves halves = widened(next);
        all = all + (halves.low + halves.high);
      }
    }
    all = combine_columns<n, Sum::kWidth / 2>(all.values, kSum);
    std::array<double, static_cast<std::size_t>(n)> totals;
    for (std::size_t j = 0; j < totals.size(); ++j) totals[j] = all.values[j];
    for (; row < g.extent; ++row) {
      for (std::size_t j = 0; j < totals.size(); ++j) {
        totals[j] += static_cast<double>(x[static_cast<std::size_t>(row * n) + j]);
      }
    }
    for (std::size_t j = 0; j < totals.size(); ++j) sums[j] = static_cast<T>(totals[j] * factor);
    done = true;
  });
  return done;
}

// Integers wrap around, as they do in NumPy.
template <class T>
struct WholeSum {
  using Total = std::uint64_t;
  static constexpr Total start = 0;
  static Total of(T value) { return static_cast<Total>(value); }
  static Total join(Total a, Total b) { return a + b; }
};
template <class T>
struct WholeProduct {
  using Total = std::uint64_t;
  static constexpr Total start = 1;
  static Total of(T value) { return static_cast<Total>(value); }
  static Total join(Total a, Total b) { return a * b; }
};

// Eigen's maximum of floating values, which keeps a NaN.
template <class T, Extreme extreme>
struct Extremum {
  using Total = T;
  using Limits = std::numeric_limits<T>;
  static constexpr bool kLargest = extreme == Extreme::largest;
  static constexpr T kLeast = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  static constexpr T kMost = Limits::has_infinity ? Limits::infinity() : Limits::max();
  static constexpr T start = kLargest ? kLeast : kMost;
  static constexpr bool kUniform = true, kTakesAll = true;
  // A NaN, once met, stays: it is beyond nothing and nothing is beyond it.
  static T join(T a, T b) { return (kLargest ? b > a : b < a) || b != b ? b : a; }
  T run(std::int64_t /*o*/, const T* x, std::int64_t n) const {
    const RunExtreme<T> result = extreme_of_run<extreme>(x, n);
    return result.nan ? Limits::quiet_NaN() : result.value;
  }
  void rows(std::int64_t /*o*/, const T* x, std::int64_t step, std::int64_t count, std::int64_t n,
            T* totals) const {
    const auto row = [&](std::int64_t r) { return Lanes<T>(x + r * step, n); };
    const auto beyond = [](const auto& a, const auto& b) {
      if constexpr (kLargest) {
        return maximum(a, b);
      } else {
        return minimum(a, b);
      }
    };
    MutableLanes<T> result(totals, n);
    std::int64_t r = 0;
    for (; r + 4 <= count; r += 4) {
      result = beyond(result, beyond(beyond(row(r), row(r + 1)), beyond(row(r + 2), row(r + 3))));
    }
    for (; r < count; ++r) result = beyond(result, row(r));
  }
};

// Whether a value that decides has been met: one that is not 0, or one that is.
template <class T, Quantifier quantifier>
struct Decided {
  using Total = std::uint8_t;
  static constexpr Total start = 0;
  static Total of(T value) { return static_cast<Total>((value != T(0)) == (quantifier == Quantifier::any)); }
  static Total join(Total a, Total b) { return static_cast<Total>(a | b); }
};

template <class T, Quantifier quantifier>
void decide(const Tensor& x, const Shape& kept, Tensor& out) {
  bool* result = out.raw<bool>();
  reduce<T>(Joined<T, Decided<T, quantifier>>(), x, kept, [&](std::int64_t o, std::uint8_t met) {
    result[o] = (met != 0) == (quantifier == Quantifier::any);
  });
}

}  // namespace

namespace {

// By `where`, Groups or the shape that is kept.
template <class T, class Where>
void sum_floating(const Tensor& x, const Where& where, Tensor& out, double factor) {
  T* result = out.raw<T>();
  reduce<T>(SumOf<T, Itself>{}, x, where,
            [=](std::int64_t o, double sum) { result[o] = static_cast<T>(sum * factor); });
}

void sum_groups_into(const Tensor& x, const Groups& groups, Tensor& out, double factor) {
  dispatch_floating(x.dtype(), [&]<class T>() {
    if (groups.extent > 1 && groups.extent <= kFew) {
      return sum_few(x.raw<T>(), groups, factor, out.raw<T>());
    }
    if (sum_short_columns(x.raw<T>(), groups, factor, out.raw<T>())) return;
    sum_floating<T>(x, groups, out, factor);
  });
}

}  // namespace

void sum_rows_into(const Tensor& x, Tensor& out, double factor) {
  if (x.size() != 0) {
    return sum_groups_into(x, {.extent = x.size() / out.size(), .inner = out.size()}, out, factor);
  }
  dispatch_floating(out.dtype(), [&]<class T>() {
    std::fill_n(out.raw<T>(), out.size(), static_cast<T>(0 * factor));  // the mean of none is NaN
  });
}

void sum_into(const Tensor& x, const Shape& kept, Tensor& out, double factor) {
  if (is_floating(x.dtype()) && x.size() != 0) {
    if (const auto groups = groups_of(x.shape(), kept)) return sum_groups_into(x, *groups, out, factor);
  }
  dispatch(x.dtype(), [&]<class T>() {
    if constexpr (std::is_floating_point_v<T>) {
      sum_floating<T>(x, kept, out, factor);
    } else {
      using Out = std::conditional_t<std::is_same_v<T, bool>, std::int64_t, T>;
      Out* result = out.raw<Out>();
      reduce<T>(Joined<T, WholeSum<T>>(), x, kept,
                [&](std::int64_t o, std::uint64_t sum) { result[o] = static_cast<Out>(sum); });
    }
  });
}

void prod_into(const Tensor& x, const Shape& kept, Tensor& out) {
  dispatch(x.dtype(), [&]<class T>() {
    using Out = std::conditional_t<std::is_same_v<T, bool>, std::int64_t, T>;
    Out* result = out.raw<Out>();
    const auto emit = [&](std::int64_t o, auto product) { result[o] = static_cast<Out>(product); };
    if constexpr (std::is_floating_point_v<T>) {
      reduce<T>(ProductOf<T>(), x, kept, emit);
    } else {
      reduce<T>(Joined<T, WholeProduct<T>>(), x, kept, emit);
    }
  });
}

void extreme_into(Extreme extreme, const Tensor& x, const Shape& kept, Tensor& out) {
  dispatch_numeric(x.dtype(), [&]<class T>() {
    T* result = out.raw<T>();
    const auto emit = [&](std::int64_t o, T chosen) { result[o] = chosen; };
    if (extreme == Extreme::largest) {
      reduce<T>(Extremum<T, Extreme::largest>(), x, kept, emit);
    } else {
      reduce<T>(Extremum<T, Extreme::least>(), x, kept, emit);
    }
  });
}

void truth_into(Quantifier quantifier, const Tensor& x, const Shape& kept, Tensor& out) {
  dispatch(x.dtype(), [&]<class T>() {
    if (quantifier == Quantifier::all) {
      decide<T, Quantifier::all>(x, kept, out);
    } else {
      decide<T, Quantifier::any>(x, kept, out);
    }
  });
}

namespace {

// e^(x - shift), with a shift for each place.
template <class S>
struct ShiftedExp {
  static constexpr bool kUniform = false;
  auto one(const Lanes<S>& x, std::int64_t o) const { return exp(x - shifts[o]); }
  auto each(const Lanes<S>& x, std::int64_t o) const { return exp(x - Lanes<S>(shifts + o, x.size())); }
  const S* shifts;
};

}  // namespace

void logsumexp_into(const Tensor& x, const Shape& kept, Tensor& out) {
  Tensor shift = Tensor::empty(out.shape(), out.dtype());
  extreme_into(Extreme::largest, x, kept, shift);
  dispatch_floating(x.dtype(), [&]<class T>() {
    T *shifts = shift.raw<T>(), *result = out.raw<T>();
    // An infinite maximum is the result already; shifting by it would give NaN.
    for (std::int64_t i = 0; i < shift.size(); ++i) {
      if (std::isinf(shifts[i])) shifts[i] = 0;
    }
    reduce<T>(SumOf<T, ShiftedExp<T>>{{shifts}}, x, kept, [&](std::int64_t o, double sum) {
      result[o] = static_cast<T>(static_cast<double>(shifts[o]) + std::log(sum));
    });
  });
}

}  // namespace gradus::kernels
