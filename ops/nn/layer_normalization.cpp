#include <gradus/ops/kernels/nn/normalization_op.h>
#include <gradus/ops/kernels/nn/normalize.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/records.h>

#include <array>
#include <cmath>

namespace gradus {

namespace {

Variable normalize(std::initializer_list<Operand> operands, const LayerNormalizeOptions& options) {
  static constexpr std::array<std::string_view, 3> kNames = {"x", "gamma", "beta"};
  const Expansion op({.name = "layer_normalization", .operand_names = kNames}, operands);
  const Dims axes = kernels::normalized_axes(op.call(), options.axis);
  kernels::check_epsilon(op.call(), options.epsilon);
  for (std::size_t i = 1; i < op.size(); ++i) kernels::check_extents(op.call(), i, axes);
  if (const kernels::Groups groups = kernels::trailing_groups(op.shape(0), axes);
      op.shape(0).elements() != 0 && groups.width != 0) {
    return kernels::normalized_groups(
        {.name = "layer_normalization", .sizes = groups, .epsilon = options.epsilon}, op[0],
        op.size() > 1 ? op[1] : Variable(), op.size() > 1 ? op[2] : Variable());
  }
  const auto along = [&](std::size_t i) {
    return i < op.size() ? kernels::along(op[i], op.shape(0), axes) : Variable();
  };
  return op.named(
      kernels::normalized(op[0], kernels::moments(op[0], axes), options.epsilon, along(1), along(2)));
}

}  // namespace

Variable layer_normalization(const Operand& x, LayerNormalizeOptions options) {
  return normalize({x}, options);
}
Variable layer_normalization(const Operand& x, const Operand& gamma, const Operand& beta,
                             LayerNormalizeOptions options) {
  return normalize({x, gamma, beta}, options);
}

namespace records {

OpInfo layer_normalization() {
  const auto by = [](std::vector<Shape> shapes, const LayerNormalizeOptions& options = {}) -> record::Case {
    std::string arguments = "axis = " + to_string(options.axis);
    if (options.epsilon != 1e-3) arguments += ", epsilon = " + std::to_string(options.epsilon);
    return {std::move(arguments), std::move(shapes), [=](std::span<const Variable> v) {
              return v.size() == 1 ? gradus::layer_normalization(v[0], options)
                                   : gradus::layer_normalization(v[0], v[1], v[2], options);
            }};
  };
  return record::cases(
      {.signature = "(x, gamma, beta, {.axis, .epsilon})",
       .formula = "y = (x - mean(x)) / sqrt(var(x) + epsilon) gamma + beta",
       .gradient = "with h = y before gamma and beta, and q = g gamma: dx = (q - mean(q) - h mean(q h)) / "
                   "sqrt(var(x) + epsilon), dgamma = sum(g h), dbeta = sum(g)",
       .shapes = "any, extents of the axes twice -> same as x",
       .flops = record::per_input(8)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({{n, n}, {n}, {n}}),
                by({{n}}),
                by({{2, n, 3}}, {.axis = 1}),
                by({{2, n, 3}, {n, 3}, {n, 3}}, {.axis = {-1, 1}}),
                by({{2, 1, n, 2}, {n}, {n}}, {.axis = 2, .epsilon = 0.5}),
                by({{3, n}}, {.axis = {}}),
                by({{2, 1}, {1}, {1}}),
                by({{0, 3}, {3}, {3}}),
                by({{2, 0}, {0}, {0}})};
      },
      {{"gamma must be [3]: x is [2, 3], gamma is [2], beta is [3]", by({{2, 3}, {2}, {3}})},
       {"beta must be [2, 3]: x is [2, 3], gamma is [2, 3], beta is [3]",
        by({{2, 3}, {2, 3}, {3}}, {.axis = {0, 1}})},
       {"axis -1 of a scalar: x is []", by({{}})},
       {"axis 1 is repeated in [1, -1]: x is [2, 3]", by({{2, 3}}, {.axis = {1, -1}})},
       {"epsilon must be 0 or more, got nan", by({{2, 3}}, {.epsilon = NAN})}});
}

}  // namespace records

}  // namespace gradus
