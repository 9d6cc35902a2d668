#pragma once

#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/graph/tensor.h>
#include <gradus/ops/kernels/elementwise/broadcast.h>
#include <gradus/ops/kernels/elementwise/lanes.h>

#include <algorithm>
#include <array>
#include <optional>

namespace gradus::kernels {

// Note [Reductions]
// A reduction is a functor over values of type T:
//   Total           what values are gathered in, and `start` what it is of none;
//   run(o, x, n)    the Total of n contiguous values which all fall in place o, n <= kStretch;
//   kTakesAll       if true, `run` takes any n: for a total that is exact, whatever it is made of on the way;
//   rows(o, x, step, count, n, totals)
//                   adds x[r * step + j] of r < count <= kRows rows to totals[j], for place o + j, j < n;
//   join(a, b)      both;
//   kUniform        whether it does the same in every place, whatever `o`.
// Values are cut into pieces by size and the pieces' totals are joined in order, so that the bits do not
// depend on the number of threads.
constexpr std::int64_t kStretch = 1024, kRows = 8;
// Elements of a piece: about 30 us of work.
constexpr std::int64_t kReducePiece = std::int64_t{1} << 17;

// A shape of which neighbouring axes are reduced together: element (o, i, j) lies at
// (o * extent + i) * inner + j and falls in place o * inner + j.
struct Groups {
  std::int64_t outer = 1, extent = 1, inner = 1;
};
// Nothing where the axes along which `kept` has extent 1 and the shape more are no neighbours. REQUIRES that
// the shape has elements: beside an empty axis others may be of any extent.
std::optional<Groups> groups_of(const Shape& shape, const Shape& kept);

template <class R, class T>
typename R::Total reduced_run(const R& reduction, std::int64_t o, const T* x, std::int64_t n) {
  if constexpr (requires { requires R::kTakesAll; }) return R::join(R::start, reduction.run(o, x, n));
  typename R::Total total = R::start;
  for (std::int64_t done = 0; done < n; done += kStretch) {
    total = R::join(total, reduction.run(o, x + done, std::min(kStretch, n - done)));
  }
  return total;
}

// Adds `count` rows of n values to totals, which holds n.
template <class R, class T>
void reduce_rows(const R& reduction, std::int64_t o, const T* x, std::int64_t step, std::int64_t count,
                 std::int64_t n, typename R::Total* totals) {
  constexpr std::int64_t kColumns = 512;
  for (std::int64_t j = 0; j < n; j += kColumns) {
    const std::int64_t width = std::min(kColumns, n - j);
    for (std::int64_t r = 0; r < count; r += kRows) {
      reduction.rows(o + j, x + r * step + j, step, std::min(kRows, count - r), width, totals + j);
    }
  }
}

// Adds up rows of few values several at a time, as one long one.
template <class R, class T>
void reduce_narrow_rows(const R& reduction, const T* x, std::int64_t count, std::int64_t n,
                        typename R::Total* totals) {
  constexpr std::int64_t kWide = 64;
  const std::int64_t times = kWide / n, wide = times * n;
  std::array<typename R::Total, kWide> sums;
  std::fill_n(sums.begin(), wide, R::start);
  reduce_rows(reduction, 0, x, wide, count / times, wide, sums.data());
  for (std::int64_t first = 0; first < wide; first += n) {
    for (std::int64_t j = 0; j < n; ++j) {
      totals[j] = R::join(totals[j], sums[static_cast<std::size_t>(first + j)]);
    }
  }
  reduce_rows(reduction, 0, x + count / times * wide, n, count % times, n, totals);
}

// Totals of all places, in order.
template <class T, class R>
void reduce_groups(const R& reduction, const T* x, const Groups& g, typename R::Total* totals) {
  using Total = typename R::Total;
  const std::int64_t least = g.inner == 1 ? 1 : 8 * kRows;  // rows of a piece, that its totals are few
  const std::int64_t rows =
      std::clamp<std::int64_t>(kReducePiece / g.inner, least, std::max(least, g.extent));
  const std::int64_t pieces = (g.extent - 1) / rows + 1;
  const auto piece = [&](std::int64_t o, std::int64_t first, std::int64_t count, Total* to) {
    const T* from = x + (o * g.extent + first) * g.inner;
    if (g.inner == 1) {
      *to = reduced_run(reduction, o, from, count);
    } else {
      std::fill_n(to, g.inner, R::start);
      if (R::kUniform && g.inner <= 32 && count >= 256 / g.inner) {
        reduce_narrow_rows(reduction, from, count, g.inner, to);
      } else {
        reduce_rows(reduction, o * g.inner, from, g.inner, count, g.inner, to);
      }
    }
  };
  if (pieces == 1) {
    const std::int64_t grain = std::max<std::int64_t>(1, kReducePiece / (g.extent * g.inner));
    parallel_for(g.outer, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o) piece(o, 0, g.extent, totals + o * g.inner);
    });
    return;
  }
  PoolVector<Total> parts;
  parts.reserve(static_cast<std::size_t>(g.outer * pieces * g.inner));
  Total* const all = parts.data();
  parallel_for(g.outer * pieces, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      const std::int64_t first = p % pieces * rows;
      piece(p / pieces, first, std::min(rows, g.extent - first), all + p * g.inner);
    }
  });
  for (std::int64_t o = 0; o < g.outer; ++o) {
    Total* to = totals + o * g.inner;
    std::fill_n(to, g.inner, R::start);
    for (std::int64_t p = 0; p < pieces; ++p) {
      const Total* from = all + (o * pieces + p) * g.inner;
      for (std::int64_t j = 0; j < g.inner; ++j) to[j] = R::join(to[j], from[j]);
    }
  }
}

// The totals of some places; of few without taking memory.
template <class Total>
class Totals {
 public:
  explicit Totals(std::int64_t places) {
    if (places <= kFew) return;
    many_.reserve(static_cast<std::size_t>(places));
    data_ = many_.data();
  }
  Totals(const Totals&) = delete;
  Totals& operator=(const Totals&) = delete;
  Total* data() { return data_; }

 private:
  static constexpr std::int64_t kFew = 16;
  std::array<Total, kFew> few_;
  PoolVector<Total> many_;
  Total* data_ = few_.data();
};

// Reduces the groups of x, which holds values, and calls emit(o, total) for each place of the result.
template <class T, class R, class Emit>
void reduce(const R& reduction, const Tensor& x, const Groups& groups, const Emit& emit) {
  const std::int64_t places = groups.outer * groups.inner;
  Totals<typename R::Total> totals(places);
  reduce_groups(reduction, x.raw<T>(), groups, totals.data());
  for (std::int64_t o = 0; o < places; ++o) emit(o, totals.data()[o]);
}

// Reduces x over the axes along which `kept` has extent 1 and x more, and calls emit(o, total) for each place
// of the result.
template <class T, class R, class Emit>
void reduce(const R& reduction, const Tensor& x, const Shape& kept, const Emit& emit) {
  if (const auto groups = x.size() == 0 ? std::nullopt : groups_of(x.shape(), kept)) {
    return reduce<T>(reduction, x, *groups, emit);
  }
  const std::int64_t places = kept.elements();
  Totals<typename R::Total> of_places(places);
  auto* const totals = of_places.data();
  std::fill_n(totals, places, R::start);
  const std::array<const Shape*, 1> result = {&kept};
  const BroadcastPlan plan(x.shape(), result);
  plan.each_run([&](std::int64_t at, const std::array<std::int64_t, 3>& offsets) {
    const T* values = x.raw<T>() + at;
    const std::int64_t o = offsets[0];
    if (plan.repeats(0)) {
      totals[o] = R::join(totals[o], reduced_run(reduction, o, values, plan.run()));
    } else {
      reduce_rows(reduction, o, values, plan.run(), 1, plan.run(), totals + o);
    }
  });
  for (std::int64_t o = 0; o < places; ++o) emit(o, totals[o]);
}

// f(row 0) + f(row 1) + … of up to kRows rows of n values, in `to`.
template <class T, class F>
void sum_of_rows(const T* x, std::int64_t step, std::int64_t count, std::int64_t n, T* to, const F& f) {
  const auto row = [&](std::int64_t r) { return f(Lanes<T>(x + r * step, n)); };
  MutableLanes<T> sum(to, n);
  if (count == kRows) {
    sum = ((row(0) + row(1)) + (row(2) + row(3))) + ((row(4) + row(5)) + (row(6) + row(7)));
    return;
  }
  sum = row(0);
  for (std::int64_t r = 1; r < count; ++r) sum += row(r);
}

// The sum of f over values, in double: f.one(lanes, o) of lanes that all fall in place o, f.each(lanes, o) of
// lanes that fall in places o, o + 1, …
template <class T, class F>
struct SumOf {
  using Total = double;
  static constexpr double start = 0;
  static constexpr bool kUniform = F::kUniform;
  static double join(double a, double b) { return a + b; }
  double run(std::int64_t o, const T* x, std::int64_t n) const {
    return static_cast<double>(f.one(Lanes<T>(x, n), o).sum());
  }
  void rows(std::int64_t o, const T* x, std::int64_t step, std::int64_t count, std::int64_t n,
            double* totals) const {
    alignas(64) std::array<T, 512> sum;
    sum_of_rows<T>(x, step, count, n, sum.data(), [&](const Lanes<T>& row) { return f.each(row, o); });
    for (std::int64_t j = 0; j < n; ++j) totals[j] += static_cast<double>(sum[static_cast<std::size_t>(j)]);
  }
  F f;
};

}  // namespace gradus::kernels
