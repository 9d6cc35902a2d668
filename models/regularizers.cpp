#include <gradus/graph/error.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/config/class_table.h>
#include <gradus/models/regularizers.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/reduction.h>

#include <array>

namespace gradus {

namespace {

struct L1Options {
  double l1 = 0.01;
};
struct L2Options {
  double l2 = 0.01;
};

}  // namespace

template <>
constexpr auto kFields<L1Options> = std::tuple(field("l1", &L1Options::l1));
template <>
constexpr auto kFields<L2Options> = std::tuple(field("l2", &L2Options::l2));
template <>
constexpr auto kFields<L1L2Options> = std::tuple(field("l1", &L1L2Options::l1),
                                                 field("l2", &L1L2Options::l2));
template <>
constexpr auto kFields<OrthogonalRegularizerOptions> =
    std::tuple(field("factor", &OrthogonalRegularizerOptions::factor),
               field("mode", &OrthogonalRegularizerOptions::mode));

namespace {

constexpr std::array<std::string_view, 2> kModes = {"rows", "columns"};

// `f(w)` times a factor, at the line where w was passed.
Variable times(double factor, Variable penalty, const Operand& w) {
  return multiply(Operand(std::move(penalty), w.where()), factor);
}
Variable absolute_sum(const Operand& w, double factor) {
  return times(factor, sum(Operand(abs(w), w.where())), w);
}
Variable square_sum(const Operand& w, double factor) {
  return times(factor, sum(Operand(square(w), w.where())), w);
}

Variable both_sums(const Operand& w, L1L2Options factors) {
  // A factor of 0 asks nothing of w: not even 0 times an infinite sum.
  if (factors.l2 == 0) {
    return factors.l1 == 0 ? Variable(Tensor::zeros({}, w.dtype())) : absolute_sum(w, factors.l1);
  }
  if (factors.l1 == 0) return square_sum(w, factors.l2);
  return add(Operand(absolute_sum(w, factors.l1), w.where()), square_sum(w, factors.l2));
}

// factor sum over i < j of |w_i w_j| / (n (n - 1) / 2), with every w_i divided by max(|w_i|, 1e-7).
Variable orthogonality(const Operand& w, double factor, bool rows) {
  if (w.rank() != 2) {
    throw ShapeError("OrthogonalRegularizer: needs a matrix, got " + to_string(w.shape()));
  }
  const std::int64_t count = w.shape()[rows ? 0 : 1];
  const Variable unit = l2_normalize(w, {.axis = rows ? 1 : 0, .epsilon = 1e-14});
  const Operand a(unit, w.where());
  const Variable products = matmul(a, a, {.transpose_a = !rows, .transpose_b = rows});
  const Variable others = multiply(Operand(products, w.where()),
                                   Tensor::ones({count, count}, w.dtype()) - Tensor::eye(count, w.dtype()));
  const auto pairs = static_cast<double>(count) * static_cast<double>(count - 1) / 2;
  return absolute_sum(Operand(others, w.where()), pairs > 0 ? factor * 0.5 / pairs : 0);
}

L1L2Options checked(L1L2Options options) {
  number_from_zero("L1L2", "l1", options.l1);
  number_from_zero("L1L2", "l2", options.l2);
  return options;
}

OrthogonalRegularizerOptions checked(const OrthogonalRegularizerOptions& options) {
  number_from_zero("OrthogonalRegularizer", "factor", options.factor);
  const std::size_t mode = find_name("OrthogonalRegularizer mode", options.mode, kModes);
  return {.factor = options.factor, .mode = std::string(kModes[mode])};
}

constexpr std::array<ClassRow<Regularizer>, 4> kClasses = {{
    class_row<Regularizer, L1, L1Options>("l1", "L1"),
    class_row<Regularizer, L1L2, L1L2Options>("l1_l2", "L1L2"),
    class_row<Regularizer, L2, L2Options>("l2", "L2"),
    class_row<Regularizer, OrthogonalRegularizer, OrthogonalRegularizerOptions>("orthogonal_regularizer",
                                                                                "OrthogonalRegularizer"),
}};

Regularizer named(std::string_view name) {
  const auto& row = find_row("regularizer", name, kClasses);
  if (row.name == "l1_l2") return L1L2({.l1 = 0.01, .l2 = 0.01});
  return row.make({}, row.class_name);
}

}  // namespace

Regularizer::Regularizer(std::string_view name) : Regularizer(named(name)) {}

Regularizer::Regularizer(std::string name, Function function)
    : Regularizer(Described(std::move(name)), std::move(function)) {}

Regularizer::Regularizer(Described description, Function function)
    : Described(std::move(description)), function_(std::move(function)) {
  if (!function_) throw ValueError("regularizer '" + this->name() + "': the function is empty");
}

Variable Regularizer::operator()(const Operand& w) const {
  if (!function_) throw StateError("Regularizer: it was made without a function");
  Variable penalty = function_(w);
  if (penalty.rank() != 0) {
    throw ShapeError("regularizer '" + name() + "': must give a scalar, gave " + to_string(penalty.shape()));
  }
  return penalty;
}

Regularizer Regularizer::deserialize(const ConfigValue& description) {
  return description.is_null() ? Regularizer() : from_description("regularizer", description, kClasses);
}

L1::L1(double l1)
    : Regularizer({"l1", "L1", options_config(L1Options{number_from_zero("L1", "l1", l1)})},
                  [l1](const Operand& w) { return absolute_sum(w, l1); }) {}

L2::L2(double l2)
    : Regularizer({"l2", "L2", options_config(L2Options{number_from_zero("L2", "l2", l2)})},
                  [l2](const Operand& w) { return square_sum(w, l2); }) {}

L1L2::L1L2(L1L2Options options)
    : Regularizer({"l1_l2", "L1L2", options_config(checked(options))},
                  [options](const Operand& w) { return both_sums(w, options); }) {}

OrthogonalRegularizer::OrthogonalRegularizer(const OrthogonalRegularizerOptions& options)
    : Regularizer({"orthogonal_regularizer", "OrthogonalRegularizer", options_config(checked(options))},
                  [factor = options.factor, rows = checked(options).mode == kModes[0]](const Operand& w) {
                    return orthogonality(w, factor, rows);
                  }) {}

}  // namespace gradus
