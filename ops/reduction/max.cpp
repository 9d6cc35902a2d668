#include <gradus/ops/kernels/reduction/extremum_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

Variable max(const Operand& x, ReduceOptions options) {
  return apply(kernels::ExtremumOp(kernels::Extreme::largest, std::move(options)), {x});
}

namespace records {

OpInfo max() {
  return record::reduction(gradus::max,
                           {.formula = "y = max(x)",
                            .gradient = "g where x is the largest, else 0; ties share it equally",
                            .kinks = "two equal largest values: each gets an equal share",
                            .flops = record::per_input(1)},
                           record::distinct(), {.takes_empty = false});
}

}  // namespace records

}  // namespace gradus
