#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/kernels/reduction/short_rows.h>
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
    const std::int64_t width = forward.shape(1).back();
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const auto value = [this](V<T> label, V<T> basis) {
        const auto [share, rest, log_q] = shares(basis);
        return where(label == 0, 0, -alpha_ * raised(rest) * log_q * label);
      };
      if (kernels::are_short(width)) {
        const T *t = forward.value(0).raw<T>(), *x = forward.value(1).raw<T>();
        T* values = forward.output().raw<T>();
        return parallel_for(
            forward.output().size(), kernels::row_grain(width), [&](std::int64_t begin, std::int64_t end) {
              Block<T> block;
              kernels::each_short_block(begin, end, width, [&](std::int64_t first, std::int64_t rows) {
                set(block, x + first * width, rows, width);
                kernels::each_vector(rows * width, block.other.data(), value, t + first * width,
                                     block.basis.data());
                kernels::sum_rows(block.other.data(), rows, width, values + first);
              });
            });
      }
      kernels::each_row<T>(forward, [&](const T* t, const T* x, std::int64_t n) {
        const Row<T> row = row_of(x, n);
        return static_cast<T>(kernels::sum_of_vectors<T>(
            n, [&](V<T> label, V<T> v) { return value(label, row(v)); }, t, x));
      });
    });
  }

  // c = -alpha t (rest^gamma - gamma rest^(gamma - 1) q log q) is the slope by log q;
  // dz = g (c - q sum(c)), and dp = g (c / q - sum(c)) / sum(p) where q was not clipped.
  void vjp(Backward& b) const override {
    if (b.create_graph() || b.needs(0) || b.shape(1).elements() == 0) return ComposedLoss::vjp(b);
    const Tensor &y_true = b.input_value(0), &y_pred = b.input_value(1), &g = b.gradient_value();
    Tensor result = Tensor::empty(y_pred.shape(), y_pred.dtype());
    const std::int64_t n = y_pred.shape().back();
    dispatch_floating(y_pred.dtype(), [&]<class T>() {
      const T *gs = g.raw<T>(), *t = y_true.raw<T>(), *x = y_pred.raw<T>();
      T* out = result.raw<T>();
      parallel_for(g.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        if (kernels::are_short(n)) return short_slopes(gs, t, x, out, begin, end, n);
        for (std::int64_t i = begin; i < end; ++i) slope(gs[i], t + i * n, x + i * n, out + i * n, n);
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
  // From log q of a logit, or from a share of probabilities.
  template <class T>
  Shares<T> shares(V<T> basis) const {
    if (logits_) return {exp(basis), maximum(-expm1(basis), 1e-30), basis};
    const V<T> q = clip(basis, kernels::kEpsilon, 1 - kernels::kEpsilon);
    return {basis, maximum(1 - q, 1e-30), log(q)};
  }
  template <class T>
  V<T> raised(V<T> rest) const {
    return gamma_ == 2 ? rest * rest : power(rest, gamma_);
  }
  template <class T>
  V<T> by_log(V<T> label, const Shares<T>& s) const {
    const V<T> lowered = gamma_ == 2 ? s.rest : power(s.rest, gamma_ - 1);
    const V<T> slope = lowered * s.rest - gamma_ * lowered * s.share * s.log_q;
    const V<T> used = where(label == 0, 0, -alpha_ * label * slope);
    if (logits_) return used;
    const T low = static_cast<T>(kernels::kEpsilon), high = static_cast<T>(1 - kernels::kEpsilon);
    return where(s.share < low || s.share > high, 0, used);
  }
  // The gradient of x where c is the slope by log q, and `sum` and `factor` are its row's.
  template <class T>
  V<T> result(V<T> c, V<T> basis, V<T> sum, V<T> factor) const {
    if (logits_) return factor * (c - exp(basis) * sum);
    return factor * (where(c == 0, 0, c / basis) - sum);
  }

  // What a value of a long row is compared with or divided by: the largest logit and the logarithm of the
  // sum, or the sum.
  template <class T>
  struct Row {
    bool logits;
    T shift, log_sum, total;
    V<T> operator()(V<T> v) const { return logits ? (v - shift) - log_sum : v / total; }
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
    const V<T> sum = static_cast<T>(kernels::sum_of_vectors<T>(
        n, [&](V<T> label, V<T> v) { return by_log(label, shares(row(v))); }, t, x));
    const V<T> factor = g / row.total;
    const auto rule = [&](V<T> label, V<T> v) {
      const V<T> basis = row(v);
      return result(by_log(label, shares(basis)), basis, sum, factor);
    };
    kernels::each_vector(n, out, rule, t, x);
  }

  // Of short rows; see Note [Short rows].
  template <class T>
  struct Block {
    kernels::ShortPowers<T> powers;
    kernels::ShortBlock<T> basis, other;
  };
  template <class T>
  void set(Block<T>& block, const T* x, std::int64_t rows, std::int64_t n) const {
    kernels::ShortPowers<T>& powers = block.powers;
    if (logits_) {
      powers.set(x, rows, n);
      powers.take_logs(rows);
      kernels::repeat_rows(powers.sums.data(), rows, n, block.other.data());
      return kernels::each_vector(
          rows * n, block.basis.data(), [](V<T> v, V<T> log_sum) { return v - log_sum; }, powers.below.data(),
          block.other.data());
    }
    kernels::sum_rows(x, rows, n, powers.sums.data());
    kernels::repeat_rows(powers.sums.data(), rows, n, block.other.data());
    kernels::each_vector(
        rows * n, block.basis.data(), [](V<T> v, V<T> total) { return v / total; }, x, block.other.data());
  }
  template <class T>
  void short_slopes(const T* g, const T* t, const T* x, T* out, std::int64_t begin, std::int64_t end,
                    std::int64_t n) const {
    Block<T> block;
    kernels::ShortBlock<T> slopes, sums, factors;
    kernels::each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t rows) {
      const std::int64_t at = first * n, count = rows * n;
      set(block, x + at, rows, n);
      kernels::each_vector(
          count, slopes.data(), [this](V<T> label, V<T> basis) { return by_log(label, shares(basis)); },
          t + at, block.basis.data());
      kernels::sum_rows(slopes.data(), rows, n, factors.data());
      kernels::repeat_rows(factors.data(), rows, n, sums.data());
      for (std::int64_t i = 0; i < rows; ++i) {
        const auto k = static_cast<std::size_t>(i);
        factors[k] = logits_ ? g[first + i] : g[first + i] / block.powers.sums[k];
      }
      kernels::repeat_rows(factors.data(), rows, n, block.other.data());
      const auto rule = [this](V<T> c, V<T> basis, V<T> sum, V<T> factor) {
        return result(c, basis, sum, factor);
      };
      kernels::each_vector(count, out + at, rule, slopes.data(), block.basis.data(), sums.data(),
                           block.other.data());
    });
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
