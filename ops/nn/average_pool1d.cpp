#include <gradus/ops/kernels/nn/pooling.h>
#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus {

Variable average_pool1d(const Operand& x, PoolingOptions options) {
  const Expansion op({.name = "average_pool1d"}, {x});
  return kernels::average_pool("average_pool1d", kernels::pooling_windows(op.call(), 1, options), op[0]);
}

namespace records {

OpInfo average_pool1d() {
  return record::pooling1d(gradus::average_pool1d,
                           {.formula = "y = mean over the window of x, where it lies on the image",
                            .gradient = "g / number of pixels, at each pixel of the window"});
}

}  // namespace records

}  // namespace gradus
