#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/kernels/reduction/softmax_rows.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

constexpr std::string_view kName = "categorical_focal_crossentropy";

// sum(-alpha t (1 - q)^gamma log q); a class of label 0 adds nothing, even at q = 0.
Variable focal(const Variable& t, const Variable& log_q, const Variable& rest, double alpha, double gamma) {
  const Variable unused = t == 0;  // chosen before anything is multiplied: 0 (-inf) has no gradient
  // Not quite 0, where a gamma below 1 has a pole.
  const Variable weight = power(maximum(where(unused, 1, rest), 1e-30), gamma);
  return -alpha * sum(weight * where(unused, 0, log_q) * t, {.axis = -1});
}

// The same in one pass a sample for each step, from logits or from probabilities.
class CategoricalFocal : public kernels::ComposedLoss {
 public:
  CategoricalFocal(OpAttributes attributes, Function values, CategoricalFocalOptions options)
      : ComposedLoss(kName, std::move(attributes), -1, std::move(values)),
        alpha_(options.alpha),
        gamma_(options.gamma),
        logits_(options.from_logits) {}

  void forward(Forward& forward) const override {
    if (forward.shape(1).elements() == 0) return ComposedLoss::forward(forward);
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      kernels::each_row<T>(forward, [this](const T* t, const T* x, std::int64_t n) {
        const Row<T> row = row_of(x, n);
        return static_cast<T>(kernels::sum_of_vectors<T>(
            n,
            [&](V<T> label, V<T> v) {
              const auto [share, rest, log_q] = row(v);
              return where(label == 0, 0, -alpha_ * power(rest, gamma_) * log_q * label);
            },
            t, x));
      });
    });
  }

  // c = -alpha t (rest^gamma - gamma rest^(gamma - 1) q log q) is the slope by log q;
  // dz = g (c - q sum(c)), and dp = g (c / q - sum(c)) / sum(p) where q was not clipped.
  void vjp(Backward& b) const override {
    if (b.create_graph() || b.needs(0) || b.shape(1).elements() == 0) return ComposedLoss::vjp(b);
    const Tensor &y_true = b.input(0).value(), &y_pred = b.input(1).value(), &g = b.gradient().value();
    Tensor result = Tensor::empty(y_pred.shape(), y_pred.dtype());
    const std::int64_t n = y_pred.shape().back();
    dispatch_floating(y_pred.dtype(), [&]<class T>() {
      parallel_for(g.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          slope(g.raw<T>()[i], y_true.raw<T>() + i * n, y_pred.raw<T>() + i * n, result.raw<T>() + i * n, n);
        }
      });
    });
    b.give(1, std::move(result));
  }

 private:
  template <class T>
  using V = kernels::Vector<T>;
  template <class T>
  struct Shares {
    V<T> share, rest, log_q;
  };
  // What a value is compared with or divided by: the largest logit and the logarithm of the sum, or the sum.
  template <class T>
  struct Row {
    bool logits;
    T shift, log_sum, total;
    Shares<T> operator()(V<T> v) const {
      if (logits) {
        const V<T> log_q = (v - shift) - log_sum;
        return {exp(log_q), maximum(-expm1(log_q), 1e-30), log_q};
      }
      const V<T> share = v / total, q = clip(share, kernels::kEpsilon, 1 - kernels::kEpsilon);
      return {share, maximum(1 - q, 1e-30), log(q)};
    }
  };
  template <class T>
  Row<T> row_of(const T* x, std::int64_t n) const {
    if (!logits_) {
      const double total = kernels::sum_of_vectors<T>(
          n, [](V<T> v) { return v; }, x);
      return {false, 0, 0, static_cast<T>(total)};
    }
    const T max = kernels::largest(x, n);
    return {true, max, kernels::log_sum_above(x, max, n), 1};
  }
  template <class T>
  void slope(T g, const T* t, const T* x, T* out, std::int64_t n) const {
    const Row<T> row = row_of(x, n);
    const auto by_log = [&](V<T> label, const Shares<T>& s) {
      const V<T> slope = power(s.rest, gamma_) - gamma_ * power(s.rest, gamma_ - 1) * s.share * s.log_q;
      const V<T> used = where(label == 0, 0, -alpha_ * label * slope);
      if (logits_) return used;
      const T low = static_cast<T>(kernels::kEpsilon), high = static_cast<T>(1 - kernels::kEpsilon);
      return where(s.share < low || s.share > high, 0, used);
    };
    const auto sum = static_cast<T>(kernels::sum_of_vectors<T>(
        n, [&](V<T> label, V<T> v) { return by_log(label, row(v)); }, t, x));
    const auto rule = [&](V<T> label, V<T> v) {
      const Shares<T> s = row(v);
      const V<T> c = by_log(label, s);
      if (logits_) return g * (c - s.share * sum);
      return g * (where(c == 0, 0, c / s.share) - sum) / row.total;
    };
    kernels::each_vector(n, out, rule, t, x);
  }

  double alpha_, gamma_;
  bool logits_;
};

}  // namespace

Variable categorical_focal_crossentropy(const Operand& y_true, const Operand& y_pred,
                                        CategoricalFocalOptions options) {
  const double alpha = kernels::not_negative(options.alpha, "alpha", kName, y_pred);
  const double gamma = kernels::not_negative(options.gamma, "gamma", kName, y_pred);
  const auto [targets, predictions] = kernels::align_ranks(y_true, y_pred);
  const Operand labels = kernels::smooth_labels(targets, predictions, options.label_smoothing,
                                                kernels::classes(predictions), kName);
  const auto from_logits = [=](std::span<const Variable> operands) {
    const Variable log_q = log_softmax(operands[1]);
    return focal(operands[0], log_q, -expm1(log_q), alpha, gamma);
  };
  const auto from_probabilities = [=](std::span<const Variable> operands) {
    const Variable &p = operands[1], share = p / sum(p, {.axis = -1, .keepdims = true});
    const Variable q = clip(share, kernels::kEpsilon, 1 - kernels::kEpsilon);
    return focal(operands[0], log(q), 1 - q, alpha, gamma);
  };
  OpAttributes attributes = {{"alpha", scalar_text(alpha)}, {"gamma", scalar_text(gamma)}};
  if (options.from_logits) attributes.push_back({"from_logits", "true"});
  const auto op = Ref<const Op>::adopt(new CategoricalFocal(
      std::move(attributes), options.from_logits ? Function(from_logits) : from_probabilities, options));
  return kernels::reduced_loss(op, labels, predictions, options.reduction, options.sample_weight, y_pred);
}

namespace records {

OpInfo categorical_focal_crossentropy() {
  const auto with = [](CategoricalFocalOptions options) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      CategoricalFocalOptions all = options;
      all.reduction = reduction;
      all.sample_weight = weight;
      return gradus::categorical_focal_crossentropy(y_true, y_pred, all);
    };
  };
  const auto wrong = [=](const std::string& message, const CategoricalFocalOptions& options) -> OpError {
    return {message, {Tensor::ones({2, 2}), Tensor::ones({2, 2})}, [=](std::span<const Variable> x) {
              return gradus::categorical_focal_crossentropy(x[0], x[1], options);
            }};
  };
  const auto positive = record::uniform(0.2, 1);
  return record::loss(
      {{"", with({}), positive, positive},
       {"from_logits = true", with({.from_logits = true}), positive},
       {"alpha = 0.6, gamma = 1.5", with({.alpha = 0.6, .gamma = 1.5}), positive, positive},
       {"gamma = 3, from_logits = true, label_smoothing = 0.2",
        with({.gamma = 3, .from_logits = true, .label_smoothing = 0.2}), positive}},
      {.signature = "(y_true, y_pred, {.alpha, .gamma, .from_logits, .label_smoothing, .reduction, "
                    ".sample_weight})",
       .formula = "sum(-alpha y_true (1 - q)^gamma log q), q = softmax(z) for logits z, clip(p / sum(p)) for "
                  "probabilities p",
       .gradient = "dq = g alpha y_true (gamma (1 - q)^(gamma - 1) log q - (1 - q)^gamma / q)",
       .shapes = "[.., classes], same -> a value a sample [..], reduced",
       .kinks = "clipped probabilities: the gradient is 0 beyond [1e-7, 1 - 1e-7]",
       .flops = record::per_input(50),
       .errors = {wrong("alpha must be finite and not negative: it is inf", {.alpha = INFINITY}),
                  wrong("gamma must be finite and not negative: it is -2.0", {.gamma = -2}),
                  wrong("label_smoothing -1.0 is outside [0, 1]", {.label_smoothing = -1})}});
}

}  // namespace records

}  // namespace gradus
