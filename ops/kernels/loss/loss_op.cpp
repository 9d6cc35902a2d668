#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/recording.h>
#include <gradus/graph/suggest.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <array>

namespace gradus {

Reduction::Reduction(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kNames = {"sum_over_batch_size", "mean", "sum", "none"};
  if (name == "sum_over_batch_size" || name == "mean") {
    kind_ = sum_over_batch_size;
  } else if (name == "sum") {
    kind_ = sum;
  } else if (name == "none") {
    kind_ = none;
  } else {
    throw ValueError(unknown_name("reduction", name, kNames));
  }
}

namespace kernels {

std::span<const std::string_view> LossOp::operand_names() const {
  static constexpr std::array<std::string_view, 2> kNames = {"y_true", "y_pred"};
  return kNames;
}

DType LossOp::operand_dtype(const Call& call, std::size_t i) const {
  const DType predicted = call.common_floating_dtype(1, 2);
  if (i == 1) return predicted;
  if (is_floating(call.dtype(0)) && call.dtype(0) != predicted)
    throw call.dtype_error("the operands' dtypes differ");
  return predicted;
}

Shape LossOp::infer_shape(const Call& call) const {
  if (call.shape(0) != call.shape(1))
    throw call.shape_error("the shapes differ, and a loss never broadcasts");
  const Shape& shape = call.shape(1);
  return shape.rank() == 0 ? shape : Shape(Dims(std::span(shape.begin(), shape.end() - 1)));
}

Shape ComposedLoss::infer_shape(const Call& call) const {
  LossOp::infer_shape(call);
  const Shape& shape = call.shape(1);
  const Dims axes = call.axes(axis_, 1);
  if (axes.empty()) return {};
  std::vector<std::int64_t> kept;
  for (std::int64_t axis = 0; axis < shape.rank(); ++axis) {
    if (std::ranges::find(axes, axis) == axes.end()) kept.push_back(shape.dim(axis));
  }
  return Shape(kept);
}

void ComposedLoss::forward(Forward& forward) const {
  const NoGrad constants;
  const std::array<Variable, 2> operands = {Variable(forward.value(0)), Variable(forward.value(1))};
  forward.give(values_(operands).value());
}

Variable LossOp::row_gradient(const Backward& b) {
  const Shape& shape = b.shape(1);
  if (shape.rank() == 0) return b.gradient();
  Dims dims = shape.dims();
  dims[dims.size() - 1] = 1;
  return reshape(b.gradient(), dims);
}

namespace {

Operand with_trailing_axis(const Operand& x) {
  std::vector<std::int64_t> dims(x.variable().shape().begin(), x.variable().shape().end());
  dims.push_back(1);
  return Operand(reshape(x, Dims(std::span(std::as_const(dims)))), x.where());
}

Operand without_trailing_axis(const Operand& x) {
  const Shape& shape = x.variable().shape();
  return Operand(reshape(x, Dims(std::span(shape.begin(), shape.end() - 1))), x.where());
}

}  // namespace

Targets align_ranks(const Operand& y_true, const Operand& y_pred) {
  if (!y_true.has_value() || !y_pred.has_value()) return {y_true, y_pred};
  const auto ends_in_one = [](const Operand& x) { return x.rank() > 0 && x.variable().shape().back() == 1; };
  if (y_true.rank() == y_pred.rank() + 1 && ends_in_one(y_true)) {
    if (y_pred.rank() == 1) return {y_true, with_trailing_axis(y_pred)};
    return {without_trailing_axis(y_true), y_pred};
  }
  if (y_pred.rank() == y_true.rank() + 1 && ends_in_one(y_pred)) {
    if (y_true.rank() == 1) return {with_trailing_axis(y_true), y_pred};
    return {y_true, without_trailing_axis(y_pred)};
  }
  return {y_true, y_pred};
}

double classes(const Operand& y_pred) {
  return y_pred.rank() == 0 ? 1 : static_cast<double>(y_pred.variable().shape().back());
}

Operand smooth_labels(const Operand& y_true, const Operand& y_pred, double smoothing, double classes,
                      std::string_view loss) {
  if (!(smoothing >= 0 && smoothing <= 1)) {
    const std::string line = to_string(y_pred.where());
    throw ValueError(std::string(loss) + ": label_smoothing " + scalar_text(smoothing) +
                     " is outside [0, 1]" + (line.empty() ? "" : " (" + line + ")"));
  }
  if (smoothing == 0 || (!y_true.is_number() && !y_true.has_value())) return y_true;
  const DType dtype = is_floating(y_pred.dtype()) ? y_pred.dtype() : DType::float32;
  const Variable labels = y_true.is_number() || is_floating(y_true.dtype())
                              ? Variable()
                              : Variable(y_true.variable().value().cast(dtype));
  const Operand kept = labels.defined() ? Operand(labels, y_true.where()) : y_true;
  const Variable scaled = multiply(kept, 1 - smoothing);
  return Operand(add(scaled, smoothing / classes), y_true.where());
}

bool are_binary(const Operand& y_true) {
  return y_true.has_value() && dispatch(y_true.dtype(), [&]<class T>() {
           constexpr std::size_t kStretch = 4096;  // without an exit, so that compilers make vectors of it
           const std::span<const T> labels = y_true.variable().value().values<T>();
           for (std::size_t start = 0; start < labels.size(); start += kStretch) {
             int others = 0;
             for (const T label : labels.subspan(start, std::min(kStretch, labels.size() - start))) {
               others |= label == T(0) || label == T(1) ? 0 : 1;
             }
             if (others != 0) return false;
           }
           return true;
         });
}

Variable logits_of(const Operand& y_pred, bool is_activation(const Op& op, int rank)) {
  if (!y_pred.has_value()) return {};
  const Node& node = y_pred.variable().node();
  if (node.op() == nullptr || !is_activation(*node.op(), node.value().rank())) return {};
  const Edge& edge = node.inputs()[0];
  // Either may have been changed in place since: then the logits are not those of the probabilities.
  if (node.value().version() != node.version()) return {};
  return edge.node->value().version() == edge.version ? Variable(edge.node) : Variable();
}

Variable clipped_gradient(const Variable& g, const Variable& x, double low, double high) {
  return where(less(x, low), 0, where(greater(x, high), 0, g));
}

}  // namespace kernels
}  // namespace gradus
