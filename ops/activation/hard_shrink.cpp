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

struct HardShrink {
  static constexpr std::string_view kName = "hard_shrink";
  double threshold = 0;
  OpAttributes attributes() const { return {{"threshold", scalar_text(threshold)}}; }
  auto f(auto x) const { return where(abs(x) <= like(x, threshold), 0, x); }
  auto df(auto g, auto x, Unused) const { return where(abs(x) > like(x, threshold), g, 0); }
};

}  // namespace

Variable hard_shrink(const Operand& x, ShrinkOptions options) {
  return apply(HardShrink{kernels::not_negative(options.threshold, "threshold", HardShrink::kName, x)}, x);
}

namespace records {

OpInfo hard_shrink() {
  const auto with = [](double threshold) {
    return [=](const Variable& x) { return gradus::hard_shrink(x, {.threshold = threshold}); };
  };
  return record::unary(
      {{"", [](const Variable& x) { return gradus::hard_shrink(x); }}, {"threshold = 1", with(1)}},
      {.signature = "(x, {.threshold = 0.5})",
       .formula = "y = x where |x| > threshold, else 0",
       .gradient = "g where |x| > threshold, else 0",
       .kinks = "|x| = threshold: the gradient there is 0",
       .flops = 2,
       .errors = record::attribute_errors(
           with, {{-1, "threshold must be finite and not negative: it is -1.0"},
                  {INFINITY, "threshold must be finite and not negative: it is inf"}})},
      record::distinct(0.71));
}

}  // namespace records

}  // namespace gradus
