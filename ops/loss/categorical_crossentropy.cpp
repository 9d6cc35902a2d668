#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/logits.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/kernels/reduction/short_rows.h>
#include <gradus/ops/kernels/reduction/softmax_rows.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

class CategoricalCrossentropy : public kernels::LossOp {
 public:
  std::string_view name() const override { return "categorical_crossentropy"; }
  Shape infer_shape(const Call& call) const override {
    if (call.shape(1).rank() == 0) throw call.shape_error("needs an axis of classes");
    return LossOp::infer_shape(call);
  }
};

// y = sum(y_true (logsumexp(z) - z)); a class of label 0 adds nothing, even at z = -inf. Where the softmax of
// the logits is known already it is not computed again.
class FromLogits : public CategoricalCrossentropy {
 public:
  explicit FromLogits(Tensor probabilities = {})
      : probabilities_(std::move(probabilities)), version_(probabilities_.version()) {}
  OpAttributes attributes() const override { return {{"from_logits", "true"}}; }

  void forward(Forward& forward) const override {
    const std::int64_t width = forward.shape(1).back();
    Tensor softmax;
    if (kernels::are_short(width) && forward.recorded() && !known()) {
      softmax = Tensor::empty(forward.shape(1), forward.output_dtype());
    }
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      using V = kernels::Vector<T>;
      const auto value = [](V t, V below, V log_sum) { return where(t != 0, t * (log_sum - below), 0); };
      if (kernels::are_short(width)) {
        const T *labels = forward.value(0).raw<T>(), *logits = forward.value(1).raw<T>();
        T* values = forward.output().raw<T>();
        return parallel_for(
            forward.output().size(), kernels::row_grain(width), [&](std::int64_t begin, std::int64_t end) {
              kernels::ShortPowers<T> powers;
              alignas(64) kernels::ShortBlock<T> block;
              kernels::each_short_block(begin, end, width, [&](std::int64_t first, std::int64_t rows) {
                powers.set(logits + first * width, rows, width);
                if (softmax.defined()) powers.shares(rows, width, softmax.raw<T>() + first * width);
                powers.take_logs(rows);
                kernels::repeat_rows(powers.sums.data(), rows, width, powers.powers.data());
                kernels::each_vector(rows * width, block.data(), value, labels + first * width,
                                     powers.below.data(), powers.powers.data());
                kernels::sum_rows(block.data(), rows, width, values + first);
              });
            });
      }
      const T* p = known() ? probabilities_.raw<T>() : nullptr;
      kernels::each_row<T>(forward, [&](const T* label, const T* logit, std::int64_t n) {
        if (n == 0) return T(0);
        const T max = kernels::largest(logit, n);
        // The largest z has the probability 1 / sum(e^(z - max)).
        const T log_sum = p == nullptr
                              ? kernels::log_sum_above(logit, max, n)
                              : -std::log(kernels::largest(p + (logit - forward.value(1).raw<T>()), n));
        return static_cast<T>(kernels::sum_of_vectors<T>(
            n, [=](V t, V z) { return value(t, z - max, log_sum); }, label, logit));
      });
    });
    if (softmax.defined()) forward.save(std::move(softmax));
  }

  // dz = g (softmax(z) sum(y_true) - y_true)
  void vjp(Backward& b) const override {
    if (b.needs(0)) b.give(0, multiply(row_gradient(b), negative(log_softmax(b.input(1)))));
    if (!b.needs(1)) return;
    if (!b.create_graph()) {
      const Tensor &y_true = b.input_value(0), &logits = b.input_value(1), &g = b.gradient_value();
      const bool short_rows = kernels::are_short(width(logits.shape()));
      return b.give(1, short_rows
                           ? short_slope(y_true, b.saved_count() != 0 ? b.saved(0) : softmax_of(logits), g)
                           : slope(y_true, logits, g));
    }
    const Variable labels = b.input(0);
    const Variable expected = multiply(softmax(b.input(1)), sum(labels, {.axis = -1, .keepdims = true}));
    b.give(1, multiply(row_gradient(b), subtract(expected, labels)));
  }

 private:
  bool known() const { return probabilities_.defined() && probabilities_.version() == version_; }

  // See Note [Short rows].
  static Tensor short_slope(const Tensor& y_true, const Tensor& softmax, const Tensor& g) {
    Tensor dz = Tensor::empty(softmax.shape(), softmax.dtype());
    const std::int64_t n = width(softmax.shape());
    dispatch_floating(softmax.dtype(), [&]<class T>() {
      using V = kernels::Vector<T>;
      const auto rule = [](V p, V label, V share, V factor) { return p * share - label * factor; };
      parallel_for(g.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        alignas(64) kernels::ShortBlock<T> totals, shares, repeated;
        kernels::each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t rows) {
          const std::int64_t at = first * n;
          const T *labels = y_true.raw<T>() + at, *factors = g.raw<T>() + first;
          kernels::sum_rows(labels, rows, n, totals.data());
          for (std::int64_t i = 0; i < rows; ++i) totals[static_cast<std::size_t>(i)] *= factors[i];
          kernels::repeat_rows(totals.data(), rows, n, shares.data());
          kernels::repeat_rows(factors, rows, n, repeated.data());
          kernels::each_vector(rows * n, dz.raw<T>() + at, rule, softmax.raw<T>() + at, labels, shares.data(),
                               repeated.data());
        });
      });
    });
    return dz;
  }

  Tensor softmax_of(const Tensor& logits) const {
    if (known()) return probabilities_;
    Tensor result = Tensor::empty(logits.shape(), logits.dtype());
    const std::int64_t n = width(logits.shape());
    dispatch_floating(logits.dtype(), [&]<class T>() {
      kernels::softmax_rows(logits.raw<T>(), result.raw<T>(), n == 0 ? 0 : logits.size() / n, n);
    });
    return result;
  }

  Tensor slope(const Tensor& y_true, const Tensor& logits, const Tensor& g) const {
    const Tensor p = softmax_of(logits);
    // What was made here may be written over.
    Tensor dz = p.buffer()->unique() ? p : Tensor::empty(logits.shape(), logits.dtype());
    const std::int64_t n = width(logits.shape());
    dispatch_floating(logits.dtype(), [&]<class T>() {
      using V = kernels::Vector<T>;
      parallel_for(g.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          const T* label = y_true.raw<T>() + row * n;
          const T* share = p.raw<T>() + row * n;
          const T total = static_cast<T>(kernels::sum_of_vectors<T>(
              n, [](V t) { return t; }, label));
          const T factor = g.raw<T>()[row];
          T* out = dz.raw<T>() + row * n;
          for (std::int64_t i = 0; i < n; ++i) out[i] = factor * (share[i] * total - label[i]);
        }
      });
    });
    return dz;
  }

  Tensor probabilities_;
  std::uint32_t version_;
};

// y = -sum(y_true log q), q = clip(p / sum(p)).
class FromProbabilities : public CategoricalCrossentropy {
  static constexpr double kLow = kernels::kEpsilon, kHigh = 1 - kernels::kEpsilon;

 public:
  void forward(Forward& forward) const override {
    const std::int64_t width = forward.shape(1).back();
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      using V = kernels::Vector<T>;
      const auto value = [](V t, V p, V total) { return -t * log(clip(p / total, kLow, kHigh)); };
      if (kernels::are_short(width)) {
        const T *labels = forward.value(0).raw<T>(), *p = forward.value(1).raw<T>();
        T* values = forward.output().raw<T>();
        return parallel_for(
            forward.output().size(), kernels::row_grain(width), [&](std::int64_t begin, std::int64_t end) {
              alignas(64) kernels::ShortBlock<T> sums, totals, block;
              kernels::each_short_block(begin, end, width, [&](std::int64_t first, std::int64_t rows) {
                const std::int64_t at = first * width;
                kernels::sum_rows(p + at, rows, width, sums.data());
                kernels::repeat_rows(sums.data(), rows, width, totals.data());
                kernels::each_vector(rows * width, block.data(), value, labels + at, p + at, totals.data());
                kernels::sum_rows(block.data(), rows, width, values + first);
              });
            });
      }
      kernels::each_row<T>(forward, [&](const T* label, const T* p, std::int64_t n) {
        const V total = static_cast<T>(kernels::sum_of_vectors<T>(
            n, [](V v) { return v; }, p));
        return static_cast<T>(kernels::sum_of_vectors<T>(
            n, [&](V t, V v) { return value(t, v, total); }, label, p));
      });
    });
  }

  // dq = -g y_true / q where q was not clipped, else 0; dp = (dq - sum(dq q)) / sum(p)
  void vjp(Backward& b) const override {
    if (!b.create_graph() && !b.needs(0)) {
      return b.give(1, slope(b.input_value(0), b.input_value(1), b.gradient_value()));
    }
    const Variable labels = b.input(0), p = b.input(1), g = row_gradient(b);
    const Variable total = sum(p, {.axis = -1, .keepdims = true});
    const Variable share = divide(p, total), q = clip(share, kLow, kHigh);
    if (b.needs(0)) b.give(0, multiply(g, negative(log(q))));
    if (!b.needs(1)) return;
    const Variable dq =
        kernels::clipped_gradient(negative(divide(multiply(g, labels), q)), share, kLow, kHigh);
    const Variable along = sum(multiply(dq, share), {.axis = -1, .keepdims = true});
    b.give(1, divide(subtract(dq, along), total));
  }

 private:
  static Tensor slope(const Tensor& y_true, const Tensor& y_pred, const Tensor& g) {
    Tensor result = Tensor::empty(y_pred.shape(), y_pred.dtype());
    const std::int64_t n = width(y_pred.shape());
    dispatch_floating(y_pred.dtype(), [&]<class T>() {
      const T *labels = y_true.raw<T>(), *p = y_pred.raw<T>(), *factors = g.raw<T>();
      T* out = result.raw<T>();
      parallel_for(g.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        if (kernels::are_short(n)) return short_slopes(labels, p, factors, out, begin, end, n);
        for (std::int64_t row = begin; row < end; ++row) {
          row_slope(labels + row * n, p + row * n, factors[row], out + row * n, n);
        }
      });
    });
    return result;
  }

  // -y_true / q, or 0.
  template <class V>
  static V by_share(V t, V share) {
    using T = typename V::Scalar;
    const V q = clip(share, kLow, kHigh);
    return where(share < static_cast<T>(kLow) || share > static_cast<T>(kHigh), 0, -t / q);
  }
  template <class T>
  static void row_slope(const T* label, const T* p, T g, T* out, std::int64_t n) {
    using V = kernels::Vector<T>;
    const V total = static_cast<T>(kernels::sum_of_vectors<T>(
        n, [](V v) { return v; }, p));
    const V along = static_cast<T>(kernels::sum_of_vectors<T>(
        n, [&](V t, V v) { return by_share(t, v / total) * (v / total); }, label, p));
    const V factor = g / total;
    kernels::each_vector(
        n, out, [&](V t, V v) { return (by_share(t, v / total) - along) * factor; }, label, p);
  }
  // The same for the rows [begin, end); see Note [Short rows].
  template <class T>
  static void short_slopes(const T* labels, const T* p, const T* g, T* out, std::int64_t begin,
                           std::int64_t end, std::int64_t n) {
    using V = kernels::Vector<T>;
    alignas(64) kernels::ShortBlock<T> sums, totals, slopes, block, along;
    kernels::each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t rows) {
      const std::int64_t at = first * n, count = rows * n;
      kernels::sum_rows(p + at, rows, n, sums.data());
      kernels::repeat_rows(sums.data(), rows, n, totals.data());
      const auto slope = [](V t, V v, V total) { return by_share(t, v / total); };
      kernels::each_vector(count, slopes.data(), slope, labels + at, p + at, totals.data());
      const auto product = [](V s, V v, V total) { return s * (v / total); };
      kernels::each_vector(count, block.data(), product, slopes.data(), p + at, totals.data());
      kernels::sum_rows(block.data(), rows, n, along.data());
      kernels::repeat_rows(along.data(), rows, n, block.data());
      for (std::int64_t i = 0; i < rows; ++i)
        along[static_cast<std::size_t>(i)] = g[first + i] / sums[static_cast<std::size_t>(i)];
      kernels::repeat_rows(along.data(), rows, n, totals.data());
      const auto result = [](V s, V a, V factor) { return (s - a) * factor; };
      kernels::each_vector(count, out + at, result, slopes.data(), block.data(), totals.data());
    });
  }
};

}  // namespace

Variable categorical_crossentropy(const Operand& y_true, const Operand& y_pred, CrossentropyOptions options) {
  const auto& from_logits = Op::lasting<FromLogits>();
  const auto& from_probabilities = Op::lasting<FromProbabilities>();
  const Variable logits =
      options.from_logits ? Variable() : kernels::logits_of(y_pred, kernels::is_softmax_of_rows);
  const auto [targets, predictions] =
      kernels::align_ranks(y_true, logits.defined() ? Operand(logits, y_pred.where()) : y_pred);
  const Operand labels = kernels::smooth_labels(targets, predictions, options.label_smoothing,
                                                kernels::classes(predictions), from_logits->name());
  const bool direct = options.from_logits || logits.defined();
  // Only where ranks were not brought together first do the probabilities stand as the logits do.
  const bool known = logits.defined() && predictions.variable().shape() == y_pred.variable().shape();
  const Ref<const Op> op = known    ? Ref<const Op>::adopt(new FromLogits(y_pred.variable().value()))
                           : direct ? from_logits
                                    : from_probabilities;
  return kernels::reduced_loss(op, labels, predictions, options.reduction, options.sample_weight, y_pred);
}

namespace records {

OpInfo categorical_crossentropy() {
  const auto with = [](CrossentropyOptions options) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      CrossentropyOptions all = options;
      all.reduction = reduction;
      all.sample_weight = weight;
      return gradus::categorical_crossentropy(y_true, y_pred, all);
    };
  };
  const auto positive = record::uniform(0.1, 1);
  return record::loss(
      {{"from_logits = true", with({.from_logits = true}), positive},
       {"", with({}), positive, positive},
       {"label_smoothing = 0.2", with({.label_smoothing = 0.2}), positive, positive}},
      {.signature = "(y_true, y_pred, {.from_logits, .label_smoothing, .reduction, .sample_weight})",
       .formula = "sum(y_true (logsumexp(z) - z)) for logits z; -sum(y_true log clip(p / sum(p))) for "
                  "probabilities p",
       .gradient = "dz = g (softmax(z) sum(y_true) - y_true)",
       .shapes = "[.., classes], same -> a value a sample [..], reduced",
       .kinks = "clipped probabilities: the gradient is 0 beyond [1e-7, 1 - 1e-7]",
       .flops = record::per_input(16),
       .errors = {{"label_smoothing 1.5 is outside [0, 1]",
                   {Tensor::ones({2, 2}), Tensor::ones({2, 2})},
                   [](std::span<const Variable> x) {
                     return gradus::categorical_crossentropy(x[0], x[1], {.label_smoothing = 1.5});
                   }}}});
}

}  // namespace records

}  // namespace gradus
