#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/loss/overlap_loss.h>

#include <algorithm>
#include <array>

namespace gradus::kernels {

namespace {

// Over all axes: one pass for the sums, and one for a gradient.
class TotalOverlap : public ComposedLoss {
 public:
  explicit TotalOverlap(OverlapLoss& loss)
      : ComposedLoss(loss.name, std::move(loss.attributes), {}, loss.values), of_sums_(loss.of_sums) {}

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      Tensor sums = summed<T>(forward.value(0), forward.value(1));
      forward.output().raw<T>()[0] = static_cast<T>(of(sums).value);
      forward.save(std::move(sums));
    });
  }
  void vjp(Backward& b) const override {
    if (b.create_graph()) return ComposedLoss::vjp(b);
    const Tensor &t = b.input_value(0), &p = b.input_value(1), &g = b.gradient_value();
    dispatch_floating(p.dtype(), [&]<class T>() {
      const OfSums loss = of(b.saved(0));
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
  OfSums of(const Tensor& sums) const {
    const double* all = sums.raw<double>();
    return of_sums_(all[0], all[1], all[2]);
  }

  // The sums of t p, t and p: four vectors at a time, in stretches that float32 can sum.
  template <class T>
  static Tensor summed(const Tensor& t, const Tensor& p) {
    using V = Vector<T>;
    constexpr std::int64_t kStep = 4 * V::kWidth, kStretch = 64 * kStep;
    const T *labels = t.raw<T>(), *values = p.raw<T>();
    double both = 0, of_true = 0, of_pred = 0;
    for (std::int64_t start = 0; start < t.size(); start += kStretch) {
      const std::int64_t end = std::min(t.size(), start + kStretch);
      V products[4] = {0, 0, 0, 0}, firsts[4] = {0, 0, 0, 0}, seconds[4] = {0, 0, 0, 0};
      std::int64_t i = start;
      for (; i + kStep <= end; i += kStep) {
#pragma GCC unroll 4
        for (int k = 0; k < 4; ++k) {
          const V a = V::load(labels + i + k * V::kWidth), b = V::load(values + i + k * V::kWidth);
          products[k] = multiply_add(a, b, products[k]);
          firsts[k] = firsts[k] + a;
          seconds[k] = seconds[k] + b;
        }
      }
      const auto total = [](const V(&parts)[4]) {
        const V sum = (parts[0] + parts[1]) + (parts[2] + parts[3]);
        return static_cast<double>(fold<T, V::kWidth>(sum.values));
      };
      both += total(products);
      of_true += total(firsts);
      of_pred += total(seconds);
      for (; i < end; ++i) {
        both += static_cast<double>(labels[i] * values[i]);
        of_true += static_cast<double>(labels[i]);
        of_pred += static_cast<double>(values[i]);
      }
    }
    Tensor result = Tensor::empty({3}, DType::float64);
    std::ranges::copy(std::array{both, of_true, of_pred}, result.raw<double>());
    return result;
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
