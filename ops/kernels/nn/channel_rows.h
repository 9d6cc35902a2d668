#pragma once

#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

// Passes over rows of channels, in blocks that stay in the cache, whose sums are added in float64 in their
// order: no digits are lost, and bits do not depend on the number of threads.

namespace gradus::kernels {

// A block has about this many values, and no more rows than a float32 sum can take.
constexpr std::int64_t kBlock = std::int64_t{1} << 14, kMostRows = 256, kLeastRows = 8, kFold = 256;

inline std::int64_t block_rows(std::int64_t width) {
  return std::clamp<std::int64_t>(kBlock / std::max<std::int64_t>(width, 1), kLeastRows, kMostRows);
}
// How many rows of few channels count as one of many: vectors want width.
inline std::int64_t folds(std::int64_t rows, std::int64_t channels) {
  std::int64_t fold = 1;
  while (fold * 2 * channels <= kFold && rows % (fold * 2) == 0) fold *= 2;
  return fold;
}
// Items of `values` values each that make a piece of work.
inline std::int64_t items(std::int64_t values) {
  return std::max<std::int64_t>(kBlock * 2 / std::max<std::int64_t>(values, 1), 1);
}

// Calls body(block, first row, rows) for the blocks of some rows, and returns their number.
template <class Body>
std::int64_t each_block(std::int64_t rows, std::int64_t width, const Body& body) {
  const std::int64_t size = block_rows(width);
  parallel_for(rows, size, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t at = begin; at < end; at += size) body(at / size, at, std::min(size, end - at));
  });
  return (rows + size - 1) / size;
}
inline std::int64_t blocks(std::int64_t rows, std::int64_t width) {
  return (rows + block_rows(width) - 1) / block_rows(width);
}

// sum[c] += term(row, c) over rows, four at a time.
template <class T, class Term>
void add_rows(std::int64_t rows, std::int64_t width, T* sum, const Term& term) {
  std::int64_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (std::int64_t c = 0; c < width; ++c) {
      sum[c] += (term(row, c) + term(row + 1, c)) + (term(row + 2, c) + term(row + 3, c));
    }
  }
  for (; row < rows; ++row) {
    for (std::int64_t c = 0; c < width; ++c) sum[c] += term(row, c);
  }
}

// Vectors of the channels, each `fold` times; see folds.
template <class T, std::size_t n>
class Tiled {
 public:
  Tiled(const std::array<const T*, n>& vectors, std::int64_t channels, std::int64_t fold)
      : vectors_(vectors) {
    if (fold == 1) return;
    values_.resize(static_cast<std::size_t>(channels * fold) * n);
    T* to = values_.data();
    for (const T*& vector : vectors_) {
      const T* from = std::exchange(vector, to);
      for (std::int64_t k = 0; k < fold; ++k) to = std::copy_n(from, channels, to);
    }
  }
  const T* operator[](std::size_t i) const { return vectors_[i]; }

 private:
  std::array<const T*, n> vectors_;
  PoolVector<T> values_;
};

// y = (x - shift) factor + offset for rows of channels.
template <class T>
void channel_affine(std::int64_t rows, std::int64_t channels, const T* x, const T* shift, const T* factor,
                    const T* offset, T* y);
// The sums over rows of g and of g (x - shift), both [channels]; shift is [channels].
template <class T>
void channel_sums(std::int64_t rows, std::int64_t channels, const T* g, const T* x, const T* shift,
                  double* sum, double* products);
// The mean over the positions of each item, [batch, positions, channels] -> [batch, channels], and its
// transpose.
template <class T>
void channel_means(std::int64_t batch, std::int64_t positions, std::int64_t channels, const T* x, T* y);
template <class T>
void spread_means(std::int64_t batch, std::int64_t positions, std::int64_t channels, const T* g, T* dx);

}  // namespace gradus::kernels
