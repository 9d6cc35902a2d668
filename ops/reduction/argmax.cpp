#include <gradus/ops/kernels/reduction/arg_extremum_op.h>

namespace gradus {

Variable argmax(const Operand& x, ArgOptions options) {
  return apply(kernels::ArgExtremumOp(kernels::Extreme::largest, options), {x});
}

namespace records {

OpInfo argmax() {
  return kernels::arg_extremum_record(gradus::argmax,
                                      {.formula = "y = the first i whose x[i] is the largest"});
}

}  // namespace records

}  // namespace gradus
