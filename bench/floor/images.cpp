#include "images.h"

#include <algorithm>
#include <cstring>

namespace gradus::bench::floor {

void im2col(const Images& images, const float* x, float* columns, int threads) {
  const auto [batch, h, w, c] = images;
  const std::int64_t rows = h - kWindow + 1, across = w - kWindow + 1, length = kWindow * c;
#pragma omp parallel for num_threads(threads) if (threads > 1)
  for (std::int64_t image = 0; image < batch; ++image) {
    float* out = columns + image * rows * across * kWindow * length;
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t column = 0; column < across; ++column) {
        for (std::int64_t i = 0; i < kWindow; ++i, out += length) {
          const float* from = x + ((image * h + row + i) * w + column) * c;
          std::memcpy(out, from, static_cast<std::size_t>(length) * sizeof(float));
        }
      }
    }
  }
}

void col2im(const Images& images, const float* columns, float* dx, int threads) {
  const auto [batch, h, w, c] = images;
  const std::int64_t rows = h - kWindow + 1, across = w - kWindow + 1, length = kWindow * c;
#pragma omp parallel for num_threads(threads) if (threads > 1)
  for (std::int64_t image = 0; image < batch; ++image) {
    std::fill_n(dx + image * h * w * c, h * w * c, 0.0F);
    const float* from = columns + image * rows * across * kWindow * length;
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t column = 0; column < across; ++column) {
        for (std::int64_t i = 0; i < kWindow; ++i, from += length) {
          float* out = dx + ((image * h + row + i) * w + column) * c;
          for (std::int64_t k = 0; k < length; ++k) out[k] += from[k];
        }
      }
    }
  }
}

void bias_relu_pool(const Images& images, const float* z, const float* bias, float* pooled,
                    std::uint8_t* from, int threads) {
  const auto [batch, h, w, c] = images;
  const std::int64_t rows = h / 2, across = w / 2;
#pragma omp parallel for num_threads(threads) if (threads > 1)
  for (std::int64_t at = 0; at < batch * rows; ++at) {
    const float* upper = z + (at / rows * h + at % rows * 2) * w * c;
    for (std::int64_t column = 0; column < across; ++column, upper += 2 * c) {
      const float* lower = upper + w * c;
      float* out = pooled + (at * across + column) * c;
      std::uint8_t* which = from + (at * across + column) * c;
#pragma omp simd
      for (std::int64_t k = 0; k < c; ++k) {
        float largest = upper[k];
        int index = 0;
        index = upper[c + k] > largest ? 1 : index;
        largest = std::max(largest, upper[c + k]);
        index = lower[k] > largest ? 2 : index;
        largest = std::max(largest, lower[k]);
        index = lower[c + k] > largest ? 3 : index;
        largest = std::max(largest, lower[c + k]) + bias[k];
        out[k] = std::max(largest, 0.0F);
        which[k] = static_cast<std::uint8_t>(largest > 0 ? index : 4);
      }
    }
  }
}

void pool_gradient(const Images& images, const float* dpooled, const std::uint8_t* from, float* dz,
                   float* dbias, int threads) {
  const auto [batch, h, w, c] = images;
  const std::int64_t rows = h / 2, across = w / 2;
#pragma omp parallel for num_threads(threads) if (threads > 1)
  for (std::int64_t at = 0; at < batch * rows; ++at) {
    float* upper = dz + (at / rows * h + at % rows * 2) * w * c;
    for (std::int64_t column = 0; column < across; ++column, upper += 2 * c) {
      float* lower = upper + w * c;
      const float* gradient = dpooled + (at * across + column) * c;
      const std::uint8_t* which = from + (at * across + column) * c;
#pragma omp simd
      for (std::int64_t k = 0; k < c; ++k) {
        upper[k] = which[k] == 0 ? gradient[k] : 0;
        upper[c + k] = which[k] == 1 ? gradient[k] : 0;
        lower[k] = which[k] == 2 ? gradient[k] : 0;
        lower[c + k] = which[k] == 3 ? gradient[k] : 0;
      }
    }
  }
  std::fill_n(dbias, c, 0.0F);
  for (std::int64_t at = 0; at < batch * rows * across; ++at) {
    const float* gradient = dpooled + at * c;
    const std::uint8_t* which = from + at * c;
#pragma omp simd
    for (std::int64_t k = 0; k < c; ++k) dbias[k] += which[k] < 4 ? gradient[k] : 0;
  }
}

}  // namespace gradus::bench::floor
