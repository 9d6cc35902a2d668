#include <gradus/ops/kernels/nn/pooling.h>
#include <gradus/ops/kernels/nn/window_records.h>

namespace gradus {

Variable max_pool2d(const Operand& x, PoolingOptions options) {
  const Expansion op({.name = "max_pool2d"}, {x});
  return kernels::max_pool("max_pool2d", kernels::pooling_windows(op.call(), 2, options), op[0]);
}

namespace records {

OpInfo max_pool2d() {
  return record::pooling2d(gradus::max_pool2d,
                           {.formula = "y = max over the window of x",
                            .gradient = "g at the largest value of each window; the first of equal ones",
                            .kinks = "two equal largest values: the first has the gradient"},
                           record::distinct());
}

}  // namespace records

}  // namespace gradus
