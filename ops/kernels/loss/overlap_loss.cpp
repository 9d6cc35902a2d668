#include <gradus/ops/kernels/loss/overlap_loss.h>

namespace gradus::kernels {

Variable overlap_loss(OverlapLoss loss, const Operand& y_true, const Operand& y_pred) {
  const auto [labels, predictions] = align_ranks(y_true, y_pred);
  if (!loss.axis.empty()) loss.attributes.push_back({"axis", to_string(loss.axis)});
  ComposedLoss op(loss.name, std::move(loss.attributes), std::move(loss.axis), std::move(loss.values));
  return reduce_loss(apply(std::move(op), {labels, predictions}), loss.reduction, loss.sample_weight, y_pred,
                     loss.name);
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
