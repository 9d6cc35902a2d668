#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/lanes.h>
#include <gradus/ops/kernels/loss_op.h>

namespace gradus {

namespace {

class MeanSquaredError : public kernels::LossOp {
 public:
  std::string_view name() const override { return "mean_squared_error"; }

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      kernels::each_row<T>(forward, [](const T* y_true, const T* y_pred, std::int64_t n) {
        return (Lanes<T>(y_pred, n) - Lanes<T>(y_true, n)).square().sum() / static_cast<T>(n);
      });
    });
  }

  // dy_pred = 2 g (y_pred - y_true) / n
  void vjp(Backward& b) const override {
    const double factor = 2.0 / static_cast<double>(width(b.shape(1)));
    const Variable slope = multiply(multiply(row_gradient(b), factor), subtract(b.input(1), b.input(0)));
    if (b.needs(0)) b.give(0, negative(slope));
    if (b.needs(1)) b.give(1, slope);
  }
};

}  // namespace

Variable mean_squared_error(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  static const auto op = Ref<const Op>::adopt(new MeanSquaredError);
  const auto [labels, predictions] = kernels::align_ranks(y_true, y_pred);
  return kernels::reduce_loss(apply(op, {labels, predictions}), options.reduction, options.sample_weight,
                              y_pred, op->name());
}

namespace records {

OpInfo mean_squared_error() {
  return record::loss(gradus::mean_squared_error,
                      {.formula = "mean((y_true - y_pred)^2)",
                       .gradient = "dy_pred = 2 g (y_pred - y_true) / n, dy_true = -dy_pred",
                       .flops = record::per_input(3)});
}

}  // namespace records

}  // namespace gradus
