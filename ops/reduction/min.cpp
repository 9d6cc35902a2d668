#include <gradus/ops/kernels/reduction/extremum_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

Variable min(const Operand& x, ReduceOptions options) {
  return apply(kernels::ExtremumOp(kernels::Extreme::least, std::move(options)), {x});
}

namespace records {

OpInfo min() {
  return record::reduction(gradus::min,
                           {.formula = "y = min(x)",
                            .gradient = "g where x is the least, else 0; ties share it equally",
                            .kinks = "two equal least values: each gets an equal share",
                            .flops = record::per_input(1)},
                           record::distinct(), {.takes_empty = false});
}

}  // namespace records

}  // namespace gradus
