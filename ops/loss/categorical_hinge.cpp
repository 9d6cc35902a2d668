#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/reduction.h>

#include <algorithm>
#include <limits>

namespace gradus {

namespace {

constexpr std::string_view kName = "categorical_hinge";

Variable values(std::span<const Variable> operands) {
  const Variable &t = operands[0], &p = operands[1];
  if (p.value().size() == 0) return sum(p, {.axis = -1});  // no class, no largest value
  const Variable right = sum(t * p, {.axis = -1}), wrong = max((1 - t) * p, {.axis = -1});
  return relu(wrong - right + 1);
}

// One pass for each direction; equal largest values of the wrong classes share their gradient.
class CategoricalHinge : public kernels::ComposedLoss {
 public:
  CategoricalHinge() : ComposedLoss(kName, {}, -1, values) {}

  void forward(Forward& forward) const override {
    if (forward.shape(1).elements() == 0) return ComposedLoss::forward(forward);
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      kernels::each_row<T>(forward,
                           [](const T* t, const T* p, std::int64_t n) { return margin(t, p, n).loss; });
    });
  }
  void vjp(Backward& b) const override {
    if (b.create_graph() || b.needs(0) || b.shape(1).elements() == 0) return ComposedLoss::vjp(b);
    const Tensor &t = b.input_value(0), &p = b.input_value(1), &g = b.gradient_value();
    Tensor result = Tensor::empty(p.shape(), p.dtype());
    const std::int64_t n = width(p.shape());
    dispatch_floating(p.dtype(), [&]<class T>() {
      parallel_for(g.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          const T *labels = t.raw<T>() + row * n, *predictions = p.raw<T>() + row * n;
          slope(g.raw<T>()[row], labels, predictions, result.raw<T>() + row * n, n);
        }
      });
    });
    b.give(1, std::move(result));
  }

 private:
  template <class T>
  struct Margin {
    T wrong, loss;  // the largest (1 - t) p, and max(wrong - sum(t p) + 1, 0)
  };
  template <class T>
  static Margin<T> margin(const T* t, const T* p, std::int64_t n) {
    using V = kernels::Vector<T>;
    V most = -std::numeric_limits<T>::infinity();
    const double right = kernels::sum_of_vectors<T>(
        n,
        [&most](V label, V prediction) {
          most = maximum(most, (1 - label) * prediction);
          return label * prediction;
        },
        t, p);
    T lanes[V::kWidth];
    most.store(lanes);
    const T wrong = kernels::largest(lanes, V::kWidth);
    const T loss = wrong - static_cast<T>(right) + 1;
    return {wrong, loss < 0 ? T(0) : loss};
  }
  template <class T>
  static void slope(T g, const T* t, const T* p, T* out, std::int64_t n) {
    using V = kernels::Vector<T>;
    const Margin<T> m = margin(t, p, n);
    if (m.loss == 0) return void(std::fill_n(out, n, T(0)));
    const double ties = kernels::sum_of_vectors<T>(
        n, [&m](V label, V prediction) { return where((1 - label) * prediction == m.wrong, 1, 0); }, t, p);
    const V share = g / static_cast<T>(ties), factor = g;
    const auto rule = [&](V label, V prediction) {
      const V rest = 1 - label;
      return where(rest * prediction == m.wrong, rest * share, 0) - factor * label;
    };
    kernels::each_vector(n, out, rule, t, p);
  }
};

}  // namespace

Variable categorical_hinge(const Operand& y_true, const Operand& y_pred, LossOptions options) {
  const auto [labels, predictions] = kernels::align_ranks(y_true, y_pred);
  return kernels::reduced_loss(Op::lasting<CategoricalHinge>(), labels, predictions, options.reduction,
                               options.sample_weight, y_pred);
}

namespace records {

OpInfo categorical_hinge() {
  return record::loss(gradus::categorical_hinge,
                      {.formula = "max(max((1 - y_true) y_pred) - sum(y_true y_pred) + 1, 0)",
                       .gradient = "dy_pred = g ((1 - y_true) [largest] - y_true) where the loss is above 0",
                       .kinks = "a loss of 0: the gradient is 0; equal largest values share theirs",
                       .flops = record::per_input(5)},
                      record::uniform(0.1, 0.2), record::distinct(1));
}

}  // namespace records

}  // namespace gradus
