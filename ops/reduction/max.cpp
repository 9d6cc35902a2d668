#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduce_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class Max : public kernels::ReduceOp {
 public:
  using ReduceOp::ReduceOp;
  std::string_view name() const override { return "max"; }
  Shape infer_shape(const Call& call) const override {
    Shape shape = ReduceOp::infer_shape(call);
    if (group_size(call.shape(0), kept_shape(call)) == 0) throw call.shape_error("no values to choose from");
    return shape;
  }

  void forward(Forward& forward) const override {
    kernels::max_into(forward.value(0), kept_shape(forward), forward.output());
  }

  void vjp(Backward& b) const override {
    const Variable x = b.input(0), largest = kept(b, b.output());
    Variable
        share;  // 1 / number of ties where x is the largest, else 0: constant wherever the derivative exists
    {
      const NoGrad constant;
      const Tensor one = Tensor::ones({}, x.dtype()), zero = Tensor::zeros({}, x.dtype());
      const Variable chosen = where(equal(x, largest), one, zero);
      share = divide(chosen, sum(chosen, {.axis = options_.axis, .keepdims = true}));
    }
    b.give(0, multiply(kept(b, b.gradient()), share));
  }
};

}  // namespace

Variable max(const Operand& x, ReduceOptions options) { return apply(Max(std::move(options)), {x}); }

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
