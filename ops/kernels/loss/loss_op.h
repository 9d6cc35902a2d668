#pragma once

#include <gradus/graph/apply.h>
#include <gradus/graph/backward_through.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/records.h>

#include <algorithm>

namespace gradus::kernels {

constexpr double kEpsilon = 1e-7;  // Keras's backend.epsilon(): probabilities are clipped to [1e-7, 1 - 1e-7]

// What losses of (y_true, y_pred) of one shape share: each gives one value a sample, a sample being a row of
// the last axis.
class LossOp : public Op {
 public:
  std::span<const std::string_view> operand_names() const override;
  // Labels of any type become y_pred's; float32 beside float64 stays an error.
  DType operand_dtype(const Call& call, std::size_t i) const override;
  DType infer_dtype(const Call& call) const override { return call.dtype(1); }
  Shape infer_shape(const Call& call) const override;

 protected:
  // The number of values in a sample: 1 for a scalar.
  static std::int64_t width(const Shape& shape) { return shape.rank() == 0 ? 1 : shape.back(); }
  // The gradient of the samples' values, with an axis of extent 1 for the values in a sample.
  static Variable row_gradient(const Backward& b);
};

// A loss whose values are `values`, a function made of ops: one for each place along the axes that are not
// among `axis`, all axes where that is empty. One node of the graph; its gradient runs the function again.
class ComposedLoss : public LossOp {
 public:
  ComposedLoss(std::string_view name, OpAttributes attributes, Axes axis, Function values)
      : name_(name), attributes_(std::move(attributes)), axis_(std::move(axis)), values_(std::move(values)) {}
  std::string_view name() const override { return name_; }
  OpAttributes attributes() const override { return attributes_; }
  Shape infer_shape(const Call& call) const override;
  void forward(Forward& forward) const override;
  void vjp(Backward& b) const override { backward_through(b, values_); }

 private:
  std::string_view name_;
  OpAttributes attributes_;
  Axes axis_;
  Function values_;
};

// How many samples of n values are a piece of work for a thread.
inline std::int64_t row_grain(std::int64_t n) {
  return std::max<std::int64_t>(1, (std::int64_t{1} << 15) / std::max<std::int64_t>(1, n));
}

// Calls row(y_true, y_pred, n) for each sample and stores what it returns.
template <class T, class Row>
void each_row(Forward& forward, const Row& row) {
  const std::int64_t n = forward.shape(1).rank() == 0 ? 1 : forward.shape(1).back();
  const T *y_true = forward.value(0).raw<T>(), *y_pred = forward.value(1).raw<T>();
  T* values = forward.output().raw<T>();
  parallel_for(forward.output().size(), row_grain(n), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) values[i] = row(y_true + i * n, y_pred + i * n, n);
  });
}

// y_true and y_pred with ranks that differ by one trailing axis of extent 1 brought together, as Keras does
// it.
struct Targets {
  Operand y_true;
  Operand y_pred;
};
Targets align_ranks(const Operand& y_true, const Operand& y_pred);

// The extent of the last axis; 1 for a scalar.
double classes(const Operand& y_pred);

// labels (1 - smoothing) + smoothing / classes, a share of each label spread over all; integers become
// y_pred's dtype. ValueError outside [0, 1].
Operand smooth_labels(const Operand& y_true, const Operand& y_pred, double smoothing, double classes,
                      std::string_view loss);

// Whether all labels are 0 or 1: by Keras's rule they stand for -1 and 1 in hinge losses.
bool are_binary(const Operand& y_true);

// The values that an op gives the samples, weighted and reduced; one node where there are no weights.
// `given`: what the user passed as y_pred. ShapeError unless there is one weight a sample.
Variable reduced_loss(const Ref<const Op>& loss, const Operand& y_true, const Operand& y_pred,
                      Reduction reduction, const Tensor& sample_weight, const Operand& given);

// The logits that y_pred was made from when it comes straight from an op that `is_activation` (see logits.h);
// else undefined.
Variable logits_of(const Operand& y_pred, bool is_activation(const Op& op, int rank));

// The gradient that passes through clip(x, low, high): g inside and on the bounds, else 0.
Variable clipped_gradient(const Variable& g, const Variable& x, double low, double high);

}  // namespace gradus::kernels
