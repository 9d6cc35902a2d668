#include <gradus/graph/error.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus::kernels {

namespace {

// A loss and the sum or mean of its values as one node: a small model has little more to do than this.
class ReducedLoss : public Op {
 public:
  ReducedLoss(Ref<const Op> loss, Reduction reduction) : loss_(std::move(loss)), reduction_(reduction) {}
  std::string_view name() const override { return loss_->name(); }
  OpAttributes attributes() const override {
    OpAttributes result = loss_->attributes();
    if (reduction_ == Reduction::sum) result.push_back({"reduction", "sum"});
    return result;
  }
  std::span<const std::string_view> operand_names() const override { return loss_->operand_names(); }
  DType operand_dtype(const Call& call, std::size_t i) const override {
    return loss_->operand_dtype(call, i);
  }
  DType infer_dtype(const Call& call) const override { return loss_->infer_dtype(call); }
  Shape infer_shape(const Call& call) const override {
    loss_->infer_shape(call);  // for what it refuses
    return {};
  }

  void forward(Forward& forward) const override {
    const Shape shape = loss_->infer_shape(forward);
    Forward each(forward, shape, forward.output_dtype(), forward.recorded());
    loss_->forward(each);
    const Tensor values = each.take_output();
    for (Tensor& kept : each.saved()) forward.save(std::move(kept));
    sum_rows_into(values, forward.output(), 1 / divisor(shape));
  }

  void vjp(Backward& b) const override {
    const Shape shape = loss_->infer_shape(b.call());
    if (b.create_graph()) {
      b.descend(broadcast_to(multiply(b.gradient(), 1 / divisor(shape)), shape));
    } else {
      const Tensor& g = b.gradient_value();
      b.descend(Tensor::full(shape, g.item() / divisor(shape), g.dtype()));
    }
    loss_->vjp(b);
  }

 private:
  double divisor(const Shape& shape) const {
    return reduction_ == Reduction::sum ? 1 : static_cast<double>(shape.elements());
  }

  Ref<const Op> loss_;
  Reduction reduction_;
};

// Factors for values of that shape; one trailing axis of extent 1 too many is dropped, as in Keras.
Operand weights_for(const Variable& values, const Tensor& sample_weight, const Operand& given,
                    std::string_view loss) {
  Tensor weight = sample_weight;
  if (weight.rank() == values.rank() + 1 && weight.shape().back() == 1)
    weight = weight.reshape(values.shape());
  if (weight.shape() != values.shape()) {
    const std::string line = to_string(given.where());
    throw ShapeError(std::string(loss) + ": sample_weight is " + to_string(sample_weight.shape()) +
                     ", the samples are " + to_string(values.shape()) +
                     (line.empty() ? "" : " (" + line + ")"));
  }
  return Operand(weight.cast(values.dtype()), given.where());
}

}  // namespace

Variable reduced_loss(const Ref<const Op>& loss, const Operand& y_true, const Operand& y_pred,
                      Reduction reduction, const Tensor& sample_weight, const Operand& given) {
  const bool whole = reduction == Reduction::none;
  if (!sample_weight.defined() && !whole) {
    return apply(Ref<const Op>::adopt(new ReducedLoss(loss, reduction)), y_true, y_pred);
  }
  const Variable values = apply(loss, y_true, y_pred);
  if (!sample_weight.defined()) return values;
  const Variable weighted = multiply(values, weights_for(values, sample_weight, given, loss->name()));
  if (whole) return weighted;
  const Operand operand(weighted, given.where());
  return reduction == Reduction::sum ? sum(operand) : mean(operand);
}

}  // namespace gradus::kernels
