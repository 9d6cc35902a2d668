#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/log_domain.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/kernels/reduction/spread.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class LogSumExp : public kernels::ReduceOp {
 public:
  using ReduceOp::ReduceOp;
  std::string_view name() const override { return "logsumexp"; }
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }

  void forward(Forward& forward) const override {
    kernels::logsumexp_into(forward.value(0), kept_shape(forward), forward.output());
  }

  void vjp(Backward& b) const override {
    const Variable y = kernels::above_minus_infinity(kept(b, b.output())), x = b.input(0);
    if (b.create_graph()) return b.give(0, multiply(kept(b, b.gradient()), exp(subtract(x, y))));
    Tensor dx = Tensor::empty(x.shape(), x.dtype());
    dispatch_floating(x.dtype(), [&]<class T>() {
      kernels::spread_rule<T>(
          x.value(), y.shape(), dx,
          [](const auto& values, const auto& shift, const auto& g) { return exp(values - shift) * g; },
          y.value().raw<T>(), b.gradient_value().raw<T>());
    });
    b.give(0, std::move(dx));
  }
};

}  // namespace

Variable logsumexp(const Operand& x, ReduceOptions options) {
  return apply(LogSumExp(std::move(options)), {x});
}

namespace records {

OpInfo logsumexp() {
  return record::reduction(
      gradus::logsumexp,
      {.formula = "y = log(sum(e^x))", .gradient = "g e^(x - y)", .flops = record::per_input(10)});
}

}  // namespace records

}  // namespace gradus
