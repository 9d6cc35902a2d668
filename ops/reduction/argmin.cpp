#include <gradus/ops/kernels/reduction/arg_extremum_op.h>

namespace gradus {

Variable argmin(const Operand& x, ArgOptions options) {
  return apply(kernels::ArgExtremumOp(kernels::Extreme::least, options), {x});
}

namespace records {

OpInfo argmin() {
  return kernels::arg_extremum_record(gradus::argmin, {.formula = "y = the first i whose x[i] is the least"});
}

}  // namespace records

}  // namespace gradus
