#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/nn/normalization_op.h>
#include <gradus/ops/kernels/nn/normalize.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

#include <array>

namespace gradus {

namespace {

Variable normalize(std::initializer_list<Operand> operands, const RmsNormalizeOptions& options) {
  static constexpr std::array<std::string_view, 2> kNames = {"x", "scale"};
  const Expansion op({.name = "rms_normalization", .operand_names = kNames}, operands);
  const Dims axes = kernels::normalized_axes(op.call(), options.axis);
  kernels::check_epsilon(op.call(), options.epsilon);
  if (op.size() == 2) kernels::check_extents(op.call(), 1, axes);
  if (const kernels::Groups groups = kernels::trailing_groups(op.shape(0), axes);
      op.shape(0).elements() != 0 && groups.width != 0) {
    return kernels::normalized_groups(
        {.name = "rms_normalization", .sizes = groups, .centered = false, .epsilon = options.epsilon}, op[0],
        op.size() > 1 ? op[1] : Variable(), {});
  }
  const Variable squares = mean(square(op[0]), {.axis = Axes(std::span(axes)), .keepdims = true});
  Variable factor = divide(1, sqrt(add(squares, options.epsilon)));
  if (op.size() == 2) factor = multiply(factor, kernels::along(op[1], op.shape(0), axes));
  return op.named(multiply(op[0], factor));
}

}  // namespace

Variable rms_normalization(const Operand& x, RmsNormalizeOptions options) { return normalize({x}, options); }
Variable rms_normalization(const Operand& x, const Operand& scale, RmsNormalizeOptions options) {
  return normalize({x, scale}, options);
}

namespace records {

OpInfo rms_normalization() {
  const auto by = [](std::vector<Shape> shapes, const RmsNormalizeOptions& options = {}) -> record::Case {
    std::string arguments = "axis = " + to_string(options.axis);
    if (options.epsilon != 1e-6) arguments += ", epsilon = " + std::to_string(options.epsilon);
    return {std::move(arguments), std::move(shapes), [=](std::span<const Variable> v) {
              return v.size() == 1 ? gradus::rms_normalization(v[0], options)
                                   : gradus::rms_normalization(v[0], v[1], options);
            }};
  };
  return record::cases(
      {.signature = "(x, scale, {.axis, .epsilon})",
       .formula = "y = x / sqrt(mean(x^2) + epsilon) scale",
       .gradient = "with h = y before the scale, and q = g scale: dx = (q - h mean(q h)) / sqrt(mean(x^2) + "
                   "epsilon), dscale = sum(g h)",
       .shapes = "any, extents of the axes -> same as x",
       .flops = record::per_input(5)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({{n, n}, {n}}),
                by({{n}}),
                by({{2, n, 3}}, {.axis = 1}),
                by({{2, n, 3}, {n, 3}}, {.axis = {1, 2}}),
                by({{2, 1, n, 2}, {n}}, {.axis = 2, .epsilon = 0.5}),
                by({{3, n}}, {.axis = {}}),
                by({{0, 3}, {3}}),
                by({{2, 0}, {0}})};
      },
      {{"scale must be [3]: x is [2, 3], scale is [2]", by({{2, 3}, {2}})},
       {"axis 5 is out of range [-2, 1]: x is [2, 3]", by({{2, 3}}, {.axis = 5})},
       {"epsilon must be 0 or more, got -1.0", by({{2, 3}}, {.epsilon = -1})}});
}

}  // namespace records

}  // namespace gradus
