#include <gradus/graph/error.h>
#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/linalg/amx_product.h>
#include <gradus/ops/kernels/linalg/narrow_product.h>
#include <gradus/ops/kernels/linalg/onednn_product.h>
#include <gradus/ops/kernels/linalg/parallel_products.h>
#include <gradus/ops/kernels/linalg/part_product.h>
#include <gradus/ops/kernels/linalg/product.h>
#include <gradus/ops/kernels/linalg/tile_product.h>
#include <gradus/ops/matmul_precision.h>

#include <Eigen/Core>

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

namespace gradus::kernels {

namespace {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Step = Eigen::OuterStride<>;
template <class T>
using View = Eigen::Map<const Matrix<T>, Eigen::Unaligned, Step>;

// Eigen's blocked product packs its operands; up to this many multiplications a plain loop over rows is done
// before that.
constexpr std::int64_t kSmallProduct = 2048;
// From this many multiplications on oneDNN is faster than our tiles. GFLOP/s of tiles and oneDNN's primitive
// on one core with AVX-512: 72 and 16 at 16^3, 145 and 75 at 32^3, 157 and 143 at 64^3, 148 and 155 at 96^3,
// 151 and 158 at 128^3, 124 and 155 at 32x784x128, 72 and 92 at 128x512x10; with AVX2 38 and 9 at 16^3, 50
// and 38 at 32^3, 72 and 86 at 64^3, 88 and 89 at 128^3. Each call of oneDNN costs 0.8 us more through its
// primitive.
constexpr std::int64_t kOneDnnProduct = 400'000;
#ifndef __AVX512F__
// But with AVX2 oneDNN reads both matrices where they lie, k rows of each that may be so far apart that they
// share few places of the first cache: 61 and 84 at 128x784x512, 45 and 88 at 128x128x1024, 40 and 70 at
// 1024x128x128 with the left matrix transposed. The tiles pack the right one.
constexpr std::int64_t kCollidingStep = 512;
#endif
// bfloat16 pays for the rounding of its operands from here on.
constexpr std::int64_t kBfloat16Product = std::int64_t{1} << 18;
// A product is cut into tiles of at most this many multiplications, 200 to 400 us of work: by halving the
// longer side of the result, so that the tiles depend on its sizes alone.
constexpr std::int64_t kTileProduct = 30'000'000;
// A smaller product is still cut in two from here on, so that two threads share it: 50 us of work each.
constexpr std::int64_t kSharedProduct = 8'000'000;
// Two products that are not cut are computed side by side from here on: 5 us of work each, and more where
// their operands come from another core's cache.
constexpr std::int64_t kPairedProduct = 250'000;
// The most that a tile has by oneDNN in bfloat16. Of parts of rows it makes no use of the processor's matrix
// registers: such a product is cut into rows only. 128x784x512 takes 170 us whole and 370 in halves of 256
// columns.
constexpr std::int64_t kTileBfloat16 = 240'000'000;

// For the smallest products: each row of the result is a sum of rows of b, so the inner loop is contiguous.
template <class T>
void small_product(MatrixView a, MatrixView b, T* out, std::int64_t m, std::int64_t k, std::int64_t n,
                   Sum sum) {
  const T* left = static_cast<const T*>(a.data);
  const T* right = static_cast<const T*>(b.data);
  const std::int64_t row_step = a.transposed ? 1 : k, inner_step = a.transposed ? m : 1;
  for (std::int64_t i = 0; i < m; ++i) {
    T* row = out + i * n;
    if (b.transposed) {
      for (std::int64_t j = 0; j < n; ++j) {
        T total = 0;
        for (std::int64_t l = 0; l < k; ++l) total += left[i * row_step + l * inner_step] * right[j * k + l];
        row[j] = sum == Sum::into ? row[j] + total : total;
      }
      continue;
    }
    if (sum == Sum::fresh) std::fill_n(row, n, T(0));
    for (std::int64_t l = 0; l < k; ++l) {
      const T factor = left[i * row_step + l * inner_step];
      const T* source = right + l * n;
      for (std::int64_t j = 0; j < n; ++j) row[j] += factor * source[j];
    }
  }
}

// Of two vectors the sum of products, or all products: what a library of matrices makes slow.
template <class T>
void dot_product(const T* a, const T* b, T* out, std::int64_t k, Sum sum) {
  using V = Vector<T>;
  constexpr std::int64_t kStretch = 4096, kStep = 4 * V::kWidth;
  double total = 0;
  for (std::int64_t start = 0; start < k; start += kStretch) {
    const std::int64_t end = std::min(k, start + kStretch);
    V parts[4] = {0, 0, 0, 0};
    std::int64_t l = start;
    for (; l + kStep <= end; l += kStep) {
#pragma GCC unroll 4
      for (int part = 0; part < 4; ++part) {
        const std::int64_t at = l + part * V::kWidth;
        parts[part] = multiply_add(V::load(a + at), V::load(b + at), parts[part]);
      }
    }
    const V part = (parts[0] + parts[1]) + (parts[2] + parts[3]);
    total += static_cast<double>(fold<T, V::kWidth>(part.values));
    for (; l < end; ++l) total += static_cast<double>(a[l] * b[l]);
  }
  *out = sum == Sum::into ? *out + static_cast<T>(total) : static_cast<T>(total);
}
template <class T>
void outer_product(const T* a, const T* b, T* out, std::int64_t m, std::int64_t n, Sum sum) {
  if (n == 1) {  // one long row is quicker than many short ones
    std::swap(a, b);
    std::swap(m, n);
  }
  constexpr std::int64_t kPiece = std::int64_t{1} << 17;
  const auto rows = [&](std::int64_t row, std::int64_t end, std::int64_t first, std::int64_t width) {
    for (; row < end; ++row) {
      const T factor = a[row];
      T* to = out + row * n + first;
      const T* from = b + first;
      if (sum == Sum::into) {
        for (std::int64_t j = 0; j < width; ++j) to[j] += factor * from[j];
      } else {
        for (std::int64_t j = 0; j < width; ++j) to[j] = factor * from[j];
      }
    }
  };
  if (m == 1) {
    return parallel_for(n, kPiece,
                        [&](std::int64_t begin, std::int64_t end) { rows(0, 1, begin, end - begin); });
  }
  parallel_for(m, std::max<std::int64_t>(1, kPiece / n),
               [&](std::int64_t begin, std::int64_t end) { rows(begin, end, 0, n); });
}

template <class T>
void blocked_product(const ProductShape& s, const T* a, const T* b, T* out) {
  const View<T> left(a, s.a_transposed ? s.k : s.m, s.a_transposed ? s.m : s.k, Step(s.a_step));
  const View<T> right(b, s.b_transposed ? s.n : s.k, s.b_transposed ? s.k : s.n, Step(s.b_step));
  Eigen::Map<Matrix<T>, Eigen::Unaligned, Step> result(out, s.m, s.n, Step(s.out_step));
  if (s.sum == Sum::fresh) result.setZero();
  const T factor = s.sum == Sum::less ? T(-1) : T(1);
  if (s.a_transposed && s.b_transposed) {
    result.noalias() += factor * (left.transpose() * right.transpose());
  } else if (s.a_transposed) {
    result.noalias() += factor * (left.transpose() * right);
  } else if (s.b_transposed) {
    result.noalias() += factor * (left * right.transpose());
  } else {
    result.noalias() += factor * (left * right);
  }
}

// Whether a float32 product is cut at all.
bool is_cut(const ProductShape& s) { return s.m * s.n > kSharedProduct / s.k; }

// How a result is cut: rows x columns of a tile, of which there are `across` beside each other.
struct Tiles {
  std::int64_t rows, columns, across, count;
  Tiles(const ProductShape& s) : rows(s.m), columns(s.n) {
    constexpr std::int64_t kRows = 16, kColumns = 64;  // what oneDNN's innermost kernels take at once
    const auto half = [](std::int64_t size, std::int64_t unit) {
      return (size / 2 + unit - 1) / unit * unit;
    };
    const bool narrow = s.operands == Operands::bfloat16;
    std::int64_t most = (narrow ? kTileBfloat16 : kTileProduct) / s.k;
    if (!narrow && is_cut(s)) most = std::min(most, rows * columns - 1);
    while (rows * columns > most) {
      if (rows >= 2 * kRows && (narrow || rows >= columns || columns < 2 * kColumns)) {
        rows = half(rows, kRows);
      } else if (columns >= 2 * kColumns) {
        columns = half(columns, kColumns);
      } else {
        break;
      }
    }
    across = (s.n - 1) / columns + 1;
    count = across * ((s.m - 1) / rows + 1);
  }
};

// Runs `multiply(shape, a, b, out)` for each tile. Value is the operands' type.
template <class Value, class T, class Multiply>
void each_tile(const ProductShape& whole, const Value* a, const Value* b, T* out, const Multiply& multiply) {
  const Tiles tiles(whole);
  parallel_for(tiles.count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t tile = begin; tile < end; ++tile) {
      const std::int64_t row = tile / tiles.across * tiles.rows;
      const std::int64_t column = tile % tiles.across * tiles.columns;
      ProductShape part = whole;
      part.m = std::min(tiles.rows, whole.m - row);
      part.n = std::min(tiles.columns, whole.n - column);
      multiply(part, a + row * (whole.a_transposed ? 1 : whole.a_step),
               b + column * (whole.b_transposed ? whole.b_step : 1), out + row * whole.out_step + column);
    }
  });
}

// To nearest, half to even; NaN stays NaN.
std::uint16_t bfloat16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
  const std::uint32_t quiet = (bits >> 16) | 0x40U;
  return static_cast<std::uint16_t>((bits & 0x7FFFFFFFU) > 0x7F800000U ? quiet : rounded);
}

// Rounds to bfloat16: as such, or to the float32 of the same value. The processor takes subnormal values for
// 0.
void round_to_bfloat16(const float* from, std::int64_t count, float* to) {
  for (std::int64_t i = 0; i < count; ++i) {
    to[i] = std::bit_cast<float>(static_cast<std::uint32_t>(bfloat16(from[i])) << 16);
  }
}
void round_to_bfloat16(const float* from, std::int64_t count, std::uint16_t* to) {
#ifdef __AVX512BF16__
  constexpr std::int64_t kWidth = 16;
  std::int64_t i = 0;
  for (; i + kWidth <= count; i += kWidth) {
    const auto rounded = _mm512_cvtneps_pbh(_mm512_loadu_ps(from + i));
    std::memcpy(to + i, &rounded, sizeof(rounded));
  }
  if (i < count) {
    const auto rest = static_cast<__mmask16>((1U << (count - i)) - 1U);
    const auto rounded = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(rest, from + i));
    std::memcpy(to + i, &rounded, static_cast<std::size_t>(count - i) * sizeof(*to));
  }
#else
  for (std::int64_t i = 0; i < count; ++i) to[i] = bfloat16(from[i]);
#endif
}
template <class Value>
PoolVector<Value> rounded(const float* values, std::int64_t count) {
  constexpr std::int64_t kGrain = std::int64_t{1} << 17;
  PoolVector<Value> result;
  result.reserve(static_cast<std::size_t>(count));
  Value* to = result.data();
  parallel_for(count, kGrain, [&](std::int64_t begin, std::int64_t end) {
    round_to_bfloat16(values + begin, end - begin, to + begin);
  });
  return result;
}

// Whether oneDNN multiplies such matrices faster than our tiles.
bool suits_onednn(const ProductShape& s) {
  if (!has_onednn() || s.m * s.n < kOneDnnProduct / s.k) return false;
  // Of parts of matrices whose right one is transposed it is slow: on a Zen 4 128x512x512 is 93 GFLOP/s in
  // halves of 256 columns, 109 whole and 106 by tiles, 32x1024x512 54, 97 and 92.
  if (s.b_transposed && is_cut(s)) return false;
#ifndef __AVX512F__
  if (!s.b_transposed && s.b_step % kCollidingStep == 0) return false;
  if (s.a_transposed && s.a_step % kCollidingStep == 0) return false;
#endif
  return true;
}

void float32_product(const ProductShape& shape, const float* a, const float* b, float* out) {
  if (has_tile_product() && !suits_onednn(shape)) return each_tile(shape, a, b, out, multiply_by_tiles);
  each_tile(shape, a, b, out, [](const ProductShape& part, const float* p, const float* q, float* to) {
    if (!multiply_by_onednn(part, p, q, to)) blocked_product(part, p, q, to);
  });
}

void bfloat16_product(ProductShape shape, const float* a, const float* b, float* out) {
  if (has_amx_product()) return amx_product(shape, a, b, out);
  if (!has_bfloat16()) {  // emulated
    return float32_product(shape, rounded<float>(a, shape.m * shape.k).data(),
                           rounded<float>(b, shape.k * shape.n).data(), out);
  }
  shape.operands = Operands::bfloat16;
  const PoolVector<std::uint16_t> left = rounded<std::uint16_t>(a, shape.m * shape.k),
                                  right = rounded<std::uint16_t>(b, shape.k * shape.n);
  each_tile(shape, left.data(), right.data(), out,
            [](const ProductShape& part, const std::uint16_t* p, const std::uint16_t* q, float* to) {
              if (!multiply_by_onednn(part, p, q, to)) throw StateError("matmul: oneDNN failed");
            });
}

}  // namespace

bool multiplies_bfloat16() { return has_amx_product() || has_bfloat16(); }

template <class T>
void part_product(const ProductShape& shape, const T* a, const T* b, T* out) {
  if (shape.m == 0 || shape.k == 0 || shape.n == 0) return;
  if constexpr (std::is_same_v<T, float>) {
    if (has_tile_product()) return each_tile(shape, a, b, out, multiply_by_tiles);
  }
  each_tile(shape, a, b, out, blocked_product<T>);
}
template void part_product(const ProductShape&, const float*, const float*, float*);
template void part_product(const ProductShape&, const double*, const double*, double*);

void product(DType dtype, MatrixView a, MatrixView b, void* out, std::int64_t m, std::int64_t k,
             std::int64_t n, Sum sum) {
  if (m == 0 || n == 0) return;
  dispatch_numeric(dtype, [&]<class T>() {
    const auto *left = static_cast<const T*>(a.data), *right = static_cast<const T*>(b.data);
    T* result = static_cast<T*>(out);
    if constexpr (std::is_floating_point_v<T>) {
      if (k == 1) return outer_product(left, right, result, m, n, sum);
      if (m == 1 && n == 1) return dot_product(left, right, result, k, sum);
      const bool small = m * n <= kSmallProduct / std::max<std::int64_t>(k, 1);
      if (k != 0 && (!small || (std::is_same_v<T, float> && has_tile_product() && m != 1 && n != 1))) {
        const ProductShape shape = {.m = m,
                                    .k = k,
                                    .n = n,
                                    .a_step = a.transposed ? m : k,
                                    .b_step = b.transposed ? k : n,
                                    .out_step = n,
                                    .a_transposed = a.transposed,
                                    .b_transposed = b.transposed,
                                    .sum = sum};
        if constexpr (std::is_same_v<T, float>) {
          // A vector's product is bound by memory: Eigen's is as good.
          const bool matrices = m != 1 && n != 1;
          if (narrow_product(shape, left, right, result)) return;
          if (matrices && matmul_precision() == MatmulPrecision::bfloat16 && m * n >= kBfloat16Product / k) {
            return bfloat16_product(shape, left, right, result);
          }
          if (matrices && (has_tile_product() || (has_onednn() && m * n >= kOneDnnProduct / k))) {
            return float32_product(shape, left, right, result);
          }
        }
        return each_tile(shape, left, right, result, blocked_product<T>);
      }
    }
    small_product(a, b, result, m, k, n, sum);
  });
}

void products(DType dtype, std::span<const Product> all) {
  const auto multiply = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const Product& p = all[static_cast<std::size_t>(i)];
      product(dtype, p.a, p.b, p.out, p.m, p.k, p.n, p.sum);
    }
  };
  const auto fits = [](const Product& p) {
    // One of vectors is bound by memory, and shared from few multiplications on.
    return p.k > 1 && p.m * p.n >= kPairedProduct / p.k && p.m * p.n <= kSharedProduct / p.k;
  };
  const bool paired = all.size() == 2 && all[0].out != all[1].out && fits(all[0]) && fits(all[1]);
  if (!paired) return multiply(0, static_cast<std::int64_t>(all.size()));
  parallel_products(2, 1, multiply);
}

}  // namespace gradus::kernels
