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

// The same for 4 x 4, which few rows or columns leave.
template <class T>
inline void transpose_4x4(const T* from, std::int64_t from_step, T* to, std::int64_t to_step) {
#ifdef __AVX2__
  if constexpr (sizeof(T) == 4) {
    __m128 r[4];
    for (std::size_t i = 0; i < 4; ++i) {
      r[i] = _mm_loadu_ps(reinterpret_cast<const float*>(from + static_cast<std::int64_t>(i) * from_step));
    }
    _MM_TRANSPOSE4_PS(r[0], r[1], r[2], r[3]);
    for (std::size_t i = 0; i < 4; ++i) {
      _mm_storeu_ps(reinterpret_cast<float*>(to + static_cast<std::int64_t>(i) * to_step), r[i]);
    }
    return;
  }
#endif
  for (std::int64_t j = 0; j < 4; ++j) {
    for (std::int64_t i = 0; i < 4; ++i) to[j * to_step + i] = from[i * from_step + j];
  }
}

// The same for rows x columns, in blocks of 4 x 4.
template <class T>
inline void transpose_blocks(const T* from, std::int64_t from_step, T* to, std::int64_t to_step,
                             std::int64_t rows, std::int64_t columns) {
  const std::int64_t whole_rows = rows / 4 * 4, whole_columns = columns / 4 * 4;
  const auto block = [=](std::int64_t i, std::int64_t j) {
    transpose_4x4(from + i * from_step + j, from_step, to + j * to_step + i, to_step);
  };
  if (rows < columns) {
    for (std::int64_t i = 0; i < whole_rows; i += 4) {
      for (std::int64_t j = 0; j < whole_columns; j += 4) block(i, j);
    }
  } else {
    for (std::int64_t j = 0; j < whole_columns; j += 4) {
      for (std::int64_t i = 0; i < whole_rows; i += 4) block(i, j);
    }
  }
  for (std::int64_t j = 0; j < columns; ++j) {
    for (std::int64_t i = j < whole_columns ? whole_rows : 0; i < rows; ++i) {
      to[j * to_step + i] = from[i * from_step + j];
    }
  }
}

// to[j * to_step + i] = from[i * from_step + j] for rows x columns elements, in tiles of whole cache lines on
// both sides: a step that is a power of two would have each line evicted before its second half is used.
template <class T>
void transpose_tiles(const T* from, std::int64_t from_step, T* to, std::int64_t to_step, std::int64_t rows,
                     std::int64_t columns) {
  constexpr std::int64_t kTile = 16;
  if (rows < kTile || columns < kTile) {
    return transpose_blocks(from, from_step, to, to_step, rows, columns);
  }
  alignas(64) std::array<T, kTile * kTile> tile;
  for (std::int64_t j = 0; j < columns; j += kTile) {
    for (std::int64_t i = 0; i < rows; i += kTile) {
      const T* source = from + i * from_step + j;
      T* target = to + j * to_step + i;
      const std::int64_t height = std::min(kTile, rows - i), width = std::min(kTile, columns - j);
      if (height != kTile || width != kTile) {
        transpose_blocks(source, from_step, target, to_step, height, width);
        continue;
      }
      for (std::int64_t k = 0; k < kTile; k += 8) {
        transpose_8x8(source + k * from_step, from_step, tile.data() + k, kTile);
        transpose_8x8(source + k * from_step + 8, from_step, tile.data() + 8 * kTile + k, kTile);
      }
      for (std::int64_t k = 0; k < kTile; ++k) {
        std::memcpy(target + k * to_step, tile.data() + k * kTile, kTile * sizeof(T));
      }
    }
  }
}

}  // namespace gradus::kernels
