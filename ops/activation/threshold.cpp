#include <gradus/graph/number_text.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/like.h>
#include <gradus/ops/records.h>

#include <cmath>

namespace gradus {

namespace {

struct Threshold {
  static constexpr std::string_view kName = "threshold";
  double threshold = 0;
  double default_value = 0;
  OpAttributes attributes() const {
    return {{"threshold", scalar_text(threshold)}, {"default_value", scalar_text(default_value)}};
  }
  auto f(auto x) const { return where(x <= like(x, threshold), default_value, x); }
  auto df(auto g, auto x, Unused) const { return where(x > like(x, threshold), g, 0); }
};

}  // namespace

Variable threshold(const Operand& x, ThresholdOptions options) {
  const auto checked = [&](double number, std::string_view attribute) {
    return kernels::finite(number, attribute, Threshold::kName, x);
  };
  return apply(Threshold{.threshold = checked(options.threshold, "threshold"),
                         .default_value = checked(options.default_value, "default_value")},
               x);
}

namespace records {

OpInfo threshold() {
  const auto with = [](double threshold, double default_value) {
    return [=](const Variable& x) {
      return gradus::threshold(x, {.threshold = threshold, .default_value = default_value});
    };
  };
  auto errors = record::attribute_errors([=](double number) { return with(number, 0); },
                                         {{NAN, "threshold must be finite: it is nan"}});
  const auto more = record::attribute_errors([=](double number) { return with(0, number); },
                                             {{INFINITY, "default_value must be finite: it is inf"},
                                              {NAN, "default_value must be finite: it is nan"}});
  errors.insert(errors.end(), more.begin(), more.end());
  return record::unary({{"threshold = 1, default_value = -3", with(1, -3)},
                        {"threshold = -0.5, default_value = 2", with(-0.5, 2)}},
                       {.signature = "(x, {.threshold, .default_value})",
                        .formula = "y = x where x > threshold, else default_value",
                        .gradient = "g where x > threshold, else 0",
                        .kinks = "threshold: the gradient there is 0",
                        .flops = 1,
                        .errors = std::move(errors)},
                       record::distinct(0.71));
}

}  // namespace records

}  // namespace gradus
