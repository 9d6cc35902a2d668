#include <gradus/graph/apply.h>
#include <gradus/graph/backward_through.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>
#include <gradus/models/losses/ctc.h>
#include <gradus/models/losses/ctc_labels.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus {

namespace {

// Note [CTC]
// The states of a sample are its labels with blanks around them. alpha[t][s] is the log of the chance of all
// beginnings that are in state s at step t, its own prediction included; beta[t][s] of all ends from there
// on, its own not included. A path stays, moves on by one state, or by two over a blank between two different
// labels. It begins in one of the first two states and ends in one of the last two.

constexpr double kZero = -std::numeric_limits<double>::infinity();  // log 0

double add_logs(double a, double b) {
  const double most = std::max(a, b);
  return most == kZero ? kZero : most + std::log1p(std::exp(std::min(a, b) - most));
}

// One sample: the logs of its predictions and the sums over its paths.
class Sample {
 public:
  template <class T>
  Sample(const T* logits, std::int64_t steps, std::int64_t classes, const std::vector<std::int64_t>& states)
      : steps_(static_cast<std::size_t>(steps)),
        classes_(static_cast<std::size_t>(classes)),
        states_(states),
        logs_(logits, logits + steps * classes) {
    for (std::size_t t = 0; t < steps_; ++t) {
      const std::span row(logs_.data() + t * classes_, classes_);
      const double most = *std::max_element(row.begin(), row.end());
      double sum = 0;
      for (const double logit : row) sum += std::exp(logit - most);
      for (double& logit : row) logit -= most + std::log(sum);
    }
    const std::size_t n = states.size();
    alpha_.assign(steps_ * n, kZero);
    for (std::size_t t = 0; t < steps_; ++t) {
      double* now = alpha_.data() + t * n;
      const double* before = now - n;
      for (std::size_t s = 0; s < n; ++s) {
        double log = t == 0 ? (s < 2 ? 0 : kZero) : before[s];
        if (t > 0 && s > 0) log = add_logs(log, before[s - 1]);
        if (t > 0 && CtcLabels::may_skip(states, s)) log = add_logs(log, before[s - 2]);
        now[s] = log + prediction(t, s);
      }
    }
  }

  // The log of the chance of the labels.
  double log_chance() const {
    if (steps_ == 0) return 0;
    const std::size_t n = states_.size();
    const double* last = alpha_.data() + (steps_ - 1) * n;
    return n == 1 ? last[0] : add_logs(last[n - 1], last[n - 2]);
  }

  // The gradient by the logits, times g: softmax - (the share of the paths that are in a state of the class).
  template <class T>
  void slope(double g, T* to) const {
    const std::size_t n = states_.size();
    const double chance = log_chance();
    std::vector<double> beta(n, kZero), later(n), by_class(classes_);
    for (std::size_t t = steps_; t-- > 0;) {
      later.swap(beta);
      for (std::size_t s = 0; s < n; ++s) {
        if (t + 1 == steps_) {
          beta[s] = s + 2 >= n ? 0 : kZero;
          continue;
        }
        double log = later[s] + prediction(t + 1, s);
        if (s + 1 < n) log = add_logs(log, later[s + 1] + prediction(t + 1, s + 1));
        if (s + 2 < n && CtcLabels::may_skip(states_, s + 2)) {
          log = add_logs(log, later[s + 2] + prediction(t + 1, s + 2));
        }
        beta[s] = log;
      }
      by_class.assign(classes_, 0);
      for (std::size_t s = 0; s < n; ++s) {
        by_class[static_cast<std::size_t>(states_[s])] += std::exp(alpha_[t * n + s] + beta[s] - chance);
      }
      for (std::size_t c = 0; c < classes_; ++c) {
        to[t * classes_ + c] = static_cast<T>(g * (std::exp(logs_[t * classes_ + c]) - by_class[c]));
      }
    }
  }

 private:
  double prediction(std::size_t t, std::size_t s) const {
    return logs_[t * classes_ + static_cast<std::size_t>(states_[s])];
  }

  std::size_t steps_, classes_;
  const std::vector<std::int64_t>& states_;
  std::vector<double> logs_, alpha_;
};

// The same made of ops, for gradients that are themselves differentiated. A number stands for log 0 here: the
// gradient of infinities would be NaN.
Variable composed(const CtcLabels& labels, const Variable& logits) {
  constexpr double kNothing = -1e30;
  const std::int64_t samples = logits.shape()[0], n = labels.most_states;
  const Shape states{samples, n};
  Tensor classes = Tensor::zeros({samples, 1, n}, DType::int64);
  Tensor start = Tensor::full(states, kNothing, logits.dtype()), skip = start.clone(), end = start.clone();
  dispatch_floating(logits.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < samples; ++i) {
      const auto& own = labels.states[static_cast<std::size_t>(i)];
      for (std::size_t s = 0; s < own.size(); ++s) {
        const std::int64_t at = i * n + static_cast<std::int64_t>(s);
        classes.raw<std::int64_t>()[at] = own[s];
        if (s < 2) start.raw<T>()[at] = 0;
        if (s + 2 >= own.size()) end.raw<T>()[at] = 0;
        if (CtcLabels::may_skip(own, s)) skip.raw<T>()[at] = 0;
      }
    }
  });
  // State s of what moved on by that many states.
  const auto moved = [&](const Variable& logs, std::int64_t by) {
    const std::int64_t kept = std::max<std::int64_t>(0, n - by);
    return pad(slice(logs, {{}, {.stop = kept}}), {{}, {.before = n - kept}}, {.constant_values = kNothing});
  };
  const std::vector<Variable> predictions =
      unstack(take_along_axis(log_softmax(logits), classes, {.axis = 2}), {.axis = 1});
  if (predictions.empty()) return sum(logits, {.axis = {1, 2}});  // nothing to say and nothing said: log 1
  Variable logs;
  for (const Variable& prediction : predictions) {
    if (!logs.defined()) {
      logs = add(prediction, start);
      continue;
    }
    const Variable by_two = add(moved(logs, 2), skip);
    logs = add(prediction, logaddexp(logs, logaddexp(moved(logs, 1), by_two)));
  }
  return negative(logsumexp(add(logs, end), {.axis = 1}));
}

class CtcOp : public Op {
 public:
  explicit CtcOp(CtcLabels labels) : labels_(std::move(labels)) {}
  std::string_view name() const override { return "ctc"; }
  std::span<const std::string_view> operand_names() const override {
    static constexpr std::array<std::string_view, 1> kNames = {"y_pred"};
    return kNames;
  }
  DType operand_dtype(const Call& call, std::size_t) const override {
    return call.common_floating_dtype(0, 1);
  }
  Shape infer_shape(const Call& call) const override { return {call.shape(0)[0]}; }

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      T* values = forward.output().raw<T>();
      each<T>(forward.value(0), [&](std::int64_t i, const Sample& sample) {
        values[i] = static_cast<T>(-sample.log_chance());
      });
    });
  }

  void vjp(Backward& b) const override {
    if (b.create_graph()) {
      backward_through(b, [this](const Variable& logits) { return composed(labels_, logits); });
      return;
    }
    const Tensor &logits = b.input_value(0), &g = b.gradient_value();
    Tensor slopes = Tensor::empty(logits.shape(), logits.dtype());
    dispatch_floating(logits.dtype(), [&]<class T>() {
      const std::int64_t size = logits.shape()[1] * logits.shape()[2];
      each<T>(logits, [&](std::int64_t i, const Sample& sample) {
        sample.slope(static_cast<double>(g.raw<T>()[i]), slopes.raw<T>() + i * size);
      });
    });
    b.give(0, std::move(slopes));
  }

 private:
  template <class T, class Body>
  void each(const Tensor& logits, const Body& body) const {
    const std::int64_t steps = logits.shape()[1], classes = logits.shape()[2];
    parallel_for(logits.shape()[0], 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        body(i, Sample(logits.raw<T>() + i * steps * classes, steps, classes,
                       labels_.states[static_cast<std::size_t>(i)]));
      }
    });
  }

  CtcLabels labels_;
};

}  // namespace

CTC::CTC(LossObjectOptions options)
    : Loss(Values([](const Operand& y_true, const Operand& y_pred) {
             return LossValues{apply(CtcOp(ctc_labels(y_true, y_pred)), {y_pred})};
           }),
           options.reduction, name_or(options.name, "ctc")) {}

}  // namespace gradus
