#include <gradus/ops/elementwise.h>
#include <gradus/ops/graph.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

constexpr std::string_view kName = "cosine_similarity";

// x / max(|x|, epsilon), and 0, without a slope, for a vector of zeros. Scaled so that no square overflows.
Variable unit(const Variable& x, const ReduceOptions& along) {
  const Variable largest = stop_gradient(max(abs(x), along));
  const Variable scale = where(largest > 0, largest, 1), scaled = x / scale;
  const Variable norm = maximum(sqrt(sum(square(scaled), along)), kernels::kEpsilon / scale);
  return where(largest == 0, 0, scaled / norm);
}

Function values_along(std::int64_t axis) {
  return [axis](std::span<const Variable> operands) {
    const ReduceOptions along = {.axis = axis, .keepdims = true};
    const bool empty = operands[1].value().size() == 0;  // no largest value
    const Variable t = empty ? operands[0] : unit(operands[0], along);
    const Variable p = empty ? operands[1] : unit(operands[1], along);
    return -sum(t * p, {.axis = axis});
  };
}

}  // namespace

Variable cosine_similarity(const Operand& y_true, const Operand& y_pred, CosineSimilarityOptions options) {
  const auto [labels, predictions] = kernels::align_ranks(y_true, y_pred);
  kernels::ComposedLoss op(kName, {{"axis", std::to_string(options.axis)}}, options.axis,
                           values_along(options.axis));
  return kernels::reduce_loss(apply(std::move(op), {labels, predictions}), options.reduction,
                              options.sample_weight, y_pred, kName);
}

namespace records {

OpInfo cosine_similarity() {
  const auto along = [](std::int64_t axis) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      return gradus::cosine_similarity(y_true, y_pred,
                                       {.axis = axis, .reduction = reduction, .sample_weight = weight});
    };
  };
  const auto rows = [=](std::int64_t axis, const Shape& shape) -> record::Case {
    return {"axis = " + std::to_string(axis) + ", reduction = 'none'",
            {shape, shape},
            [=](std::span<const Variable> x) { return along(axis)(x[0], x[1], "none", {}); }};
  };
  const auto wrong = [=](std::int64_t axis, const std::string& message) -> OpError {
    return {message, {Tensor::ones({2, 3}), Tensor::ones({2, 3})}, rows(axis, {}).call};
  };
  return record::with_cases(
      record::loss({{"", along(-1)}},
                   {.signature = "(y_true, y_pred, {.axis, .reduction, .sample_weight})",
                    .formula = "-sum(unit(y_true) unit(y_pred)), unit(x) = x / max(|x|, 1e-7)",
                    .gradient = "dy_pred = -g (unit(y_true) + y unit(y_pred)) / |y_pred|",
                    .kinks = "a vector of zeros: its unit is 0, and so is its gradient",
                    .flops = record::per_input(10),
                    .errors = {wrong(2, "axis 2 is out of range [-2, 1]: y_true is [2, 3], y_pred is [2, 3]"),
                               wrong(-3,
                                     "axis -3 is out of range [-2, 1]: y_true is [2, 3], y_pred is "
                                     "[2, 3]")}}),
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {rows(0, {n, 3}), rows(1, {2, n, 3}), rows(-2, {2, 1, n, 2}), rows(0, {n})};
      });
}

}  // namespace records

}  // namespace gradus
