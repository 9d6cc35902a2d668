#pragma once

#include <cstdint>

// Windows and pooling of the convolutional floor, over images [batch, h, w, c].
namespace gradus::bench::floor {

struct Images {
  std::int64_t batch = 0, h = 0, w = 0, c = 0;
};
constexpr std::int64_t kWindow = 3;  // of the convolutions, without padding

// The windows as rows of a matrix: [batch * (h - 2) * (w - 2), 9 * c].
void im2col(const Images& images, const float* x, float* columns, int threads);
// Its transpose: adds each row to its window of dx, which is set to zero first.
void col2im(const Images& images, const float* columns, float* dx, int threads);

// pooled = max(largest of each 2 x 2 window + bias, 0); `from` tells which of the four it was, or 4 for none.
void bias_relu_pool(const Images& images, const float* z, const float* bias, float* pooled,
                    std::uint8_t* from, int threads);
// dz from the gradient of what was pooled; dbias the sums over pixels. `dz` is zero where no window reaches.
void pool_gradient(const Images& images, const float* dpooled, const std::uint8_t* from, float* dz,
                   float* dbias, int threads);

}  // namespace gradus::bench::floor
