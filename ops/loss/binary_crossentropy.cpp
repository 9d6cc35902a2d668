#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/loss/logits.h>
#include <gradus/ops/kernels/loss/loss_op.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

class BinaryCrossentropy : public kernels::LossOp {
 public:
  std::string_view name() const override { return "binary_crossentropy"; }

 protected:
  // The gradient of one value of a sample: the mean divides by their number.
  static Variable value_gradient(const Backward& b) {
    return multiply(row_gradient(b), 1.0 / static_cast<double>(width(b.shape(1))));
  }
};

// y = mean(max(z, 0) - z y_true + log(1 + e^-|z|)), which neither overflows nor loses digits.
class FromLogits : public BinaryCrossentropy {
 public:
  OpAttributes attributes() const override { return {{"from_logits", "true"}}; }

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      kernels::each_row<T>(forward, [](const T* label, const T* logit, std::int64_t n) {
        T total = 0;
        for (std::int64_t i = 0; i < n; ++i) {
          const T z = logit[i];
          total += std::max(z, T(0)) - z * label[i] + std::log1p(std::exp(-std::abs(z)));
        }
        return total / static_cast<T>(n);
      });
    });
  }

  // dz = g (sigmoid(z) - y_true) / n, dy_true = -g z / n
  void vjp(Backward& b) const override {
    const Variable g = value_gradient(b);
    if (b.needs(0)) b.give(0, negative(multiply(g, b.input(1))));
    if (b.needs(1)) b.give(1, multiply(g, subtract(sigmoid(b.input(1)), b.input(0))));
  }
};

// y = mean(-y_true log q - (1 - y_true) log(1 - q)), q = clip(p).
class FromProbabilities : public BinaryCrossentropy {
 public:
  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T low = static_cast<T>(kernels::kEpsilon), high = static_cast<T>(1 - kernels::kEpsilon);
      kernels::each_row<T>(forward, [&](const T* label, const T* p, std::int64_t n) {
        T total = 0;
        for (std::int64_t i = 0; i < n; ++i) {
          const T q = p[i] < low ? low : p[i] > high ? high : p[i];  // NaN stays NaN
          total -= label[i] * std::log(q) + (1 - label[i]) * std::log(1 - q);
        }
        return total / static_cast<T>(n);
      });
    });
  }

  // dp = g (q - y_true) / (q (1 - q)) / n where p was not clipped, else 0
  void vjp(Backward& b) const override {
    const double low = kernels::kEpsilon, high = 1 - kernels::kEpsilon;
    const Variable g = value_gradient(b), labels = b.input(0), p = b.input(1);
    const Variable q = clip(p, low, high), rest = subtract(1, q);
    if (b.needs(0)) b.give(0, multiply(g, subtract(log(rest), log(q))));
    if (!b.needs(1)) return;
    const Variable slope = subtract(divide(subtract(1, labels), rest), divide(labels, q));
    b.give(1, kernels::clipped_gradient(multiply(g, slope), p, low, high));
  }
};

}  // namespace

Variable binary_crossentropy(const Operand& y_true, const Operand& y_pred, CrossentropyOptions options) {
  static const auto from_logits = Ref<const Op>::adopt(new FromLogits);
  static const auto from_probabilities = Ref<const Op>::adopt(new FromProbabilities);
  const Operand labels =
      kernels::smooth_labels(y_true, y_pred, options.label_smoothing, 2, from_logits->name());
  const Variable logits = options.from_logits ? Variable() : kernels::logits_of(y_pred, kernels::is_sigmoid);
  const bool direct = options.from_logits || logits.defined();
  const auto [targets, predictions] =
      kernels::align_ranks(labels, logits.defined() ? Operand(logits, y_pred.where()) : y_pred);
  return kernels::reduce_loss(apply(direct ? from_logits : from_probabilities, {targets, predictions}),
                              options.reduction, options.sample_weight, y_pred, from_logits->name());
}

namespace records {

OpInfo binary_crossentropy() {
  const auto with = [](CrossentropyOptions options) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      CrossentropyOptions all = options;
      all.reduction = reduction;
      all.sample_weight = weight;
      return gradus::binary_crossentropy(y_true, y_pred, all);
    };
  };
  const auto between = record::uniform(0.1, 0.9);
  return record::loss(
      {{"from_logits = true", with({.from_logits = true}), between},
       {"", with({}), between, between},
       {"label_smoothing = 0.2", with({.label_smoothing = 0.2}), between, between}},
      {.signature = "(y_true, y_pred, {.from_logits, .label_smoothing, .reduction, .sample_weight})",
       .formula = "mean(max(z, 0) - z y_true + log(1 + e^-|z|)) for logits z; mean(-y_true log q - "
                  "(1 - y_true) log(1 - q)), q = clip(p), for probabilities p",
       .gradient = "dz = g (sigmoid(z) - y_true) / n",
       .kinks = "clipped probabilities: the gradient is 0 beyond [1e-7, 1 - 1e-7]",
       .flops = record::per_input(30),
       .errors = {{"label_smoothing -0.1 is outside [0, 1]",
                   {Tensor::ones({2, 2}), Tensor::ones({2, 2})},
                   [](std::span<const Variable> x) {
                     return gradus::binary_crossentropy(x[0], x[1], {.label_smoothing = -0.1});
                   }}}});
}

}  // namespace records

}  // namespace gradus
