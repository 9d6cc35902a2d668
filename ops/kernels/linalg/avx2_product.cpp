#include <gradus/ops/kernels/linalg/avx2_product.h>

#if defined(__AVX2__) && defined(__FMA__) && !defined(__AVX512F__)

#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/shape/transpose_tiles.h>

#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace gradus::kernels {

namespace {

// Note [A product by AVX2]
// 6 x 16 results stay in 12 of the 16 registers while k runs. The right matrix is packed into panels of 16
// columns by kInner rows, 20 KiB, which stay in the first cache while the rows of the left one pass; of those
// kOuter at a time stay in the second. The values of the left matrix are broadcast one by one, mostly from
// where they lie. Where few rows pass, packing would cost more than it saves, and the right one is read in
// place, too. Source of the scheme: Goto and van de Geijn, "Anatomy of high-performance matrix
// multiplication", 2008.
constexpr std::int64_t kRows = 6, kColumns = 16, kInner = 320, kOuter = 192, kAcross = 640;
constexpr std::int64_t kPackedRows = 12, kSmall = 4096;

struct Left {
  const float* data;
  std::int64_t step;  // between rows, or between columns of a transposed one
};

// Calls body(first row, rows) for blocks of at most kRows rows, as even as can be.
template <class Body>
void each_block(std::int64_t m, const Body& body) {
  const std::int64_t blocks = (m + kRows - 1) / kRows;
  for (std::int64_t block = 0, row = 0; block < blocks; ++block) {
    const std::int64_t rows = m / blocks + (block < m % blocks ? 1 : 0);
    body(row, rows);
    row += rows;
  }
}

// The first `count` of 8 values; vmaskmov is slow where it stores.
void store_some(float* to, __m256 value, int count) {
  if (count == 8) return _mm256_storeu_ps(to, value);
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

// rows x (8 vectors) results; a `mask` cuts the last vector.
template <int rows, int vectors, bool transposed, bool masked>
void tile(Left a, const float* b, std::int64_t b_step, std::int64_t k, float* out, std::int64_t out_step,
          Sum sum, int count) {
  // Values of the last vector that count.
  const __m256i mask =
      _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  __m256 sums[rows][vectors];
#pragma GCC unroll 6
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) sums[i][v] = _mm256_setzero_ps();
  }
  for (std::int64_t p = 0; p < k; ++p, b += b_step) {
    __m256 right[vectors];
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) {
      right[v] =
          masked && v == vectors - 1 ? _mm256_maskload_ps(b + 8 * v, mask) : _mm256_loadu_ps(b + 8 * v);
    }
#pragma GCC unroll 6
    for (int i = 0; i < rows; ++i) {
      const __m256 left = _mm256_broadcast_ss(transposed ? a.data + p * a.step + i : a.data + i * a.step + p);
#pragma GCC unroll 2
      for (int v = 0; v < vectors; ++v) sums[i][v] = _mm256_fmadd_ps(left, right[v], sums[i][v]);
    }
  }
  if (sum != Sum::fresh) {
#pragma GCC unroll 6
    for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 2
      for (int v = 0; v < vectors; ++v) {
        const float* from = out + i * out_step + 8 * v;
        const __m256 old =
            masked && v == vectors - 1 ? _mm256_maskload_ps(from, mask) : _mm256_loadu_ps(from);
        sums[i][v] = sum == Sum::into ? _mm256_add_ps(old, sums[i][v]) : _mm256_sub_ps(old, sums[i][v]);
      }
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) {
      float* to = out + i * out_step + 8 * v;
      if (masked && v == vectors - 1) {
        store_some(to, sums[i][v], count);
      } else {
        _mm256_storeu_ps(to, sums[i][v]);
      }
    }
  }
}

// All rows of a, a panel of `width` columns.
struct Panel {
  const float* b;
  std::int64_t b_step, width;
};
template <int vectors, bool transposed, bool masked>
void panel_rows(Left a, std::int64_t m, const Panel& panel, std::int64_t k, float* out, std::int64_t out_step,
                Sum sum) {
  const auto rest = static_cast<int>(panel.width - 8 * (vectors - 1));
  each_block(m, [&](std::int64_t i, std::int64_t count) {
    const auto run = [&]<int rows>() {
      const Left from = {a.data + i * (transposed ? 1 : a.step), a.step};
      tile<rows, vectors, transposed, masked>(from, panel.b, panel.b_step, k, out + i * out_step, out_step,
                                              sum, rest);
    };
    switch (count) {
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
  if (panel.width == kColumns) return panel_rows<2, transposed, false>(a, m, panel, k, out, out_step, sum);
  if (panel.width == kColumns / 2) {
    return panel_rows<1, transposed, false>(a, m, panel, k, out, out_step, sum);
  }
  if (panel.width > 8) return panel_rows<2, transposed, true>(a, m, panel, k, out, out_step, sum);
  panel_rows<1, transposed, true>(a, m, panel, k, out, out_step, sum);
}

// k rows of a panel, 16 values each, zeros where it is narrower.
void pack(const float* b, const ProductShape& s, std::int64_t k, std::int64_t width, float* to) {
  if (!s.b_transposed) {
    for (std::int64_t p = 0; p < k; ++p) {
      const float* row = b + p * s.b_step;
      if (width == kColumns) {
        std::memcpy(to + p * kColumns, row, kColumns * sizeof(float));
      } else {
        std::fill(std::copy_n(row, width, to + p * kColumns), to + (p + 1) * kColumns, 0.0F);
      }
    }
    return;
  }
  std::int64_t done = 0;
  if (width == kColumns) {
    for (; done + 8 <= k; done += 8) {
      transpose_8x8(b + done, s.b_step, to + done * kColumns, kColumns);
      transpose_8x8(b + 8 * s.b_step + done, s.b_step, to + done * kColumns + 8, kColumns);
    }
  }
  for (std::int64_t p = done; p < k; ++p) {
    for (std::int64_t j = 0; j < kColumns; ++j) to[p * kColumns + j] = j < width ? b[j * s.b_step + p] : 0.0F;
  }
}

// The size of the parts that `size` is cut into: at most `most` each, a multiple of `unit` where there are
// several.
std::int64_t even_part(std::int64_t size, std::int64_t most, std::int64_t unit) {
  if (size <= most) return size;
  const std::int64_t count = (size - 1) / most + 1, part = (size - 1) / count + 1;
  return (part + unit - 1) / unit * unit;
}

}  // namespace

bool has_avx2_product() { return true; }

void multiply_by_avx2(const ProductShape& s, const float* a, const float* b, float* out) {
  const bool packs = s.b_transposed || (s.m > kPackedRows && s.k * s.n > kSmall);
  PoolVector<float> packed;
  // Parts as even as can be: a short one would pay for reading the results again.
  const std::int64_t inner = even_part(s.k, kInner, 1), across = even_part(s.n, kAcross, kColumns);
  if (packs) packed.reserve(static_cast<std::size_t>(inner * (across + kColumns)));
  for (std::int64_t column = 0; column < s.n; column += across) {
    const std::int64_t columns = std::min(across, s.n - column);
    for (std::int64_t p = 0; p < s.k; p += inner) {
      const std::int64_t k = std::min(inner, s.k - p);
      const auto panel_at = [&](std::int64_t j) {
        const std::int64_t at = column + j;
        return b + (s.b_transposed ? at * s.b_step + p : p * s.b_step + at);
      };
      for (std::int64_t j = 0; packs && j < columns; j += kColumns) {
        pack(panel_at(j), s, k, std::min(kColumns, columns - j), packed.data() + j * k);
      }
      const Sum sum = s.sum == Sum::fresh && p != 0 ? Sum::into : s.sum;
      for (std::int64_t row = 0; row < s.m; row += kOuter) {
        const std::int64_t rows = std::min(kOuter, s.m - row);
        const Left left = {a + (s.a_transposed ? p * s.a_step + row : row * s.a_step + p), s.a_step};
        for (std::int64_t j = 0; j < columns; j += kColumns) {
          const std::int64_t width = std::min(kColumns, columns - j);
          const Panel panel =
              packs ? Panel{packed.data() + j * k, kColumns, width} : Panel{panel_at(j), s.b_step, width};
          float* to = out + row * s.out_step + column + j;
          if (s.a_transposed) {
            panel_rows<true>(left, rows, panel, k, to, s.out_step, sum);
          } else {
            panel_rows<false>(left, rows, panel, k, to, s.out_step, sum);
          }
        }
      }
    }
  }
}

}  // namespace gradus::kernels

#else

namespace gradus::kernels {

bool has_avx2_product() { return false; }
void multiply_by_avx2(const ProductShape& /*shape*/, const float* /*a*/, const float* /*b*/, float* /*out*/) {
}

}  // namespace gradus::kernels

#endif
