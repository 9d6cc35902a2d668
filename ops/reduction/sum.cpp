#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class SumOp : public kernels::ReduceOp {
 public:
  using ReduceOp::ReduceOp;
  std::string_view name() const override { return "sum"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  DType infer_dtype(const Call& call) const override {
    return call.dtype(0) == DType::boolean ? DType::int64 : call.dtype(0);
  }

  void forward(Forward& forward) const override {
    kernels::sum_into(forward.value(0), kept_shape(forward), forward.output());
  }

  void vjp(Backward& b) const override { b.give(0, broadcast_to(kept(b, b.gradient()), b.shape(0))); }
};

}  // namespace

Variable sum(const Operand& x, ReduceOptions options) { return apply(SumOp(std::move(options)), {x}); }

namespace records {

OpInfo sum() {
  return record::reduction(
      gradus::sum, {.formula = "y = sum(x)", .gradient = "g, repeated", .flops = record::per_input(1)},
      record::uniform(), {.takes_booleans = true});
}

}  // namespace records

}  // namespace gradus
