#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/reduction/extreme_run.h>
#include <gradus/ops/kernels/reduction/order.h>
#include <gradus/ops/kernels/reduction/sort_keys.h>
#include <gradus/ops/kernels/shape/axis_split.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

namespace gradus::kernels {

namespace {

template <class T>
bool is_nan(T x) {
  return x != x;
}

// Keys of 32 bits share a word with their positions, which sort as one number.
constexpr std::int64_t kPacked = std::int64_t{1} << 32;
// A line of as many values is sorted by counting digits, a shorter one by comparisons.
constexpr std::int64_t kRadixSort = 128;

// Sorts by the upper half, equal ones as they stand. REQUIRES room for as many words in `other`.
void radix_sort(std::uint64_t* words, std::uint64_t* other, std::int64_t n) {
  constexpr int kDigits = 4, kBits = 8;
  constexpr std::size_t kValues = std::size_t{1} << kBits;
  std::array<std::array<std::uint32_t, kValues>, kDigits> counts = {};
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::size_t d = 0; d < kDigits; ++d) ++counts[d][words[i] >> (32 + d * kBits) & (kValues - 1)];
  }
  std::uint64_t *from = words, *to = other;
  for (std::size_t d = 0; d < kDigits; ++d) {
    const int shift = 32 + static_cast<int>(d) * kBits;
    auto& count = counts[d];
    if (count[from[0] >> shift & (kValues - 1)] == static_cast<std::uint32_t>(n)) continue;  // all alike
    std::uint32_t begin = 0;
    for (std::uint32_t& each : count) begin += std::exchange(each, begin);
    for (std::int64_t i = 0; i < n; ++i) to[count[from[i] >> shift & (kValues - 1)]++] = from[i];
    std::swap(from, to);
  }
  if (from != words) std::copy_n(from, n, words);
}

// Calls out(i, position) for the values of a line in ascending order.
template <class T>
class LineSort {
 public:
  explicit LineSort(std::int64_t extent) {
    if (sizeof(T) <= 4 && extent < kPacked) {
      words_.reserve(2 * static_cast<std::size_t>(extent));
    } else {
      keyed_.reserve(static_cast<std::size_t>(extent));
    }
  }
  template <class Out>
  void operator()(const T* values, std::int64_t step, std::int64_t n, const Out& out) {
    if (sizeof(T) <= 4 && n < kPacked) {
      std::uint64_t* words = words_.data();
      for (std::int64_t i = 0; i < n; ++i) {
        words[i] = sort_key(values[i * step]) << 32 | static_cast<std::uint64_t>(i);
      }
      if (n < kRadixSort) {
        std::sort(words, words + n);
      } else {
        radix_sort(words, words + n, n);
      }
      for (std::int64_t i = 0; i < n; ++i) out(i, static_cast<std::int64_t>(words[i] & 0xFFFFFFFFU));
      return;
    }
    KeyedPosition* keyed = keyed_.data();
    for (std::int64_t i = 0; i < n; ++i) keyed[i] = {sort_key(values[i * step]), i};
    std::sort(keyed, keyed + n);
    for (std::int64_t i = 0; i < n; ++i) out(i, keyed[i].position);
  }

 private:
  PoolVector<std::uint64_t> words_;
  PoolVector<KeyedPosition> keyed_;
};

}  // namespace

Tensor ascending_positions(const Tensor& x, std::size_t axis) {
  const AxisSplit split(x.shape(), axis);
  Tensor positions = Tensor::empty(x.shape(), DType::int64);
  if (positions.size() == 0) return positions;
  constexpr std::int64_t kGrain = 4096;
  dispatch(x.dtype(), [&]<class T>() {
    parallel_for(split.outer * split.inner, std::max<std::int64_t>(1, kGrain / split.extent),
                 [&](std::int64_t begin, std::int64_t end) {
                   LineSort<T> sort(split.extent);
                   for (std::int64_t line = begin; line < end; ++line) {
                     const std::int64_t at =
                         line / split.inner * split.extent * split.inner + line % split.inner;
                     std::int64_t* to = positions.raw<std::int64_t>() + at;
                     sort(x.raw<T>() + at, split.inner, split.extent,
                          [&](std::int64_t i, std::int64_t position) { to[i * split.inner] = position; });
                   }
                 });
  });
  return positions;
}

namespace {

// The k largest of n values and some more, few where there are many. The values are dealt out to 4 k groups:
// none of the k largest is less than the k-th largest of the groups' largest.
template <class T>
void candidates(PoolVector<KeyedPosition>& kept, PoolVector<T>& largest, std::int64_t k, const T* x,
                std::int64_t n) {
  using V = Vector<T>;
  using Limits = std::numeric_limits<T>;
  constexpr std::int64_t kWidth = V::kWidth;
  const std::int64_t groups = (4 * k + kWidth - 1) / kWidth * kWidth;
  const auto keep = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) kept.push_back({~sort_key(x[i]), i});
  };
  kept.clear();
  if (n < 2 * groups) return keep(0, n);
  largest.assign(x, x + groups);
  for (std::int64_t i = groups; i + groups <= n; i += groups) {
    for (std::int64_t lane = 0; lane < groups; lane += kWidth) {
      const V next = V::load(x + i + lane), so_far = V::load(largest.data() + lane);
      choose(next > so_far, next, so_far).store(largest.data() + lane);
    }
  }
  // Nothing is beyond a NaN: a group that begins with one has no largest value.
  constexpr T kLeast = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  for (T& value : largest) value = is_nan(value) ? kLeast : value;
  std::nth_element(largest.begin(), largest.begin() + (k - 1), largest.end(), std::greater<>());
  const T bound = largest[static_cast<std::size_t>(k - 1)];
  std::int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    if (!any(!(V::load(x + i) < bound))) continue;
    for (std::int64_t j = i; j < i + kWidth; ++j) {
      if (!(x[j] < bound)) keep(j, j + 1);
    }
  }
  keep(i, n);
}

}  // namespace

Tensor largest_positions(const Tensor& x, std::int64_t k) {
  const AxisSplit split(x.shape(), x.shape().dims().size() - 1);
  Dims dims = x.shape().dims();
  dims[dims.size() - 1] = k;
  Tensor positions = Tensor::empty(Shape(std::move(dims)), DType::int64);
  if (positions.size() == 0) return positions;
  constexpr std::int64_t kGrain = std::int64_t{1} << 15;
  dispatch_numeric(x.dtype(), [&]<class T>() {
    parallel_for(split.outer, std::max<std::int64_t>(1, kGrain / split.extent),
                 [&](std::int64_t begin, std::int64_t end) {
                   PoolVector<KeyedPosition> kept;
                   PoolVector<T> largest;
                   for (std::int64_t line = begin; line < end; ++line) {
                     std::int64_t* to = positions.raw<std::int64_t>() + line * k;
                     candidates(kept, largest, k, x.raw<T>() + line * split.extent, split.extent);
                     std::partial_sort(kept.begin(), kept.begin() + k, kept.end());
                     for (std::int64_t i = 0; i < k; ++i) to[i] = kept[static_cast<std::size_t>(i)].position;
                   }
                 });
  });
  return positions;
}

namespace {

// The first position of n contiguous values.
template <Extreme extreme, class T>
std::int64_t extreme_of_line(const T* x, std::int64_t n) {
  constexpr std::int64_t kBlock = 1024;
  std::int64_t where = 0;
  T best = x[0];
  for (std::int64_t begin = 0; begin < n; begin += kBlock) {
    const T* block = x + begin;
    const std::int64_t count = std::min(kBlock, n - begin);
    // The block's own extreme first; where it stands only if it counts.
    const RunExtreme<T> found = extreme_of_run<extreme>(block, count);
    if (found.nan) return begin + first_in_run(block, count, [](auto value) { return value != value; });
    if (begin != 0 && !beyond<extreme>(found.value, best)) continue;
    best = found.value;
    where = begin + first_in_run(block, count, [&](auto value) { return value == best; });
  }
  return where;
}

// The same for `beside` lines that lie side by side, `step` from row to row.
template <Extreme extreme, class T>
void extreme_of_lines(const T* x, std::int64_t extent, std::int64_t step, std::int64_t beside,
                      std::int64_t* to) {
  using Index = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  constexpr std::int64_t kColumns = 256;
  std::array<T, kColumns> best;
  std::array<Index, kColumns> where;
  for (std::int64_t column = 0; column < beside; column += kColumns) {
    const std::int64_t n = std::min(kColumns, beside - column);
    std::copy_n(x + column, n, best.begin());
    std::fill_n(where.begin(), n, Index(0));
    for (std::int64_t i = 1; i < extent; ++i) {
      const T* row = x + i * step + column;
      for (std::size_t j = 0; j < static_cast<std::size_t>(n); ++j) {
        const T next = row[j], so_far = best[j];
        const bool better = (beyond<extreme>(next, so_far) | is_nan(next)) & !is_nan(so_far);
        best[j] = better ? next : so_far;
        where[j] = better ? static_cast<Index>(i) : where[j];
      }
    }
    std::copy_n(where.begin(), n, to + column);
  }
}

template <Extreme extreme>
void positions_of_extremes(const Tensor& x, const AxisSplit& split, std::int64_t* result) {
  constexpr std::int64_t kGrain = std::int64_t{1} << 17;
  const std::int64_t size = split.extent * split.inner;
  dispatch(x.dtype(), [&]<class T>() {
    const T* values = x.raw<T>();
    parallel_for(split.outer, std::max<std::int64_t>(1, kGrain / size),
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t o = begin; o < end; ++o) {
                     if (split.inner == 1) {
                       result[o] = extreme_of_line<extreme>(values + o * size, split.extent);
                     } else {
                       extreme_of_lines<extreme>(values + o * size, split.extent, split.inner, split.inner,
                                                 result + o * split.inner);
                     }
                   }
                 });
  });
}

}  // namespace

void extreme_positions(Extreme extreme, const Tensor& x, const Shape& shape, std::size_t axis, Tensor& out) {
  if (out.size() == 0) return;
  const AxisSplit split(shape, axis);
  std::int64_t* result = out.raw<std::int64_t>();
  if (extreme == Extreme::largest) {
    positions_of_extremes<Extreme::largest>(x, split, result);
  } else {
    positions_of_extremes<Extreme::least>(x, split, result);
  }
}

}  // namespace gradus::kernels
