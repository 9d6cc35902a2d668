#include <gradus/ops/kernels/nn/pooling.h>
#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus {

Variable average_pool2d(const Operand& x, PoolingOptions options) {
  const Expansion op({.name = "average_pool2d"}, {x});
  return kernels::average_pool("average_pool2d", kernels::pooling_windows(op.call(), 2, options), op[0]);
}

namespace records {

OpInfo average_pool2d() {
  return record::pooling2d(gradus::average_pool2d,
                           {.formula = "y = mean over the window of x, where it lies on the image",
                            .gradient = "g / number of pixels, at each pixel of the window"});
}

}  // namespace records

}  // namespace gradus
