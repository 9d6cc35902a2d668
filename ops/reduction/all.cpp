#include <gradus/ops/kernels/elementwise/truth_op.h>
#include <gradus/ops/records.h>

namespace gradus {

Variable all(const Operand& x, ReduceOptions options) {
  return apply(kernels::TruthOp(kernels::Quantifier::all, std::move(options)), {x});
}

namespace records {

OpInfo all() {
  return record::reduction(gradus::all,
                           {.formula = "y = x1 != 0 and x2 != 0 and ..", .flops = record::per_input(1)},
                           record::zeros_and_ones(), {.takes_booleans = true});
}

}  // namespace records

}  // namespace gradus
