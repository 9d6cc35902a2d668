#pragma once

#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

// Note [Short rows]
// Rows of few values would spend their time on the ends of vectors and of loops. Where several fill a vector
// they are combined in it. Of others functions of single values run over a block of whole rows at once,
// beside which stand the rows' own numbers, each repeated; and the results are added row by row.

namespace gradus::kernels {

constexpr std::int64_t kMostShort = 128, kShortBlock = 1024;
template <class T>
using ShortBlock = std::array<T, static_cast<std::size_t>(kShortBlock)>;

// Of numbers and of vectors.
constexpr auto kSum = [](auto a, auto b) __attribute__((always_inline)) { return a + b; };
constexpr auto kLarger = [](auto a, auto b) __attribute__((always_inline)) { return a > b ? a : b; };

inline bool are_short(std::int64_t n) { return 0 < n && n <= kMostShort; }

// Calls block(first, rows) for the rows [begin, end) of n values.
template <class Block>
void each_short_block(std::int64_t begin, std::int64_t end, std::int64_t n, const Block& block) {
  const std::int64_t step = kShortBlock / n;
  for (std::int64_t row = begin; row < end; row += step) block(row, std::min(step, end - row));
}

// Calls body<n>() where several rows of n fill a vector of T, a power of two.
template <class T, class Body>
[[gnu::always_inline]] inline void where_rows_fill_vectors(std::int64_t n, const Body& body) {
  constexpr std::int64_t kWidth = Vector<T>::kWidth;
  const auto call_for = [&]<std::int64_t size>() __attribute__((always_inline)) {
    if constexpr (size < kWidth) {
      if (n == size) body.template operator()<size>();
    }
  };
  call_for.template operator()<2>();
  call_for.template operator()<4>();
  call_for.template operator()<8>();
}
// For each lane the one `step` lanes away in its block of twice as many.
template <std::int64_t step, class Values>
[[gnu::always_inline]] inline Values lanes_apart(Values values) {
  const auto lanes = [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
    return __builtin_shufflevector(values, values, static_cast<int>(I ^ std::size_t{step})...);
  };
  return lanes(std::make_index_sequence<sizeof(Values) / sizeof(values[0])>());
}
// Lanes combined with the others of their row of n: those half a row apart first, as in rows that stand
// alone.
template <std::int64_t n, std::int64_t step = n / 2, class Values, class Combine>
[[gnu::always_inline]] inline Values combine_rows(Values values, const Combine& combine) {
  if constexpr (step == 0) {
    return values;
  } else {
    return combine_rows<n, step / 2>(combine(values, lanes_apart<step>(values)), combine);
  }
}
// The same columns of all rows of n combined, in each row: those half a vector apart first.
template <std::int64_t n, std::int64_t step, class Values, class Combine>
[[gnu::always_inline]] inline Values combine_columns(Values values, const Combine& combine) {
  if constexpr (step < n) {
    return values;
  } else {
    return combine_columns<n, step / 2>(combine(values, lanes_apart<step>(values)), combine);
  }
}
// The combined values of as many rows as fill whole vectors; how many those are.
template <class T, class Combine>
std::int64_t combine_side_by_side(const T* values, std::int64_t rows, std::int64_t size, T* results,
                                  const Combine& combine) {
  using V = Vector<T>;
  std::int64_t row = 0;
  where_rows_fill_vectors<T>(size, [&]<std::int64_t n>() {
    constexpr std::int64_t kTogether = V::kWidth / n;
    for (; row + kTogether <= rows; row += kTogether) {
      const V all = combine_rows<n>(V::load(values + row * n).values, combine);
      for (std::int64_t k = 0; k < kTogether; ++k) results[row + k] = all.values[k * n];
    }
  });
  return row;
}
// Each of a vector's values n times, over n vectors.
template <std::int64_t n, class T>
[[gnu::always_inline]] inline void repeat_lanes(Vector<T> each, T* to) {
  constexpr std::size_t kWidth = Vector<T>::kWidth;
  const auto vector = [&]<std::size_t k, std::size_t... I>(std::index_sequence<I...>)
      __attribute__((always_inline)) {
    Vector<T>(__builtin_shufflevector(each.values, each.values, static_cast<int>((k * kWidth + I) / n)...))
        .store(to + k * kWidth);
  };
  [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
    (vector.template operator()<K>(std::make_index_sequence<kWidth>()), ...);
  }
  (std::make_index_sequence<static_cast<std::size_t>(n)>());
}

// The sums of rows of n values.
template <class T>
void sum_rows(const T* values, std::int64_t rows, std::int64_t n, T* sums) {
  using V = Vector<T>;
  constexpr std::int64_t kWidth = V::kWidth;
  if (n % kWidth == 0) {
    for (std::int64_t row = 0; row < rows; ++row, values += n) {
      V sum = V::load(values);
      for (std::int64_t i = kWidth; i < n; i += kWidth) sum = sum + V::load(values + i);
      sums[row] = fold<T, V::kWidth>(sum.values);
    }
    return;
  }
  std::int64_t row = combine_side_by_side(values, rows, n, sums, kSum);
  for (const T* own = values + row * n; row < rows; ++row, own += n) {
    T parts[4] = {};
    std::int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
      for (std::int64_t k = 0; k < 4; ++k) parts[k] += own[i + k];
    }
    for (; i < n; ++i) parts[0] += own[i];
    sums[row] = (parts[0] + parts[2]) + (parts[1] + parts[3]);
  }
}

// The largest values of rows of n: of a row with NaN, any of them.
template <class T>
void largest_of_rows(const T* values, std::int64_t rows, std::int64_t n, T* largest) {
  using V = Vector<T>;
  constexpr std::int64_t kWidth = V::kWidth;
  if (n % kWidth == 0) {
    for (std::int64_t row = 0; row < rows; ++row, values += n) {
      V most = V::load(values);
      for (std::int64_t i = kWidth; i < n; i += kWidth) {
        most = kLarger(most.values, V::load(values + i).values);
      }
      largest[row] = fold_by<T, V::kWidth>(most.values, kLarger);
    }
    return;
  }
  std::int64_t row = combine_side_by_side(values, rows, n, largest, kLarger);
  for (const T* own = values + row * n; row < rows; ++row, own += n) {
    T most = own[0];
    for (std::int64_t i = 1; i < n; ++i) most = kLarger(most, own[i]);
    largest[row] = most;
  }
}

// each[row] n times.
template <class T>
void repeat_rows(const T* each, std::int64_t rows, std::int64_t n, T* to) {
  using V = Vector<T>;
  constexpr std::int64_t kWidth = V::kWidth;
  if (n % kWidth == 0) {
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t i = 0; i < n; i += kWidth, to += kWidth) V(each[row]).store(to);
    }
    return;
  }
  std::int64_t row = 0;
  where_rows_fill_vectors<T>(n, [&]<std::int64_t size>() {
    for (; row + kWidth <= rows; row += kWidth) repeat_lanes<size>(V::load(each + row), to + row * size);
  });
  for (; row < rows; ++row) std::fill_n(to + row * n, n, each[row]);
}

// Rows of n values x less their largest, e to the power of that, and the sums of those powers.
template <class T>
struct ShortPowers {
  alignas(64) ShortBlock<T> below, powers, sums;

  void set(const T* x, std::int64_t rows, std::int64_t n) {
    std::int64_t row = 0;
    where_rows_fill_vectors<T>(n, [&]<std::int64_t size>() {
      constexpr std::int64_t kTogether = V::kWidth / size;
      for (; row + kTogether <= rows; row += kTogether) {
        const V values = V::load(x + row * size), most = combine_rows<size>(values.values, kLarger);
        const V rest = values - most, power = exp(rest), total = combine_rows<size>(power.values, kSum);
        rest.store(below.data() + row * size);
        power.store(powers.data() + row * size);
        for (std::int64_t k = 0; k < kTogether; ++k) sums[at(row + k)] = total.values[k * size];
      }
    });
    if (row < rows) set_apart(x, row, rows - row, n);
  }
  // The softmax of the rows. REQUIRES that the sums' logarithms were not taken. What fills vectors is added
  // up once more, which takes less than repeating the sums.
  void shares(std::int64_t rows, std::int64_t n, T* to) const {
    std::int64_t row = 0;
    where_rows_fill_vectors<T>(n, [&]<std::int64_t size>() {
      constexpr std::int64_t kTogether = V::kWidth / size;
      for (; row + kTogether <= rows; row += kTogether) {
        const V power = V::load(powers.data() + row * size);
        (power * (V(1) / V(combine_rows<size>(power.values, kSum)))).store(to + row * size);
      }
    });
    if (row < rows) shares_apart(row, rows - row, n, to);
  }
  // Makes the sums their logarithms.
  void take_logs(std::int64_t rows) {
    each_vector(
        rows, sums.data(), [](Vector<T> v) { return log(v); }, std::as_const(sums).data());
  }

 private:
  using V = Vector<T>;
  static std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

  // Of `rows` rows from `first` on, which do not fill vectors.
  void set_apart(const T* x, std::int64_t first, std::int64_t rows, std::int64_t n) {
    const std::int64_t start = first * n, count = rows * n;
    T *const own = below.data() + start, *const power = powers.data() + start;
    ShortBlock<T> largest;
    largest_of_rows(x + start, rows, n, largest.data());
    repeat_rows(largest.data(), rows, n, power);
    each_vector(
        count, own, [](V v, V most) { return v - most; }, x + start, static_cast<const T*>(power));
    each_vector(
        count, power, [](V v) { return exp(v); }, static_cast<const T*>(own));
    sum_rows(power, rows, n, sums.data() + first);
  }
  void shares_apart(std::int64_t first, std::int64_t rows, std::int64_t n, T* to) const {
    ShortBlock<T> scales, repeated;
    for (std::int64_t i = 0; i < rows; ++i) scales[at(i)] = 1 / sums[at(first + i)];
    repeat_rows(scales.data(), rows, n, repeated.data());
    each_vector(
        rows * n, to + first * n, [](V power, V scale) { return power * scale; }, powers.data() + first * n,
        std::as_const(repeated).data());
  }
};

}  // namespace gradus::kernels
