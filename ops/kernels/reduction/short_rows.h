#pragma once

#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>

#include <algorithm>
#include <array>
#include <cstdint>

// Note [Short rows]
// Rows of few values would spend their time on the ends of vectors and of loops. So functions of single
// values run over a block of whole rows at once, beside which stand the rows' own numbers, each repeated; and
// the results are added row by row.

namespace gradus::kernels {

constexpr std::int64_t kMostShort = 128, kShortBlock = 1024;
template <class T>
using ShortBlock = std::array<T, static_cast<std::size_t>(kShortBlock)>;

inline bool are_short(std::int64_t n) { return 0 < n && n <= kMostShort; }

// Calls block(first, rows) for the rows [begin, end) of n values.
template <class Block>
void each_short_block(std::int64_t begin, std::int64_t end, std::int64_t n, const Block& block) {
  const std::int64_t step = kShortBlock / n;
  for (std::int64_t row = begin; row < end; row += step) block(row, std::min(step, end - row));
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
  for (std::int64_t row = 0; row < rows; ++row, values += n) {
    T parts[4] = {};
    std::int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
      for (std::int64_t k = 0; k < 4; ++k) parts[k] += values[i + k];
    }
    for (; i < n; ++i) parts[0] += values[i];
    sums[row] = (parts[0] + parts[2]) + (parts[1] + parts[3]);
  }
}

// The largest values of rows of n: of a row with NaN, any of them.
template <class T>
void largest_of_rows(const T* values, std::int64_t rows, std::int64_t n, T* largest) {
  using V = Vector<T>;
  constexpr std::int64_t kWidth = V::kWidth;
  const auto larger = [](auto a, auto b) __attribute__((always_inline)) { return a > b ? a : b; };
  for (std::int64_t row = 0; row < rows; ++row, values += n) {
    if (n % kWidth == 0) {
      V most = V::load(values);
      for (std::int64_t i = kWidth; i < n; i += kWidth) {
        const V next = V::load(values + i);
        most = choose(most > next, most, next);
      }
      largest[row] = fold_by<T, V::kWidth>(most.values, larger);
      continue;
    }
    T most = values[0];
    for (std::int64_t i = 1; i < n; ++i) most = most > values[i] ? most : values[i];
    largest[row] = most;
  }
}

// each[row] n times.
template <class T>
void repeat_rows(const T* each, std::int64_t rows, std::int64_t n, T* to) {
  constexpr std::int64_t kWidth = Vector<T>::kWidth;
  if (n % kWidth == 0) {
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t i = 0; i < n; i += kWidth, to += kWidth) Vector<T>(each[row]).store(to);
    }
    return;
  }
  for (std::int64_t row = 0; row < rows; ++row, to += n) std::fill_n(to, n, each[row]);
}

// Rows of n values x less their largest, e to the power of that, and the sums of those powers.
template <class T>
struct ShortPowers {
  alignas(64) ShortBlock<T> below, powers, largest, sums;

  void set(const T* x, std::int64_t rows, std::int64_t n) {
    largest_of_rows(x, rows, n, largest.data());
    repeat_rows(largest.data(), rows, n, powers.data());
    each_vector(
        rows * n, below.data(), [](Vector<T> v, Vector<T> most) { return v - most; }, x, powers.data());
    each_vector(
        rows * n, powers.data(), [](Vector<T> v) { return exp(v); }, below.data());
    sum_rows(powers.data(), rows, n, sums.data());
  }
  // The softmax of the rows.
  void shares(std::int64_t rows, std::int64_t n, T* to) const {
    ShortBlock<T> scales, repeated;
    for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) scales[i] = 1 / sums[i];
    repeat_rows(scales.data(), rows, n, repeated.data());
    each_vector(
        rows * n, to, [](Vector<T> power, Vector<T> scale) { return power * scale; }, powers.data(),
        repeated.data());
  }
  // Makes the sums their logarithms.
  void take_logs(std::int64_t rows) {
    ShortBlock<T> plain;
    std::copy_n(sums.data(), rows, plain.data());
    each_vector(
        rows, sums.data(), [](Vector<T> v) { return log(v); }, plain.data());
  }
};

}  // namespace gradus::kernels
