#pragma once

#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/reduction/softmax_rows.h>

namespace gradus::kernels {

// What ops share that take each run of values along one axis to as many others, such as softmax.
class AxisOp : public Op {
 public:
  explicit AxisOp(std::int64_t axis) : axis_(axis) {}
  OpAttributes attributes() const override { return {{"axis", std::to_string(axis_)}}; }
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }
  Shape infer_shape(const Call& call) const override {
    call.axis(axis_);
    return call.shape(0);
  }

 protected:
  // Calls row(x, y, n), generic in the type of the values, for each run of n values x; it fills y.
  template <class Row>
  void each_row(Forward& forward, const Row& row) const {
    const Tensor& operand = forward.value(0);
    dispatch_floating(operand.dtype(), [&]<class T>() {
      each_along_axis<T>(operand, forward.output(), forward.axis(axis_), row);
    });
  }

  // The axis counted from the first.
  std::size_t axis_of(const Tensor& x) const {
    return static_cast<std::size_t>(axis_ < 0 ? axis_ + x.rank() : axis_);
  }

  std::int64_t axis_;
};

}  // namespace gradus::kernels
