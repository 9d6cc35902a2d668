#include <gradus/graph/number_text.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

#include <cmath>

namespace gradus {

namespace {

struct Clip {
  static constexpr std::string_view kName = "clip";
  static constexpr bool kIntegers = true;
  double min, max;

  OpAttributes attributes() const { return {{"min", scalar_text(min)}, {"max", scalar_text(max)}}; }
  auto f(auto x) const { return clip(x, min, max); }
  auto df(auto g, auto x, auto y) const { return where(x == y, g, 0); }

  void check(const Forward& forward) const {
    if (!(min <= max)) {
      throw forward.value_error("min is " + scalar_text(min) + ", max is " + scalar_text(max));
    }
    if (!is_integer(forward.dtype(0))) return;
    for (const double bound : {min, max}) {
      if (bound != std::nearbyint(bound)) {
        throw forward.dtype_error("the bound " + scalar_text(bound) + " is no integer");
      }
    }
  }
};

}  // namespace

Variable clip(const Operand& x, double min, double max) { return apply(Clip{min, max}, x); }

namespace records {

OpInfo clip() {
  const auto within = [](double min, double max) {
    return [=](const Variable& x) { return gradus::clip(x, min, max); };
  };
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const auto refused = [=](std::string message, double min, double max,
                           DType dtype = DType::float32) -> OpError {
    return {std::move(message), {Tensor::ones({2}, dtype)}, [=](std::span<const Variable> x) {
              return gradus::clip(x[0], min, max);
            }};
  };
  return record::unary(
      {{"min = 0, max = 1", within(0, 1)},
       {"min = -inf, max = 0", within(-kInf, 0)},
       {"min = 0, max = inf", within(0, kInf)},
       {"min = 0.5, max = 0.5", within(0.5, 0.5)}},
      {.signature = "(x, min, max)",
       .formula = "y = min(max(x, min), max)",
       .gradient = "g where min <= x <= max, else 0",
       .kinks = "min and max: the gradient there is g",
       .flops = 2,
       .errors = {refused("min is 1.0, max is -1.0", 1, -1), refused("min is nan, max is 1.0", NAN, 1),
                  refused("min is 0.0, max is nan", 0, NAN),
                  refused("the bound 0.5 is no integer: x is int64", 0, 0.5, DType::int64),
                  refused("does not take booleans: x is boolean", 0, 1, DType::boolean)}},
      record::away_from_zero());
}

}  // namespace records

}  // namespace gradus
