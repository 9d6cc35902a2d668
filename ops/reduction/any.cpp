#include <gradus/ops/kernels/elementwise/truth_op.h>
#include <gradus/ops/records.h>

namespace gradus {

Variable any(const Operand& x, ReduceOptions options) {
  return apply(kernels::TruthOp(kernels::Quantifier::any, std::move(options)), {x});
}

namespace records {

OpInfo any() {
  return record::reduction(gradus::any,
                           {.formula = "y = x1 != 0 or x2 != 0 or ..", .flops = record::per_input(1)},
                           record::zeros_and_ones(), {.takes_booleans = true});
}

}  // namespace records

}  // namespace gradus
