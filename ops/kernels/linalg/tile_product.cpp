#include <gradus/ops/kernels/linalg/tile_product.h>

#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))

#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>

#include <immintrin.h>

#include <algorithm>
#include <cassert>

namespace gradus::kernels {

namespace {

// Note [A product by tiles]
// kRows x kColumns results stay in registers while k runs. The right matrix is packed into panels of at
// most kColumns by kInner rows, 20 KiB for AVX2 and 39 for AVX-512, which stay in the first cache (of 32 KiB
// and 48) while the rows of the left one pass; of those kOuter at a time stay in the second. The values of
// the left matrix are broadcast one by one, mostly from where they lie. Where few rows pass, packing would
// cost more than it saves, and the right one is read in place, too. The more columns a tile has, the fewer
// instructions load operands: where two threads share a core, 8 x 48 results reach 140 GFLOP/s and 8 x 32
// reach 125, alone both 170. Source of the scheme: Goto and van de Geijn, "Anatomy of high-performance matrix
// multiplication", 2008.

#ifdef __AVX512F__

using Register = __m512;
using Lanes = __mmask16;  // those that count of a vector that is not whole
constexpr std::int64_t kRows = 8, kVectors = 3, kInner = 208;

Lanes first_lanes(int count) { return static_cast<Lanes>((1U << count) - 1U); }
Register zeros() { return _mm512_setzero_ps(); }
Register load(const float* from) { return _mm512_loadu_ps(from); }
Register load(const float* from, Lanes lanes) { return _mm512_maskz_loadu_ps(lanes, from); }
void store(float* to, Register value) { _mm512_storeu_ps(to, value); }
void store(float* to, Register value, Lanes lanes) { _mm512_mask_storeu_ps(to, lanes, value); }
Register broadcast(const float* from) { return _mm512_set1_ps(*from); }
Register multiply_add(Register a, Register b, Register c) { return _mm512_fmadd_ps(a, b, c); }
Register add(Register a, Register b) { return _mm512_add_ps(a, b); }
Register subtract(Register a, Register b) { return _mm512_sub_ps(a, b); }

#else

using Register = __m256;
struct Lanes {
  __m256i mask;
  int count;
};
constexpr std::int64_t kRows = 6, kVectors = 2, kInner = 320;

Lanes first_lanes(int count) {
  return {_mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)), count};
}
Register zeros() { return _mm256_setzero_ps(); }
Register load(const float* from) { return _mm256_loadu_ps(from); }
Register load(const float* from, Lanes lanes) { return _mm256_maskload_ps(from, lanes.mask); }
void store(float* to, Register value) { _mm256_storeu_ps(to, value); }
// vmaskmov is slow where it stores.
void store(float* to, Register value, Lanes lanes) {
  int count = lanes.count;
  if (count == 8) return store(to, value);
  __m128 part = _mm256_castps256_ps128(value);
  if (count >= 4) {
    _mm_storeu_ps(to, part);
    part = _mm256_extractf128_ps(value, 1);
    to += 4;
    count -= 4;
  }
  if (count >= 2) {
    _mm_storel_pi(reinterpret_cast<__m64*>(to), part);
    part = _mm_movehl_ps(part, part);
    to += 2;
    count -= 2;
  }
  if (count == 1) _mm_store_ss(to, part);
}
Register broadcast(const float* from) { return _mm256_broadcast_ss(from); }
Register multiply_add(Register a, Register b, Register c) { return _mm256_fmadd_ps(a, b, c); }
Register add(Register a, Register b) { return _mm256_add_ps(a, b); }
Register subtract(Register a, Register b) { return _mm256_sub_ps(a, b); }

#endif

constexpr std::int64_t kWidth = sizeof(Register) / sizeof(float), kColumns = kVectors * kWidth;
constexpr std::int64_t kOuter = 192, kAcross = 640 / kColumns * kColumns;
constexpr std::int64_t kPackedRows = 12, kSmall = 4096;

struct Left {
  const float* data;
  std::int64_t step;  // between rows, or between columns of a transposed one
};

// Calls body(first, count) for parts of at most `most` of `size`, as even as can be.
template <class Body>
void each_part(std::int64_t size, std::int64_t most, const Body& body) {
  const std::int64_t parts = (size + most - 1) / most;
  for (std::int64_t part = 0, first = 0; part < parts; ++part) {
    const std::int64_t count = size / parts + (part < size % parts ? 1 : 0);
    body(first, count);
    first += count;
  }
}

std::int64_t whole_vectors(std::int64_t columns) { return (columns + kWidth - 1) / kWidth * kWidth; }

// Calls body(first column, columns) for panels of whole vectors, but for the last one's.
template <class Body>
void each_panel(std::int64_t n, const Body& body) {
  each_part(whole_vectors(n) / kWidth, kVectors, [&](std::int64_t first, std::int64_t vectors) {
    const std::int64_t column = first * kWidth;
    body(column, std::min(vectors * kWidth, n - column));
  });
}

// rows x vectors * kWidth results; of the last vector of a masked one the first `count` values.
template <int rows, int vectors, bool transposed, bool masked>
void tile(Left a, const float* b, std::int64_t b_step, std::int64_t k, float* out, std::int64_t out_step,
          Sum sum, int count) {
  const Lanes lanes = first_lanes(count);
  Register sums[rows][vectors];
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < vectors; ++v) sums[i][v] = zeros();
  }
  for (std::int64_t p = 0; p < k; ++p, b += b_step) {
    Register right[vectors];
#pragma GCC unroll 3
    for (int v = 0; v < vectors; ++v) {
      right[v] = masked && v == vectors - 1 ? load(b + kWidth * v, lanes) : load(b + kWidth * v);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const Register left = broadcast(transposed ? a.data + p * a.step + i : a.data + i * a.step + p);
#pragma GCC unroll 3
      for (int v = 0; v < vectors; ++v) sums[i][v] = multiply_add(left, right[v], sums[i][v]);
    }
  }
  if (sum != Sum::fresh) {
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 3
      for (int v = 0; v < vectors; ++v) {
        const float* from = out + i * out_step + kWidth * v;
        const Register old = masked && v == vectors - 1 ? load(from, lanes) : load(from);
        sums[i][v] = sum == Sum::into ? add(old, sums[i][v]) : subtract(old, sums[i][v]);
      }
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 3
    for (int v = 0; v < vectors; ++v) {
      float* to = out + i * out_step + kWidth * v;
      if (masked && v == vectors - 1) {
        store(to, sums[i][v], lanes);
      } else {
        store(to, sums[i][v]);
      }
    }
  }
}

// Columns of the right matrix.
struct Panel {
  const float* b;
  std::int64_t b_step, width;
};
// All rows of a by a panel.
template <int vectors, bool transposed, bool masked>
void panel_rows(Left a, std::int64_t m, const Panel& panel, std::int64_t k, float* out, std::int64_t out_step,
                Sum sum) {
  const auto rest = static_cast<int>(panel.width - kWidth * (vectors - 1));
  each_part(m, kRows, [&](std::int64_t i, std::int64_t count) {
    const auto run = [&]<int rows>() {
      const Left from = {a.data + i * (transposed ? 1 : a.step), a.step};
      tile<rows, vectors, transposed, masked>(from, panel.b, panel.b_step, k, out + i * out_step, out_step,
                                              sum, rest);
    };
    switch (count) {
      case 8: return run.template operator()<kRows>();  // 7 and 8 come only where kRows is 8
      case 7: return run.template operator()<kRows - 1>();
      case 6: return run.template operator()<6>();
      case 5: return run.template operator()<5>();
      case 4: return run.template operator()<4>();
      case 3: return run.template operator()<3>();
      case 2: return run.template operator()<2>();
      default: return run.template operator()<1>();
    }
  });
}
template <bool transposed>
void panel_rows(Left a, std::int64_t m, const Panel& panel, std::int64_t k, float* out, std::int64_t out_step,
                Sum sum) {
  const auto run = [&]<int vectors>() {
    if (panel.width == vectors * kWidth) {
      panel_rows<vectors, transposed, false>(a, m, panel, k, out, out_step, sum);
    } else {
      panel_rows<vectors, transposed, true>(a, m, panel, k, out, out_step, sum);
    }
  };
  if (panel.width <= kWidth) return run.template operator()<1>();
  if (panel.width <= 2 * kWidth) return run.template operator()<2>();
  assert(panel.width <= kColumns);
  if constexpr (kVectors == 3) run.template operator()<3>();
}

// k rows of a panel, whole vectors apart.
void pack(const float* b, const ProductShape& s, std::int64_t k, std::int64_t width, float* to) {
  const std::int64_t step = whole_vectors(width);
  if (!s.b_transposed) {
    for (std::int64_t p = 0; p < k; ++p, b += s.b_step, to += step) {
      std::int64_t j = 0;
      for (; j + kWidth <= width; j += kWidth) store(to + j, load(b + j));
      for (; j < width; ++j) to[j] = b[j];
    }
    return;
  }
  constexpr std::int64_t kBlock = 8;
  const std::int64_t whole_width = width / kBlock * kBlock, whole_k = k / kBlock * kBlock;
  for (std::int64_t j = 0; j < whole_width; j += kBlock) {
    for (std::int64_t p = 0; p < whole_k; p += kBlock) {
      transpose_8x8(b + j * s.b_step + p, s.b_step, to + p * step + j, step);
    }
  }
  for (std::int64_t j = 0; j < width; ++j) {
    for (std::int64_t p = j < whole_width ? whole_k : 0; p < k; ++p) {
      to[p * step + j] = b[j * s.b_step + p];
    }
  }
}

// The size of the parts that `size` is cut into: at most `most` each, a multiple of `unit` where there are
// several.
std::int64_t even_part(std::int64_t size, std::int64_t most, std::int64_t unit) {
  if (size <= most) return size;
  const std::int64_t count = (size - 1) / most + 1, part = (size - 1) / count + 1;
  return (part + unit - 1) / unit * unit;
}

// Columns of the result, and the part of their values that k inner ones from `inner` on give.
struct Part {
  std::int64_t inner, k, column, columns;
};
// Adds that part, for all rows; `panel_at(j, width)` has `width` columns from j on.
template <class PanelAt>
void multiply_part(const ProductShape& s, const float* a, const Part& part, float* out,
                   const PanelAt& panel_at) {
  const Sum sum = s.sum == Sum::fresh && part.inner != 0 ? Sum::into : s.sum;
  for (std::int64_t row = 0; row < s.m; row += kOuter) {
    const std::int64_t rows = std::min(kOuter, s.m - row);
    const Left left = {a + (s.a_transposed ? part.inner * s.a_step + row : row * s.a_step + part.inner),
                       s.a_step};
    each_panel(part.columns, [&](std::int64_t j, std::int64_t width) {
      const Panel panel = panel_at(j, width);
      float* to = out + row * s.out_step + part.column + j;
      if (s.a_transposed) {
        panel_rows<true>(left, rows, panel, part.k, to, s.out_step, sum);
      } else {
        panel_rows<false>(left, rows, panel, part.k, to, s.out_step, sum);
      }
    });
  }
}

}  // namespace

bool has_tile_product() { return true; }

void multiply_by_tiles(const ProductShape& s, const float* a, const float* b, float* out) {
  const bool packs = s.b_transposed || (s.m > kPackedRows && s.k * s.n > kSmall);
  PoolVector<float> packed;
  // Parts as even as can be: a short one would pay for reading the results again.
  const std::int64_t inner = even_part(s.k, kInner, 1), across = even_part(s.n, kAcross, kColumns);
  if (packs) packed.reserve(static_cast<std::size_t>(inner * whole_vectors(across)));
  for (std::int64_t column = 0; column < s.n; column += across) {
    const std::int64_t columns = std::min(across, s.n - column);
    for (std::int64_t p = 0; p < s.k; p += inner) {
      const std::int64_t k = std::min(inner, s.k - p);
      const auto in_place = [&](std::int64_t j) {
        const std::int64_t at = column + j;
        return b + (s.b_transposed ? at * s.b_step + p : p * s.b_step + at);
      };
      if (packs) {
        each_panel(columns, [&](std::int64_t j, std::int64_t width) {
          pack(in_place(j), s, k, width, packed.data() + j * k);
        });
      }
      multiply_part(s, a, {p, k, column, columns}, out, [&](std::int64_t j, std::int64_t width) {
        return packs ? Panel{packed.data() + j * k, whole_vectors(width), width}
                     : Panel{in_place(j), s.b_step, width};
      });
    }
  }
}

PackedTiles::PackedTiles(const ProductShape& s, const float* b) : k_(s.k), n_(s.n) {
  const std::int64_t inner = even_part(k_, kInner, 1), padded = whole_vectors(n_);
  values_.reserve(static_cast<std::size_t>(k_ * padded));
  for (std::int64_t p = 0; p < k_; p += inner) {
    const std::int64_t k = std::min(inner, k_ - p);
    each_panel(n_, [&](std::int64_t j, std::int64_t width) {
      pack(b + (s.b_transposed ? j * s.b_step + p : p * s.b_step + j), s, k, width,
           values_.data() + p * padded + j * k);
    });
  }
}

void PackedTiles::multiply(ProductShape s, const float* a, float* out) const {
  const std::int64_t inner = even_part(k_, kInner, 1), padded = whole_vectors(n_);
  for (std::int64_t p = 0; p < k_; p += inner) {
    const std::int64_t k = std::min(inner, k_ - p);
    multiply_part(s, a, {p, k, 0, n_}, out, [&](std::int64_t j, std::int64_t width) {
      return Panel{values_.data() + p * padded + j * k, whole_vectors(width), width};
    });
  }
}

}  // namespace gradus::kernels

#else

namespace gradus::kernels {

bool has_tile_product() { return false; }
void multiply_by_tiles(const ProductShape& /*shape*/, const float* /*a*/, const float* /*b*/,
                       float* /*out*/) {}
PackedTiles::PackedTiles(const ProductShape& shape, const float* /*b*/) : k_(shape.k), n_(shape.n) {}
void PackedTiles::multiply(ProductShape /*shape*/, const float* /*a*/, float* /*out*/) const {}

}  // namespace gradus::kernels

#endif
