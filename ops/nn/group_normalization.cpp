#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/nn/normalization_op.h>
#include <gradus/ops/kernels/nn/normalize.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <array>

namespace gradus {

namespace {

Variable normalize(std::initializer_list<Operand> operands, const GroupNormalizeOptions& options) {
  static constexpr std::array<std::string_view, 3> kNames = {"x", "gamma", "beta"};
  const Expansion op({.name = "group_normalization", .operand_names = kNames}, operands);
  const Shape& shape = op.shape(0);
  const std::size_t axis = op.call().axis(options.axis);
  if (axis == 0) throw op.shape_error("axis 0 is the batch's");
  kernels::check_epsilon(op.call(), options.epsilon);
  const std::int64_t channels = shape[axis];
  const std::int64_t groups = options.groups == -1 ? std::max<std::int64_t>(channels, 1) : options.groups;
  if (groups < 1) {
    throw op.value_error("groups must be 1 or more, or -1, got " + std::to_string(options.groups));
  }
  if (channels % groups != 0) {
    throw op.shape_error(std::to_string(groups) + " groups do not divide " + std::to_string(channels) +
                         " channels");
  }
  const Dims channel_axis = {axis};
  for (std::size_t i = 1; i < op.size(); ++i) kernels::check_extents(op.call(), i, channel_axis);

  if (axis + 1 == shape.dims().size() && shape.elements() != 0) {
    const kernels::Groups sizes = {.batch = shape[0],
                                   .positions = shape.elements() / shape[0] / channels,
                                   .groups = groups,
                                   .width = channels / groups};
    return kernels::normalized_groups(
        {.name = "group_normalization", .sizes = sizes, .epsilon = options.epsilon}, op[0],
        op.size() == 3 ? op[1] : Variable(), op.size() == 3 ? op[2] : Variable());
  }
  // The channels' axis in two: groups, and channels of a group. Statistics are over all but batch and group.
  Dims grouped(shape.dims().size() + 1, 0), axes(shape.dims().size() - 1, 0);
  for (std::size_t i = 0, next = 0; i < grouped.size(); ++i) {
    grouped[i] = i < axis ? shape[i] : i == axis ? groups : i == axis + 1 ? channels / groups : shape[i - 1];
    if (i != 0 && i != axis) axes[next++] = static_cast<std::int64_t>(i);
  }
  const Variable x = reshape(op[0], grouped);
  Variable y =
      reshape(kernels::normalized(x, kernels::moments(x, axes), options.epsilon, {}, {}), shape.dims());
  if (op.size() == 3) {
    y = add(multiply(y, kernels::along(op[1], shape, channel_axis)),
            kernels::along(op[2], shape, channel_axis));
  }
  return op.named(std::move(y));
}

}  // namespace

Variable group_normalization(const Operand& x, GroupNormalizeOptions options) {
  return normalize({x}, options);
}
Variable group_normalization(const Operand& x, const Operand& gamma, const Operand& beta,
                             GroupNormalizeOptions options) {
  return normalize({x, gamma, beta}, options);
}

namespace records {

OpInfo group_normalization() {
  const auto by = [](std::vector<Shape> shapes, const GroupNormalizeOptions& options) -> record::Case {
    std::string arguments =
        "groups = " + std::to_string(options.groups) + ", axis = " + std::to_string(options.axis);
    if (options.epsilon != 1e-3) arguments += ", epsilon = " + std::to_string(options.epsilon);
    return {std::move(arguments), std::move(shapes), [=](std::span<const Variable> v) {
              return v.size() == 1 ? gradus::group_normalization(v[0], options)
                                   : gradus::group_normalization(v[0], v[1], v[2], options);
            }};
  };
  return record::cases(
      {.signature = "(x, gamma, beta, {.groups, .axis, .epsilon})",
       .formula = "y = (x - mean(x)) / sqrt(var(x) + epsilon) gamma + beta, over each group of channels",
       .gradient = "as layer_normalization, over each group",
       .shapes = "[b, .., c], [c], [c] -> same as x",
       .flops = record::per_input(8)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({{2, n, n, 4}, {4}, {4}}, {.groups = 2}),
                by({{2, n, 6}}, {.groups = 3}),
                by({{2, 4, n}, {4}, {4}}, {.groups = 2, .axis = 1}),
                by({{2, 3, n, 2}, {3}, {3}}, {.groups = -1, .axis = -3}),
                by({{3, 4}, {4}, {4}}, {.groups = 1}),
                by({{2, 32}}, {}),
                by({{3, 4, 2}}, {.groups = 4, .axis = 1, .epsilon = 0.5}),
                by({{0, n, 4}, {4}, {4}}, {.groups = 2}),
                by({{2, 0, 4}, {4}, {4}}, {.groups = 2})};
      },
      {{"32 groups do not divide 6 channels: x is [2, 6]", by({{2, 6}}, {})},
       {"groups must be 1 or more, or -1, got 0", by({{2, 6}}, {.groups = 0})},
       {"axis 0 is the batch's: x is [2, 6]", by({{2, 6}}, {.groups = 2, .axis = 0})},
       {"gamma must be [6]: x is [2, 6], gamma is [3], beta is [6]", by({{2, 6}, {3}, {6}}, {.groups = 3})},
       {"epsilon must be 0 or more, got -1.0", by({{2, 6}}, {.groups = 2, .epsilon = -1})}});
}

}  // namespace records

}  // namespace gradus
