#include "values.h"

#include <gradus/gradus.h>

// The largest of windows over many channels, which are chosen by vectors, beside each channel by itself.

namespace gradus {
namespace {

struct Pool {
  Shape x;
  PoolingOptions options;
  DType dtype;
};

class MaxPooling : public testing::TestWithParam<Pool> {};

TEST_P(MaxPooling, TakesEachChannelAsIfItWereAlone) {
  const auto& [shape, options, dtype] = GetParam();
  Random random(5);
  Tensor images = random.normal(shape, {.dtype = dtype});
  images = multiply(round(multiply(images, 4)), 0.25).value();  // so that some are equal
  dispatch_floating(dtype, [&]<class T>() {
    for (std::int64_t i = 7; i < images.size(); i += 91) {
      images.raw<T>()[i] = std::numeric_limits<T>::quiet_NaN();
    }
  });
  const Variable x(images, {.requires_grad = true});
  const Variable y = max_pool2d(x, options);
  const Variable seeds(random.normal(y.shape(), {.dtype = dtype}));
  const Variable dx = gradients(y, {x}, {.seeds = seeds})[0];
  const auto channel_of = [](const Variable& all, std::int64_t c) {
    return slice(all, {{}, {}, {}, {.start = c, .stop = c + 1}});
  };
  for (std::int64_t c = 0; c < shape.back(); ++c) {
    const Variable one(channel_of(x, c).value(), {.requires_grad = true});
    const Variable alone = max_pool2d(one, options);
    const Variable d_alone = gradients(alone, {one}, {.seeds = channel_of(seeds, c)})[0];
    EXPECT_TRUE(identical(channel_of(y, c).value(), alone.value())) << "channel " << c;
    EXPECT_TRUE(identical(channel_of(dx, c).value(), d_alone.value())) << "channel " << c;
  }
}

// 123 channels: four vectors of 16 or 8 at a time, two, one, half of one, and single values.
INSTANTIATE_TEST_SUITE_P(
    Windows, MaxPooling,
    testing::Values(Pool{{2, 8, 6, 123}, {.pool_size = 2}, DType::float32},
                    Pool{{2, 8, 6, 123}, {.pool_size = 2}, DType::float64},
                    Pool{{1, 7, 9, 123}, {.pool_size = 3, .strides = 2, .padding = "same"}, DType::float32},
                    Pool{{1, 7, 9, 58}, {.pool_size = 3, .strides = 1}, DType::float64},
                    Pool{{1, 11, 9, 45}, {.pool_size = 5, .strides = 3}, DType::float32}));

}  // namespace
}  // namespace gradus
