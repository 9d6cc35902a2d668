#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

// a - b, but 0 between equal infinities.
auto gap(auto a, auto b) {
  const auto difference = a - b;
  return where(isnan(difference), where(a == b, 0, difference), difference);
}

struct Logaddexp {
  static constexpr std::string_view kName = "logaddexp";
  auto f(auto a, auto b) const { return logaddexp(a, b); }
  auto da(auto g, auto a, auto b, Unused) const { return g * sigmoid(gap(a, b)); }
  auto db(auto g, auto a, auto b, Unused) const { return g * sigmoid(gap(b, a)); }
};

}  // namespace

Variable logaddexp(const Operand& a, const Operand& b) { return apply(Logaddexp{}, a, b); }

namespace records {

OpInfo logaddexp() {
  return record::binary(
      gradus::logaddexp,
      {.formula = "y = log(e^a + e^b)", .gradient = "da = g e^(a-y), db = g e^(b-y)", .flops = 30});
}

}  // namespace records

}  // namespace gradus
