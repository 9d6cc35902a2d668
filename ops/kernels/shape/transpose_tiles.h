#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace gradus::kernels {

// to[j * to_step + i] = from[i * from_step + j] for 8 x 8 elements.
template <class T>
inline void transpose_8x8(const T* from, std::int64_t from_step, T* to, std::int64_t to_step) {
#ifdef __AVX2__
  if constexpr (sizeof(T) == 4) {
    __m256 r[8], s[8];
    for (std::size_t i = 0; i < 8; ++i) {
      r[i] = _mm256_loadu_ps(reinterpret_cast<const float*>(from + static_cast<std::int64_t>(i) * from_step));
    }
    for (std::size_t i = 0; i < 8; i += 2) {
      s[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
      s[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    for (std::size_t i = 0; i < 8; i += 4) {
      r[i] = _mm256_shuffle_ps(s[i], s[i + 2], 0x44);
      r[i + 1] = _mm256_shuffle_ps(s[i], s[i + 2], 0xEE);
      r[i + 2] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0x44);
      r[i + 3] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0xEE);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      s[i] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x20);
      s[i + 4] = _mm256_permute2f128_ps(r[i], r[i + 4], 0x31);
    }
    for (std::size_t i = 0; i < 8; ++i) {
      _mm256_storeu_ps(reinterpret_cast<float*>(to + static_cast<std::int64_t>(i) * to_step), s[i]);
    }
    return;
  }
#endif
  for (std::int64_t j = 0; j < 8; ++j) {
    for (std::int64_t i = 0; i < 8; ++i) to[j * to_step + i] = from[i * from_step + j];
  }
}

// to[j * to_step + i] = from[i * from_step + j] for rows x columns elements, in tiles of whole cache lines on
// both sides: a step that is a power of two would have each line evicted before its second half is used.
template <class T>
void transpose_tiles(const T* from, std::int64_t from_step, T* to, std::int64_t to_step, std::int64_t rows,
                     std::int64_t columns) {
  constexpr std::int64_t kTile = 16;
  alignas(64) std::array<T, kTile * kTile> tile;
  for (std::int64_t j = 0; j < columns; j += kTile) {
    for (std::int64_t i = 0; i < rows; i += kTile) {
      const T* source = from + i * from_step + j;
      T* target = to + j * to_step + i;
      const std::int64_t height = std::min(kTile, rows - i), width = std::min(kTile, columns - j);
      if (height == kTile && width == kTile) {
        for (std::int64_t k = 0; k < kTile; k += 8) {
          transpose_8x8(source + k * from_step, from_step, tile.data() + k, kTile);
          transpose_8x8(source + k * from_step + 8, from_step, tile.data() + 8 * kTile + k, kTile);
        }
        for (std::int64_t k = 0; k < kTile; ++k) {
          std::memcpy(target + k * to_step, tile.data() + k * kTile, kTile * sizeof(T));
        }
        continue;
      }
      for (std::int64_t l = 0; l < width; ++l) {
        for (std::int64_t k = 0; k < height; ++k) target[l * to_step + k] = source[k * from_step + l];
      }
    }
  }
}

}  // namespace gradus::kernels
