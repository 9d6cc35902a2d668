#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/loss/logits.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/kernels/reduction/short_rows.h>
#include <gradus/ops/kernels/reduction/softmax_rows.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

// The class number of each sample. ValueError for one that is no whole number or no class.
class Labels {
 public:
  Labels(const Tensor& labels, std::int64_t classes) : labels_(labels), classes_(classes) {}

  // Calls body(sample, class) for the samples [begin, end).
  template <class Body>
  void each(const Call& call, std::int64_t begin, std::int64_t end, const Body& body) const {
    dispatch(labels_.dtype(), [&, body]<class T>() {  // a copy of it, that what it refers to is read once
      const T* const labels = labels_.raw<T>();
      for (std::int64_t sample = begin; sample < end; ++sample) {
        const T label = labels[sample];
        if (!is_class(label)) refuse(call, sample, static_cast<double>(label));
        body(sample, static_cast<std::int64_t>(label));
      }
    });
  }

 private:
  template <class T>
  bool is_class(T label) const {
    if constexpr (std::is_floating_point_v<T>) {
      const auto value = static_cast<double>(label);
      return value >= 0 && value < static_cast<double>(classes_) && value == std::floor(value);
    } else {
      const auto value = static_cast<std::int64_t>(label);
      return value >= 0 && value < classes_;
    }
  }
  [[noreturn]] void refuse(const Call& call, std::int64_t sample, double label) const {
    throw call.value_error("the label of sample " + std::to_string(sample) + " is " +
                           to_string(Tensor::scalar(label, DType::float64)) +
                           ", not one of the classes 0 to " + std::to_string(classes_ - 1));
  }

  const Tensor& labels_;
  std::int64_t classes_;
};

class SparseCategoricalCrossentropy : public kernels::LossOp {
 public:
  std::string_view name() const override { return "sparse_categorical_crossentropy"; }
  DType operand_dtype(const Call& call, std::size_t i) const override {
    return i == 0 ? call.dtype(0) : call.common_floating_dtype(1, 2);
  }
  Shape infer_shape(const Call& call) const override {
    const Shape &labels = call.shape(0), &y_pred = call.shape(1);
    if (y_pred.rank() == 0) throw call.shape_error("needs an axis of classes");
    const std::span samples(y_pred.begin(), y_pred.end() - 1);
    if (!std::ranges::equal(labels, samples)) {
      throw call.shape_error("needs one label a sample, of shape " + to_string(Dims(samples)));
    }
    return labels;
  }

 protected:
  // The labels as rows of zeros with a one, a constant.
  static Variable one_hot(const Backward& b) {
    const Tensor& y_pred = b.input_value(1);
    Tensor rows = Tensor::zeros(y_pred.shape(), y_pred.dtype());
    const Tensor labels = b.input_value(0);
    dispatch_floating(rows.dtype(), [&]<class T>() {
      dispatch(labels.dtype(), [&]<class L>() {
        T* row = rows.raw<T>();
        for (std::int64_t i = 0; i < labels.size(); ++i, row += y_pred.shape().back()) {
          row[static_cast<std::int64_t>(labels.raw<L>()[i])] = 1;
        }
      });
    });
    return Variable(std::move(rows));
  }
};

// y = logsumexp(z) - z[label]
class FromLogits : public SparseCategoricalCrossentropy {
 public:
  OpAttributes attributes() const override { return {{"from_logits", "true"}}; }

  void forward(Forward& forward) const override {
    const std::int64_t n = forward.shape(1).back();
    const Labels labels(forward.value(0), n);
    Tensor softmax;
    if (kernels::are_short(n) && forward.recorded()) {
      softmax = Tensor::empty(forward.shape(1), forward.output_dtype());
    }
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T* logits = forward.value(1).raw<T>();
      T* values = forward.output().raw<T>();
      parallel_for(forward.output().size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        if (kernels::are_short(n)) {
          kernels::ShortPowers<T> powers;
          return kernels::each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t rows) {
            powers.set(logits + first * n, rows, n);
            if (softmax.defined()) powers.shares(rows, n, softmax.raw<T>() + first * n);
            powers.take_logs(rows);
            labels.each(forward, first, first + rows, [&](std::int64_t row, std::int64_t label) {
              const auto i = static_cast<std::size_t>(row - first);
              values[row] = powers.sums[i] -
                            powers.below[i * static_cast<std::size_t>(n) + static_cast<std::size_t>(label)];
            });
          });
        }
        labels.each(forward, begin, end, [&](std::int64_t row, std::int64_t label) {
          const T* z = logits + row * n;
          const T max = kernels::largest(z, n);
          values[row] = kernels::log_sum_above(z, max, n) - (z[label] - max);
        });
      });
    });
    if (softmax.defined()) forward.save(std::move(softmax));
  }

  // dz = g (softmax(z) - one_hot(label))
  void vjp(Backward& b) const override {
    if (b.needs(0)) b.give(0, Tensor::zeros(b.shape(0), b.input(0).dtype()));  // labels are whole numbers
    if (!b.needs(1)) return;
    if (b.create_graph()) {
      return b.give(1, multiply(row_gradient(b), subtract(gradus::softmax(b.input(1)), one_hot(b))));
    }
    const Tensor &labels = b.input_value(0), &logits = b.input_value(1), &g = b.gradient_value();
    Tensor dz = Tensor::empty(logits.shape(), logits.dtype());
    const std::int64_t n = logits.shape().back();
    dispatch_floating(logits.dtype(), [&]<class T>() {
      if (kernels::are_short(n)) return short_slopes(labels, b.saved(0).raw<T>(), g.raw<T>(), dz.raw<T>(), n);
      kernels::softmax_rows(logits.raw<T>(), dz.raw<T>(), g.size(), n);
      slopes(labels, g.raw<T>(), dz.raw<T>(), n);
    });
    b.give(1, std::move(dz));
  }

 private:
  // Of the softmax in dz.
  template <class T>
  static void slopes(const Tensor& labels, const T* g, T* dz, std::int64_t n) {
    dispatch(labels.dtype(), [&]<class L>() {
      parallel_for(labels.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          T* dz_row = dz + row * n;
          dz_row[static_cast<std::int64_t>(labels.raw<L>()[row])] -= 1;
          const T factor = g[row];
          for (std::int64_t i = 0; i < n; ++i) dz_row[i] *= factor;
        }
      });
    });
  }

  // The same for short rows; see Note [Short rows].
  template <class T>
  static void short_slopes(const Tensor& labels, const T* softmax, const T* g, T* dz, std::int64_t n) {
    const auto product = [](kernels::Vector<T> share, kernels::Vector<T> factor) { return share * factor; };
    dispatch(labels.dtype(), [&]<class L>() {
      const L* label = labels.raw<L>();
      parallel_for(labels.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        alignas(64) kernels::ShortBlock<T> factors;
        kernels::each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t rows) {
          kernels::repeat_rows(g + first, rows, n, factors.data());
          kernels::each_vector(rows * n, dz + first * n, product, softmax + first * n, factors.data());
          for (std::int64_t row = first; row < first + rows; ++row) {
            dz[row * n + static_cast<std::int64_t>(label[row])] -= g[row];
          }
        });
      });
    });
  }
};

// y = -log clip(p[label] / sum(p))
class FromProbabilities : public SparseCategoricalCrossentropy {
  static constexpr double kLow = kernels::kEpsilon, kHigh = 1 - kernels::kEpsilon;

 public:
  void forward(Forward& forward) const override {
    const std::int64_t n = forward.shape(1).back();
    const Labels labels(forward.value(0), n);
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T* p = forward.value(1).raw<T>();
      T* values = forward.output().raw<T>();
      parallel_for(forward.output().size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        row_sums(p, begin, end, n, values);
        labels.each(forward, begin, end, [&](std::int64_t row, std::int64_t label) {
          values[row] = p[row * n + label] / values[row];
        });
        kernels::each_vector(
            end - begin, values + begin,
            [](kernels::Vector<T> share) { return -log(clip(share, kLow, kHigh)); },
            static_cast<const T*>(values + begin));
      });
    });
  }

  // As categorical_crossentropy with a one-hot row.
  void vjp(Backward& b) const override {
    if (b.needs(0)) b.give(0, Tensor::zeros(b.shape(0), b.input(0).dtype()));  // labels are whole numbers
    if (!b.needs(1)) return;
    if (!b.create_graph()) {
      return b.give(1, slope(b.input_value(0), b.input_value(1), b.gradient_value()));
    }
    const Variable chosen = one_hot(b), p = b.input(1);
    const Variable total = sum(p, {.axis = -1, .keepdims = true});
    const Variable share = divide(p, total), q = clip(share, kLow, kHigh);
    const Variable dq =
        kernels::clipped_gradient(negative(divide(multiply(row_gradient(b), chosen), q)), share, kLow, kHigh);
    const Variable along = sum(multiply(dq, share), {.axis = -1, .keepdims = true});
    b.give(1, divide(subtract(dq, along), total));
  }

 private:
  // The sums of the rows [begin, end), to sums[begin] and what follows.
  template <class T>
  static void row_sums(const T* p, std::int64_t begin, std::int64_t end, std::int64_t n, T* sums) {
    if (kernels::are_short(n)) return kernels::sum_rows(p + begin * n, end - begin, n, sums + begin);
    for (std::int64_t row = begin; row < end; ++row) {
      sums[row] = static_cast<T>(kernels::sum_of_vectors<T>(
          n, [](kernels::Vector<T> v) { return v; }, p + row * n));
    }
  }

  // dp = g / sum(p), less g / p[label] at the label; 0 where q was clipped.
  static Tensor slope(const Tensor& labels, const Tensor& y_pred, const Tensor& g) {
    Tensor dp = Tensor::empty(y_pred.shape(), y_pred.dtype());
    const std::int64_t n = y_pred.shape().back();
    dispatch_floating(y_pred.dtype(), [&]<class T>() {
      const T low = static_cast<T>(kLow), high = static_cast<T>(kHigh);
      const T* p = y_pred.raw<T>();
      T* out = dp.raw<T>();
      Tensor totals = Tensor::empty(g.shape(), g.dtype());
      dispatch(labels.dtype(), [&]<class L>() {
        parallel_for(g.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
          row_sums(p, begin, end, n, totals.raw<T>());
          for (std::int64_t row = begin; row < end; ++row) {
            const std::int64_t at = row * n + static_cast<std::int64_t>(labels.raw<L>()[row]);
            const T total = totals.raw<T>()[row], share = p[at] / total;
            const bool clipped = share < low || share > high;
            const T factor = clipped ? T(0) : g.raw<T>()[row];
            std::fill_n(out + row * n, n, factor / total);
            out[at] = clipped ? T(0) : (factor - factor / share) / total;
          }
        });
      });
    });
    return dp;
  }
};

}  // namespace

Variable sparse_categorical_crossentropy(const Operand& y_true, const Operand& y_pred,
                                         SparseCrossentropyOptions options) {
  const auto& from_logits = Op::lasting<FromLogits>();
  const auto& from_probabilities = Op::lasting<FromProbabilities>();
  const Variable logits =
      options.from_logits ? Variable() : kernels::logits_of(y_pred, kernels::is_softmax_of_rows);
  const Operand predictions = logits.defined() ? Operand(logits, y_pred.where()) : y_pred;
  const bool direct = options.from_logits || logits.defined();
  Operand labels = y_true;
  if (!y_true.is_number() && y_true.rank() == y_pred.rank() && y_true.rank() > 0 &&
      y_true.variable().shape().back() == 1) {
    const Shape& shape = y_true.variable().shape();
    labels =
        Operand(Variable(y_true.variable().value().reshape(Dims(std::span(shape.begin(), shape.end() - 1)))),
                y_true.where());
  }
  return kernels::reduced_loss(direct ? from_logits : from_probabilities, labels, predictions,
                               options.reduction, options.sample_weight, y_pred);
}

namespace records {

OpInfo sparse_categorical_crossentropy() {
  using Options = SparseCrossentropyOptions;
  const auto of = [](const Shape& labels, const Shape& y_pred, const Options& options,
                     const std::string& arguments = "") -> record::Case {
    const std::int64_t classes = y_pred.rank() == 0 ? 1 : y_pred.back();
    return {
        options.from_logits ? "from_logits = true" + (arguments.empty() ? "" : ", " + arguments) : arguments,
        {labels, y_pred},
        [=](std::span<const Variable> x) {
          return gradus::sparse_categorical_crossentropy(x[0], x[1], options);
        },
        {record::integers(0, classes), options.from_logits ? record::uniform() : record::uniform(0.1, 1)}};
  };
  const auto labelled = [=](Tensor labels, bool from_logits = false) {
    record::Case one = of(labels.shape(), {2, 3}, {.from_logits = from_logits});
    one.draws = {record::constant(std::move(labels))};
    return one;
  };
  return record::cases(
      {.signature = "(y_true, y_pred, {.from_logits, .reduction, .sample_weight})",
       .formula = "logsumexp(z) - z[label] for logits z; -log clip(p[label] / sum(p)) for probabilities p",
       .gradient = "dz = g (softmax(z) - one_hot(label))",
       .shapes = "labels [..], [.., classes] -> a value a sample [..], reduced",
       .kinks = "clipped probabilities: the gradient is 0 beyond [1e-7, 1 - 1e-7]",
       .flops = [](const OpSample& sample,
                   const Tensor& /*result*/) { return 16 * static_cast<double>(sample.inputs[1].size()); }},
      [=](std::int64_t n) {
        std::vector<record::Case> result;
        for (const bool logits : {true, false}) {
          result.push_back(of({n}, {n, n}, {.from_logits = logits}));
          result.push_back(
              of({n}, {n, 3}, {.from_logits = logits, .reduction = "none"}, "reduction = 'none'"));
          result.push_back(
              of({n, 1}, {n, 3}, {.from_logits = logits, .reduction = "sum"}, "reduction = 'sum'"));
          result.push_back(of({2, n}, {2, n, 3}, {.from_logits = logits}));
          result.push_back(of({}, {4}, {.from_logits = logits}));
          result.push_back(of({3}, {3, 2}, {.from_logits = logits, .sample_weight = {0.25F, 1, 0.5F}},
                              "sample_weight = [0.25, 1, 0.5]"));
          result.push_back(of({0}, {0, 3}, {.from_logits = logits, .reduction = "sum"}, "reduction = 'sum'"));
        }
        return result;
      },
      {{"the label of sample 1 is 3.0, not one of the classes 0 to 2",
        labelled(Tensor({0, 3}, DType::int64))},
       {"the label of sample 0 is -1.0, not one of the classes 0 to 2",
        labelled(Tensor({-1, 2}, DType::int64), true)},
       {"the label of sample 0 is 1.5, not one of the classes 0 to 2", labelled(Tensor({1.5, 2}))},
       {"the label of sample 1 is nan, not one of the classes 0 to 2", labelled(Tensor({1.0, NAN}))},
       {"needs one label a sample, of shape [2]: y_true is [3], y_pred is [2, 3]", of({3}, {2, 3}, {})},
       {"needs an axis of classes: y_true is [], y_pred is []", of({}, {}, {})}});
}

}  // namespace records

}  // namespace gradus
