#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/loss/overlap_loss.h>

namespace gradus::kernels {

namespace {

// Over all axes: one pass for the sums, and one for a gradient.
class TotalOverlap : public ComposedLoss {
 public:
  explicit TotalOverlap(OverlapLoss& loss)
      : ComposedLoss(loss.name, std::move(loss.attributes), {}, loss.values), of_sums_(loss.of_sums) {}

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      forward.output().raw<T>()[0] = static_cast<T>(summed<T>(forward.value(0), forward.value(1)).value);
    });
  }
  void vjp(Backward& b) const override {
    if (b.create_graph()) return ComposedLoss::vjp(b);
    const Tensor &t = b.input(0).value(), &p = b.input(1).value(), &g = b.gradient().value();
    dispatch_floating(p.dtype(), [&]<class T>() {
      const OfSums loss = summed<T>(t, p);
      const double factor = g.item<double>();
      const auto give = [&](std::size_t i, const Tensor& other, double by_own) {
        if (!b.needs(i)) return;
        Tensor result = Tensor::empty(p.shape(), p.dtype());
        const Vector<T> slope = factor * loss.by_both, level = factor * by_own;
        each_vector(
            result.size(), result.raw<T>(), [=](Vector<T> v) { return slope * v + level; }, other.raw<T>());
        b.give(i, std::move(result));
      };
      give(0, p, loss.by_true);
      give(1, t, loss.by_pred);
    });
  }

 private:
  template <class T>
  OfSums summed(const Tensor& t, const Tensor& p) const {
    using V = Vector<T>;
    const auto total = [n = t.size()](const Tensor& x) {
      return sum_of_vectors<T>(
          n, [](V v) { return v; }, x.raw<T>());
    };
    const double both = sum_of_vectors<T>(
        t.size(), [](V a, V b) { return a * b; }, t.raw<T>(), p.raw<T>());
    return of_sums_(both, total(t), total(p));
  }

  std::function<OfSums(double, double, double)> of_sums_;
};

}  // namespace

Variable overlap_loss(OverlapLoss loss, const Operand& y_true, const Operand& y_pred) {
  const auto [labels, predictions] = align_ranks(y_true, y_pred);
  if (!loss.axis.empty()) loss.attributes.push_back({"axis", to_string(loss.axis)});
  Ref<const Op> op;
  if (loss.axis.empty()) {
    op = Ref<const Op>::adopt(new TotalOverlap(loss));
  } else {
    op = Ref<const Op>::adopt(new ComposedLoss(loss.name, std::move(loss.attributes), std::move(loss.axis),
                                               std::move(loss.values)));
  }
  return reduced_loss(op, labels, predictions, loss.reduction, loss.sample_weight, y_pred);
}

OpInfo overlap_record(const OverlapCall& call, OpInfo about) {
  const auto over = [=](const Shape& shape, const Axes& axis, std::string_view reduction = "none",
                        const Tensor& weight = {}) -> record::Case {
    std::string arguments = axis.empty() ? "" : "axis = " + to_string(axis) + ", ";
    arguments += "reduction = '" + std::string(reduction) + "'";
    if (weight.defined()) arguments += ", sample_weight = [0.5, 2, 0]";
    return {std::move(arguments),
            {shape, shape},
            [=, kind = Reduction(reduction)](std::span<const Variable> x) {
              return call(x[0], x[1], axis, kind, weight);
            },
            {record::uniform(0, 1), record::uniform(0, 1)}};
  };
  const auto wrong = [=](const Shape& y_true, const Shape& y_pred, const Axes& axis,
                         const Tensor& weight = {}) {
    record::Case one = over(y_true, axis, "sum", weight);
    one.shapes = {y_true, y_pred};
    one.draws = {};
    return one;
  };
  about.shapes = "[..], same -> one value, or one for each place along the other axes, reduced";
  return record::cases(
      std::move(about),
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {over({n, n}, {}, "sum_over_batch_size"),
                over({n}, {}),
                over({}, {}),
                over({n, 3}, 1),
                over({2, n, 3}, {0, -1}, "sum"),
                over({3, n, 1, 2}, {1, 2, 3}, "sum_over_batch_size", {0.5F, 2, 0}),
                over({2, 1, n, 2}, {-1}, "sum_over_batch_size"),
                over({n, 1}, 0),
                over({0, 3}, {}),
                over({0, 3}, 0)};
      },
      {{"the shapes differ, and a loss never broadcasts: y_true is [4, 3], y_pred is [4, 2]",
        wrong({4, 3}, {4, 2}, {})},
       {"axis 2 is out of range [-2, 1]: y_true is [4, 3], y_pred is [4, 3]", wrong({4, 3}, {4, 3}, 2)},
       {"axis 0 is repeated in [0, -2]: y_true is [4, 3], y_pred is [4, 3]", wrong({4, 3}, {4, 3}, {0, -2})},
       {"sample_weight is [3], the samples are []", wrong({4, 3}, {4, 3}, {}, Tensor::ones({3}))}});
}

}  // namespace gradus::kernels
