#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class Mean : public kernels::ReduceOp {
 public:
  using ReduceOp::ReduceOp;
  std::string_view name() const override { return "mean"; }
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }

  void forward(Forward& forward) const override {
    const Shape kept = kept_shape(forward);
    kernels::sum_into(forward.value(0), kept, forward.output(), 1 / group_size(forward.shape(0), kept));
  }

  void vjp(Backward& b) const override {
    const double size = group_size(b.shape(0), kept_shape(b));
    b.give(0, broadcast_to(multiply(kept(b, b.gradient()), 1 / size), b.shape(0)));
  }
};

}  // namespace

Variable mean(const Operand& x, ReduceOptions options) { return apply(Mean(std::move(options)), {x}); }

namespace records {

OpInfo mean() {
  return record::reduction(
      gradus::mean,
      {.formula = "y = sum(x) / n", .gradient = "g / n, repeated", .flops = record::per_input(1)});
}

}  // namespace records

}  // namespace gradus
