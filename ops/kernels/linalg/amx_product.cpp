#include <gradus/ops/kernels/linalg/amx_product.h>

#if defined(__AMX_BF16__) && defined(__AVX512BF16__) && defined(__linux__)

#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>

#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

// Note [Matrix registers]
// A register holds 16 rows of 64 bytes. One instruction adds to 16 x 16 floats the product of a left tile, 16
// rows of 32 bfloat16, and a right tile of as many values, whose rows hold pairs that are neighbours along k:
//   left[i] = a[i, 0 .. 31],    right[p] = b[2p, 0], b[2p + 1, 0], b[2p, 1], b[2p + 1, 1] ..
// In both a pair along k is one 32-bit value, and one tile is the other's transpose in such pairs. So a
// matrix is packed by reading 16 x 32 of its values as they lie, rounding them, and turning the pairs where
// it lies the other way than its side needs.

namespace gradus::kernels {

namespace {

constexpr std::int64_t kRows = 16, kDepth = 32, kTile = kRows * kDepth;  // of a packed tile
constexpr std::int64_t tiles_of(std::int64_t size, std::int64_t unit) { return (size + unit - 1) / unit; }

// A matrix as the product sees it: `size` rows (of a) or columns (of b), and k along which they are
// multiplied.
struct Side {
  const float* values;
  std::int64_t size, k, step;
  bool along_k;  // whether values that lie side by side are neighbours along k
};

__m512 load(const float* from, std::int64_t count) {
  if (count >= 16) return _mm512_loadu_ps(from);
  return count <= 0 ? _mm512_setzero_ps()
                    : _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1U), from);
}

__m512i round(__m512 low, __m512 high) {
  const __m512bh both = _mm512_cvtne2ps_pbh(high, low);
  __m512i bits;
  std::memcpy(&bits, &both, sizeof(bits));
  return bits;
}

// 16 x 16 pairs, row by row.
using Pairs = __m512i[kRows];

// One row of pairs for each of 16 of the side's rows, from `first`.
void read_along_k(const Side& side, std::int64_t first, std::int64_t depth, Pairs& rows) {
  for (std::int64_t i = 0; i < kRows; ++i) {
    if (first + i >= side.size) {
      rows[i] = _mm512_setzero_si512();
      continue;
    }
    const float* from = side.values + (first + i) * side.step + depth;
    const std::int64_t rest = side.k - depth;
    rows[i] = round(load(from, rest), load(from + 16, rest - 16));
  }
}

// One row of pairs for each two steps along k, from `depth`.
void read_across_k(const Side& side, std::int64_t first, std::int64_t depth, Pairs& rows) {
  const __m512i interleaved = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8,
                                               23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const std::int64_t count = side.size - first;
  for (std::int64_t pair = 0; pair < kRows; ++pair) {
    const std::int64_t at = depth + 2 * pair;
    const float* from = side.values + at * side.step + first;
    const __m512 low = load(from, at < side.k ? count : 0);
    const __m512 high = load(from + side.step, at + 1 < side.k ? count : 0);
    rows[pair] = _mm512_permutexvar_epi16(interleaved, round(low, high));
  }
}

void transpose(Pairs& x) {
  Pairs y;
  for (int i = 0; i < 16; i += 2) {
    y[i] = _mm512_unpacklo_epi32(x[i], x[i + 1]);
    y[i + 1] = _mm512_unpackhi_epi32(x[i], x[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    for (int j = 0; j < 2; ++j) {
      x[i + 2 * j] = _mm512_unpacklo_epi64(y[i + j], y[i + j + 2]);
      x[i + 2 * j + 1] = _mm512_unpackhi_epi64(y[i + j], y[i + j + 2]);
    }
  }
  // Each x[4 q + r] holds columns r, r + 4, r + 8, r + 12 of the rows 4 q .. 4 q + 3, a quarter each.
  for (int r = 0; r < 4; ++r) {
    const __m512i low = _mm512_shuffle_i32x4(x[r], x[r + 4], 0x88),
                  high = _mm512_shuffle_i32x4(x[r], x[r + 4], 0xDD);
    const __m512i low2 = _mm512_shuffle_i32x4(x[r + 8], x[r + 12], 0x88),
                  high2 = _mm512_shuffle_i32x4(x[r + 8], x[r + 12], 0xDD);
    y[r] = _mm512_shuffle_i32x4(low, low2, 0x88);
    y[r + 8] = _mm512_shuffle_i32x4(low, low2, 0xDD);
    y[r + 4] = _mm512_shuffle_i32x4(high, high2, 0x88);
    y[r + 12] = _mm512_shuffle_i32x4(high, high2, 0xDD);
  }
  std::memcpy(x, y, sizeof(Pairs));
}

// Packs the rows [first, first + count) of the side: the tiles of 16 rows along k, then of the next 16.
void pack(const Side& side, std::int64_t first, std::int64_t count, bool is_left, std::uint16_t* to) {
  const std::int64_t along = tiles_of(side.k, kDepth);
  for (std::int64_t depth = 0; depth < along; ++depth) {
    for (std::int64_t row = 0; row < count; row += kRows) {
      Pairs rows;
      if (side.along_k) {
        read_along_k(side, first + row, depth * kDepth, rows);
      } else {
        read_across_k(side, first + row, depth * kDepth, rows);
      }
      if (side.along_k != is_left) transpose(rows);
      std::memcpy(to + (row / kRows * along + depth) * kTile, rows, sizeof(rows));
    }
  }
}

using Packed = PoolVector<std::uint16_t>;
Packed room_for(std::int64_t rows, std::int64_t k) {
  Packed result;
  result.reserve(static_cast<std::size_t>(tiles_of(rows, kRows) * tiles_of(k, kDepth) * kTile));
  return result;
}

// All eight registers as 16 rows of 64 bytes, for as long as one lives.
class Registers {
 public:
  Registers() {
    struct alignas(64) Layout {
      std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
      std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    };
    static_assert(sizeof(Layout) == 64);
    static constexpr Layout kLayout;  // the instruction does not tell the compiler all that it reads
    _tile_loadconfig(&kLayout);
  }
  ~Registers() { _tile_release(); }
  Registers(const Registers&) = delete;
  Registers& operator=(const Registers&) = delete;
};

// 32 x 32 of the result, of which `rows` x `columns` exist, from two rows of tiles of either side.
class Block {
 public:
  Block(const ProductShape& shape, float* out, std::int64_t row, std::int64_t column)
      : out_(out + row * shape.out_step + column),
        step_(shape.out_step),
        rows_(std::min(shape.m - row, 2 * kRows)),
        columns_(std::min(shape.n - column, 2 * kRows)),
        into_(shape.sum == Sum::into) {}

  void compute(const std::uint16_t* a, const std::uint16_t* b, std::int64_t along) const {
    const bool tall = rows_ > kRows, wide = columns_ > kRows;
    const bool whole = rows_ == 2 * kRows && columns_ == 2 * kRows;
    const std::int64_t bytes = step_ * std::int64_t{sizeof(float)};
    if (whole && into_) {
      _tile_loadd(0, out_, bytes);
      _tile_loadd(1, out_ + kRows, bytes);
      _tile_loadd(2, out_ + kRows * step_, bytes);
      _tile_loadd(3, out_ + kRows * step_ + kRows, bytes);
    } else {
      _tile_zero(0);
      _tile_zero(1);
      _tile_zero(2);
      _tile_zero(3);
    }
    const std::uint16_t *a2 = tall ? a + along * kTile : a, *b2 = wide ? b + along * kTile : b;
    for (std::int64_t at = 0; at < along * kTile; at += kTile) {
      _tile_loadd(4, a + at, 64);
      _tile_loadd(6, b + at, 64);
      _tile_dpbf16ps(0, 4, 6);
      if (wide) {
        _tile_loadd(7, b2 + at, 64);
        _tile_dpbf16ps(1, 4, 7);
      }
      if (tall) {
        _tile_loadd(5, a2 + at, 64);
        _tile_dpbf16ps(2, 5, 6);
        if (wide) _tile_dpbf16ps(3, 5, 7);
      }
    }
    if (whole) {
      _tile_stored(0, out_, bytes);
      _tile_stored(1, out_ + kRows, bytes);
      _tile_stored(2, out_ + kRows * step_, bytes);
      _tile_stored(3, out_ + kRows * step_ + kRows, bytes);
      return;
    }
    alignas(64) float quarter[4][kRows * kRows];
    _tile_stored(0, quarter[0], 64);
    _tile_stored(1, quarter[1], 64);
    _tile_stored(2, quarter[2], 64);
    _tile_stored(3, quarter[3], 64);
    for (std::int64_t i = 0; i < rows_; ++i) {
      for (std::int64_t j = 0; j < columns_; j += kRows) {
        const float* from = quarter[i / kRows * 2 + j / kRows] + i % kRows * kRows;
        float* to = out_ + i * step_ + j;
        const auto mask =
            static_cast<__mmask16>(columns_ - j >= kRows ? 0xFFFFU : (1U << (columns_ - j)) - 1U);
        const __m512 sum = _mm512_load_ps(from);
        _mm512_mask_storeu_ps(to, mask, into_ ? _mm512_add_ps(_mm512_maskz_loadu_ps(mask, to), sum) : sum);
      }
    }
  }

 private:
  float* out_;
  std::int64_t step_, rows_, columns_;
  bool into_;
};

// Packs a, then piece by piece some columns of b, and writes whole stretches of rows.
void product_of_part(const ProductShape& shape, const float* a, const float* b, float* out) {
  const Side left = {a, shape.m, shape.k, shape.a_step, !shape.a_transposed};
  const Side right = {b, shape.n, shape.k, shape.b_step, shape.b_transposed};
  const std::int64_t along = tiles_of(shape.k, kDepth);
  Packed rows = room_for(shape.m, shape.k);
  constexpr std::int64_t kPackGrain = std::int64_t{1} << 17;  // values
  parallel_for(shape.m, std::max<std::int64_t>(1, kPackGrain / shape.k / kRows) * kRows,
               [&](std::int64_t begin, std::int64_t end) {
                 pack(left, begin, end - begin, true, rows.data() + begin / kRows * along * kTile);
               });

  // A piece's columns fill a part of the second cache, where they stay; it is 70 us of work, a quarter of it
  // at most for packing them anew.
  constexpr std::int64_t kSide = 2 * kRows, kPacked = std::int64_t{1} << 17, kPieceWork = 100'000'000;
  const std::int64_t piece_columns = std::min(std::max<std::int64_t>(kPacked / shape.k / kSide * kSide, 128),
                                              tiles_of(shape.n, kSide) * kSide);
  const std::int64_t piece_rows =
      std::max<std::int64_t>(128, kPieceWork / (piece_columns * shape.k) / kSide * kSide);
  const std::int64_t across = tiles_of(shape.n, piece_columns);
  parallel_for(across * tiles_of(shape.m, piece_rows), 1, [&](std::int64_t begin, std::int64_t end) {
    const Registers registers;
    Packed columns = room_for(piece_columns, shape.k);
    for (std::int64_t piece = begin; piece < end; ++piece) {
      const std::int64_t first = piece % across * piece_columns, top = piece / across * piece_rows;
      const std::int64_t last = std::min(first + piece_columns, shape.n);
      pack(right, first, last - first, false, columns.data());
      // The registers' loads do not tell the compiler what they read.
      asm volatile("" ::: "memory");
      for (std::int64_t row = top; row < std::min(top + piece_rows, shape.m); row += kSide) {
        for (std::int64_t column = first; column < last; column += kSide) {
          Block(shape, out, row, column)
              .compute(rows.data() + row / kRows * along * kTile,
                       columns.data() + (column - first) / kRows * along * kTile, along);
        }
      }
    }
  });
}

}  // namespace

bool has_amx_product() {
  static const bool may = [] {
    constexpr long kRequestPermission = 0x1023, kTileData = 18;  // of Linux's arch_prctl
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  }();
  return may;
}

void amx_product(const ProductShape& shape, const float* a, const float* b, float* out) {
  constexpr std::int64_t kMostDepth = 2048;  // so that a piece's columns stay in the second cache
  ProductShape part = shape;
  for (std::int64_t at = 0; at < shape.k; at += kMostDepth) {
    part.k = std::min(kMostDepth, shape.k - at);
    product_of_part(part, a + at * (shape.a_transposed ? shape.a_step : 1),
                    b + at * (shape.b_transposed ? 1 : shape.b_step), out);
    part.sum = Sum::into;
  }
}

}  // namespace gradus::kernels

#else

namespace gradus::kernels {

bool has_amx_product() { return false; }
void amx_product(const ProductShape& /*shape*/, const float* /*a*/, const float* /*b*/, float* /*out*/) {}

}  // namespace gradus::kernels

#endif
