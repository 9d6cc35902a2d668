#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/nn/normalization_op.h>
#include <gradus/ops/kernels/nn/normalize.h>
#include <gradus/ops/kernels/nn/operand_list.h>
#include <gradus/ops/kernels/nn/window_records.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/shape.h>

#include <array>

namespace gradus {

Variable batch_normalization(const Operand& x, const Operand& mean, const Operand& variance,
                             BatchNormalizeOptions options) {
  kernels::OperandList list = {{x, mean, variance}, {"x", "mean", "variance"}};
  const std::size_t offset = list.append(options.offset, "offset"),
                    scale = list.append(options.scale, "scale");
  const Expansion op({.name = "batch_normalization", .operand_names = list.names}, list.operands);
  const Dims axis = op.call().axes(options.axis);
  kernels::check_epsilon(op.call(), options.epsilon);
  for (std::size_t i = 1; i < op.size(); ++i) kernels::check_extents(op.call(), i, axis);
  const Shape& shape = op.shape(0);
  if (axis[0] + 1 == static_cast<std::int64_t>(shape.dims().size()) && shape.elements() != 0) {
    Variable factor = divide(1, sqrt(add(op[2], options.epsilon)));
    if (scale != 0) factor = multiply(factor, op[scale]);
    const Variable zeros = offset != 0 ? Variable() : Variable(Tensor::zeros(op.shape(1), op[0].dtype()));
    return kernels::affine_channels("batch_normalization", op[0], op[1], factor,
                                    offset != 0 ? op[offset] : zeros);
  }
  const auto along = [&](std::size_t i) {
    return i == 0 ? Variable() : kernels::along(op[i], op.shape(0), axis);
  };
  return op.named(
      kernels::normalized(op[0], {along(1), along(2)}, options.epsilon, along(scale), along(offset)));
}

NormalizedBatch batch_normalization_training(const Operand& x, const Operand& gamma, const Operand& beta,
                                             BatchStatisticsOptions options) {
  static constexpr std::array<std::string_view, 3> kNames = {"x", "gamma", "beta"};
  const Expansion op({.name = "batch_normalization", .operand_names = kNames}, {x, gamma, beta});
  const Dims axis = op.call().axes(options.axis);
  kernels::check_epsilon(op.call(), options.epsilon);
  for (std::size_t i = 1; i < op.size(); ++i) kernels::check_extents(op.call(), i, axis);
  const Shape& shape = op.shape(0);
  Dims others(shape.dims().size() - 1, 0);
  for (std::size_t i = 0, next = 0; i < shape.dims().size(); ++i) {
    if (static_cast<std::int64_t>(i) != axis[0]) others[next++] = static_cast<std::int64_t>(i);
  }
  if (others.empty()) throw op.shape_error("x must be a batch, of rank 2 or more");
  if (axis[0] == static_cast<std::int64_t>(others.size()) && shape.elements() != 0) {
    const kernels::Groups sizes = {.positions = shape.elements() / shape.back(), .groups = shape.back()};
    kernels::GroupStatistics statistics;
    Variable output = kernels::normalized_groups(
        {.name = "batch_normalization", .sizes = sizes, .epsilon = options.epsilon}, op[0], op[1], op[2],
        statistics);
    return {std::move(output), std::move(statistics.mean), std::move(statistics.variance)};
  }
  const kernels::Moments moments = kernels::moments(op[0], others);
  const Variable output =
      kernels::normalized(op[0], moments, options.epsilon, kernels::along(op[1], shape, axis),
                          kernels::along(op[2], shape, axis));
  const Dims channels = op.shape(1).dims();
  return {op.named(output), reshape(moments.mean, channels), reshape(moments.variance, channels)};
}

namespace records {

OpInfo batch_normalization() {
  const auto inference = [](const Shape& x, std::int64_t axis, const std::string& with = "",
                            double epsilon = 1e-3) -> record::Case {
    record::Arguments arguments = record::Arguments().add("axis", axis, -1);
    if (!with.empty()) arguments.put("operands", "'" + with + "'");
    if (epsilon != 1e-3) arguments.put("epsilon", std::to_string(epsilon));
    std::vector<Shape> shapes(with == "offset, scale" ? 5 : with.empty() ? 3 : 4, {x.dim(axis)});
    shapes[0] = x;
    return {arguments.text(),
            std::move(shapes),
            [=](std::span<const Variable> v) {
              BatchNormalizeOptions options = {.axis = axis, .epsilon = epsilon};
              if (with.starts_with("offset")) options.offset = v[3];
              if (with.ends_with("scale")) options.scale = v.back();
              return gradus::batch_normalization(v[0], v[1], v[2], options);
            },
            {record::uniform(), record::uniform(), record::uniform(0.5, 2)}};
  };
  // The results in one row: output, mean, variance.
  const auto training = [](const Shape& x, std::int64_t axis = -1, bool all = false) -> record::Case {
    const Shape channels = {x.dim(axis)};
    return {record::Arguments()
                .put("training", "true")
                .add("axis", axis, -1)
                .add("statistics", all ? 1 : 0, 0)
                .text(),
            {x, channels, channels},
            [=](std::span<const Variable> v) {
              const NormalizedBatch y = batch_normalization_training(v[0], v[1], v[2], {.axis = axis});
              return all ? concatenate({reshape(y.output, {-1}), y.mean, y.variance}) : y.output;
            }};
  };
  record::Case shift = inference({2, 3}, -1, "", -1);
  record::Case other = inference({2, 3}, -1);
  other.shapes[1] = {2};
  record::Case gamma = training({2, 3});
  gamma.shapes[1] = {2};
  record::Case flat = training({3}, 0);
  return record::cases(
      {.signature = "(x, mean, variance, {.axis, .offset, .scale, .epsilon}); "
                    "batch_normalization_training(x, gamma, beta, {.axis, .epsilon})",
       .formula = "y = (x - mean) / sqrt(variance + epsilon) scale + offset; in training by the batch's own "
                  "mean and biased variance",
       .gradient = "dx = g scale / sqrt(variance + epsilon), and through mean and variance in training",
       .shapes = "[.., c], [c], [c] -> same as x",
       .flops = record::per_input(4)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {inference({n, n}, -1),
                inference({n, 3}, -1, "offset, scale"),
                inference({2, n, 3}, 1, "offset"),
                inference({2, 2, n, 3}, -3, "scale", 0.25),
                inference({n}, 0, "offset, scale"),
                inference({0, 3}, -1, "offset, scale"),
                training({n + 2, 3}),
                training({n + 2, 3}, -1, true),
                training({2, 3, n}, 1),
                training({2, 2, n, 2}, -1, true),
                training({1, 3}),
                training({0, 3})};
      },
      {{"mean must be [3]: x is [2, 3], mean is [2], variance is [3]", other},
       {"epsilon must be 0 or more, got -1.0", shift},
       {"axis 2 is out of range [-2, 1]: x is [2, 3], gamma is [3], beta is [3]",
        {"",
         {{2, 3}, {3}, {3}},
         [](std::span<const Variable> v) {
           return batch_normalization_training(v[0], v[1], v[2], {.axis = 2}).output;
         }}},
       {"gamma must be [3]: x is [2, 3], gamma is [2], beta is [3]", gamma},
       {"x must be a batch, of rank 2 or more: x is [3], gamma is [3], beta is [3]", flat}});
}

}  // namespace records

}  // namespace gradus
