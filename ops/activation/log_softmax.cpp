#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/softmax_rows.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

class LogSoftmax : public Op {
 public:
  explicit LogSoftmax(std::int64_t axis) : axis_(axis) {}
  std::string_view name() const override { return "log_softmax"; }
  OpAttributes attributes() const override { return {{"axis", std::to_string(axis_)}}; }
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }
  Shape infer_shape(const Call& call) const override {
    call.axis(axis_);
    return call.shape(0);
  }

  void forward(Forward& forward) const override {
    const Tensor& operand = forward.value(0);
    dispatch_floating(operand.dtype(), [&]<class T>() {
      kernels::each_along_axis<T>(operand, forward.output(), forward.axis(axis_),
                                  [](const T* x, T* y, std::int64_t n) {
                                    const auto sums = kernels::softmax_row<T>(x, y, n);
                                    MutableLanes<T>(y, n) = (Lanes<T>(x, n) - sums.max) - sums.log_sum;
                                  });
    });
  }

  // g - e^y sum(g)
  void vjp(Backward& b) const override {
    const Variable &g = b.gradient(), y = b.output();
    b.give(0, subtract(g, multiply(exp(y), sum(g, {.axis = axis_, .keepdims = true}))));
  }

 private:
  std::int64_t axis_;
};

}  // namespace

Variable log_softmax(const Operand& x, SoftmaxOptions options) {
  return apply(LogSoftmax(options.axis), {x});
}

namespace records {

OpInfo log_softmax() {
  return record::along_axis(
      [](const Variable& x, std::int64_t axis) { return gradus::log_softmax(x, {.axis = axis}); },
      {.formula = "y = x - logsumexp(x)", .gradient = "g - e^y sum(g)", .flops = 14});
}

}  // namespace records

}  // namespace gradus
