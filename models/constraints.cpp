#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/config/class_table.h>
#include <gradus/models/constraints.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <array>

namespace gradus {

template <>
constexpr auto kFields<MaxNormOptions> = std::tuple(field("max_value", &MaxNormOptions::max_value),
                                                    field("axis", &MaxNormOptions::axis));
template <>
constexpr auto kFields<MinMaxNormOptions> = std::tuple(field("min_value", &MinMaxNormOptions::min_value),
                                                       field("max_value", &MinMaxNormOptions::max_value),
                                                       field("rate", &MinMaxNormOptions::rate),
                                                       field("axis", &MinMaxNormOptions::axis));
template <>
constexpr auto kFields<UnitNormOptions> = std::tuple(field("axis", &UnitNormOptions::axis));

namespace {

constexpr double kEpsilon = 1e-7;  // Keras's backend.epsilon()

Variable norms(const Tensor& w, const Axes& axis) { return norm(w, {.axis = axis, .keepdims = true}); }

Tensor max_norm(const Tensor& w, const MaxNormOptions& options) {
  const Variable now = norms(w, options.axis);
  return (w * (clip(now, 0, options.max_value) / (now + kEpsilon))).value();
}

Tensor min_max_norm(const Tensor& w, const MinMaxNormOptions& options) {
  const Variable now = norms(w, options.axis);
  const Variable wanted =
      clip(now, options.min_value, options.max_value) * options.rate + now * (1 - options.rate);
  return (w * (wanted / (now + kEpsilon))).value();
}

MaxNormOptions checked(const MaxNormOptions& options) {
  if (!(options.max_value >= 0)) throw bad_number("MaxNorm", "max_value", "at least 0", options.max_value);
  return options;
}

MinMaxNormOptions checked(const MinMaxNormOptions& options) {
  const auto& [min_value, max_value, rate, axis] = options;
  number_from_zero("MinMaxNorm", "min_value", min_value);
  if (!(max_value >= min_value)) {
    throw bad_number("MinMaxNorm", "max_value", "at least min_value, " + scalar_text(min_value), max_value);
  }
  if (!(rate >= 0 && rate <= 1)) throw bad_number("MinMaxNorm", "rate", "in [0, 1]", rate);
  return options;
}

constexpr std::array<ClassRow<Constraint>, 4> kClasses = {{
    class_row<Constraint, MaxNorm, MaxNormOptions>("max_norm", "MaxNorm"),
    class_row<Constraint, MinMaxNorm, MinMaxNormOptions>("min_max_norm", "MinMaxNorm"),
    class_row<Constraint, NonNeg>("non_neg", "NonNeg"),
    class_row<Constraint, UnitNorm, UnitNormOptions>("unit_norm", "UnitNorm"),
}};

Constraint named(std::string_view name) {
  const auto& row = find_row("constraint", name, kClasses);
  return row.make({}, row.class_name);
}

}  // namespace

Constraint::Constraint(std::string_view name) : Constraint(named(name)) {}

Constraint::Constraint(std::string name, Function function)
    : Constraint(Described(std::move(name)), std::move(function)) {}

Constraint::Constraint(Described description, Function function)
    : Described(std::move(description)), function_(std::move(function)) {
  if (!function_) throw ValueError("constraint '" + this->name() + "': the function is empty");
}

Tensor Constraint::operator()(const Tensor& w) const {
  if (!function_) throw StateError("Constraint: it was made without a function");
  w.require_defined();
  const NoGrad guard;
  Tensor result = function_(w);
  result.require_defined();
  const std::string prefix = "constraint '" + name() + "': was given ";
  if (result.shape() != w.shape()) {
    throw ShapeError(prefix + to_string(w.shape()) + ", gave " + to_string(result.shape()));
  }
  if (result.dtype() != w.dtype()) {
    throw DTypeError(prefix + std::string(to_string(w.dtype())) + ", gave " +
                     std::string(to_string(result.dtype())));
  }
  return result;
}

Constraint Constraint::deserialize(const ConfigValue& description) {
  return description.is_null() ? Constraint() : from_description("constraint", description, kClasses);
}

MaxNorm::MaxNorm(const MaxNormOptions& options)
    : Constraint({"max_norm", "MaxNorm", options_config(checked(options))},
                 [options](const Tensor& w) { return max_norm(w, options); }) {}

MinMaxNorm::MinMaxNorm(const MinMaxNormOptions& options)
    : Constraint({"min_max_norm", "MinMaxNorm", options_config(checked(options))},
                 [options](const Tensor& w) { return min_max_norm(w, options); }) {}

NonNeg::NonNeg()
    : Constraint({"non_neg", "NonNeg", Config()}, [](const Tensor& w) { return maximum(w, 0).value(); }) {}

UnitNorm::UnitNorm(const UnitNormOptions& options)
    : Constraint({"unit_norm", "UnitNorm", options_config(options)}, [axis = options.axis](const Tensor& w) {
        return (w / (norms(w, axis) + kEpsilon)).value();
      }) {}

}  // namespace gradus
