#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/number_text.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/records.h>

#include <cmath>
#include <limits>

namespace gradus {

namespace {

class Cast : public Op {
 public:
  Cast(DType from, DType to) : from_(from), to_(to) {}
  std::string_view name() const override { return "cast"; }
  OpAttributes attributes() const override { return {{"dtype", std::string(to_string(to_))}}; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  DType infer_dtype(const Call& /*call*/) const override { return to_; }
  bool differentiable() const override { return is_floating(to_); }

  void forward(Forward& forward) const override {
    const Tensor& x = forward.value(0);
    if (to_ == DType::int32) check<std::int32_t>(forward, x);
    if (to_ == DType::int64) check<std::int64_t>(forward, x);
    forward.give(x.cast(to_));
  }
  void vjp(Backward& b) const override { b.give(0, cast(b.gradient(), from_)); }

 private:
  // Integers cut off fractions, but have no NaN and ends.
  template <class T>
  static void check(const Forward& forward, const Tensor& x) {
    constexpr auto kLeast = static_cast<double>(std::numeric_limits<T>::min());
    const auto refuse = [&](const std::string& value) {
      throw forward.value_error("the value " + value + " is none of " +
                                std::string(to_string(dtype_of<T>())));
    };
    dispatch(x.dtype(), [&]<class S>() {
      for (const S value : x.values<S>()) {
        if constexpr (std::is_floating_point_v<S>) {
          const double whole = std::trunc(static_cast<double>(value));
          if (!(whole >= kLeast && whole < -kLeast)) refuse(scalar_text(value));
        } else if constexpr (is_integer(dtype_of<S>())) {
          if (!std::in_range<T>(value)) refuse(std::to_string(value));
        }
      }
    });
  }

  DType from_, to_;
};

}  // namespace

Variable cast(const Operand& x, DType dtype) { return apply(Cast(x.dtype(), dtype), {x}); }

namespace records {

OpInfo cast() {
  const auto to = [](DType dtype) -> GradcheckFunction {
    return [=](std::span<const Variable> x) { return gradus::cast(x[0], dtype); };
  };
  OpInfo info = {.signature = "(x, dtype)",
                 .formula = "y = x as another dtype; integers cut off fractions, boolean is x != 0",
                 .gradient = "g as x's dtype",
                 .shapes = "any -> same"};
  const auto list = [=](std::int64_t n) {
    const std::string wide = "dtype = 'float64'";
    std::vector<record::Case> result;
    for (const Shape& shape : std::vector<Shape>{{n, n}, {}, {n}, {2, 1, n}, {1, 2, n, 2}, {0}}) {
      result.push_back({wide, {shape}, to(DType::float64)});
    }
    // float32 is no ground for differences.
    for (const DType dtype : {DType::float32, DType::int32, DType::int64, DType::boolean}) {
      const std::string arguments = "dtype = '" + std::string(to_string(dtype)) + "'";
      result.push_back({arguments, {{n, 3}}, to(dtype), {record::uniform(-3, 3)}, true});
      result.push_back({arguments, {{n}}, to(dtype), {record::integers(-3, 3)}, true});
      result.push_back({arguments, {{n}}, to(dtype), {record::booleans()}, true});
    }
    const Tensor edges = {-1e4F, -1e-42F, -0.0F, 1e-42F, 1e4F, NAN, std::numeric_limits<float>::infinity()};
    result.push_back({wide, {{7}}, to(DType::float64), {record::constant(edges)}, true});
    result.push_back({"dtype = 'boolean'", {{7}}, to(DType::boolean), {record::constant(edges)}, true});
    return result;
  };
  const auto none = [=](std::string message, const Tensor& x) -> record::Misuse {
    return {std::move(message), {"", {x.shape()}, to(DType::int32), {record::constant(x)}}};
  };
  info.errors = record::undefined_errors([](const Operand& x) { return gradus::cast(x, DType::int32); });
  return record::cases(std::move(info), list,
                       {none("the value nan is none of int32", {1, NAN}),
                        none("the value -3000000000.0 is none of int32", {-3e9F}),
                        none("the value 3000000000 is none of int32", Tensor({3e9}, DType::int64))});
}

}  // namespace records

}  // namespace gradus
