#include <gradus/graph/number_text.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

#include <limits>

namespace gradus {

namespace {

struct NanToNum {
  static constexpr std::string_view kName = "nan_to_num";
  static constexpr bool kIntegers = true;
  NanToNumOptions options;

  OpAttributes attributes() const {
    OpAttributes result = {{"nan", scalar_text(options.nan)}};
    if (options.posinf) result.push_back({"posinf", scalar_text(*options.posinf)});
    if (options.neginf) result.push_back({"neginf", scalar_text(*options.neginf)});
    return result;
  }
  template <class X>
  auto f(X x) const {
    using T = typename X::Scalar;
    constexpr T kLargest = std::numeric_limits<T>::max();
    const auto nan = static_cast<T>(std::is_integral_v<T> ? 0 : options.nan);
    const T posinf = std::is_integral_v<T> || !options.posinf ? kLargest : static_cast<T>(*options.posinf);
    const T neginf = std::is_integral_v<T> || !options.neginf ? -kLargest : static_cast<T>(*options.neginf);
    return where(isfinite(x), x, where(isnan(x), nan, where(x > 0, posinf, kernels::constant(x, neginf))));
  }
  auto df(auto g, auto x, Unused) const { return where(isfinite(x), g, 0); }
};

}  // namespace

Variable nan_to_num(const Operand& x, NanToNumOptions options) { return apply(NanToNum{options}, x); }

namespace records {

OpInfo nan_to_num() {
  const auto with = [](NanToNumOptions options) {
    return [=](const Variable& x) { return gradus::nan_to_num(x, options); };
  };
  return record::unary(
      {{"posinf = 100, neginf = -100", with({.posinf = 100, .neginf = -100})},
       {"nan = -1, posinf = 0, neginf = inf", with({-1, 0, std::numeric_limits<double>::infinity()})}},
      {.signature = "(x, {.nan = 0, .posinf, .neginf})",
       .formula = "y = x, but nan, posinf and neginf for what is not finite",
       .gradient = "g, 0 where x is not finite",
       .flops = 2});
}

}  // namespace records

}  // namespace gradus
