#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Add {
  static constexpr std::string_view kName = "add";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return a + b; }
  auto da(auto g, Unused, Unused, Unused) const { return g; }
  auto db(auto g, Unused, Unused, Unused) const { return g; }
};

}  // namespace

Variable add(const Operand& a, const Operand& b) { return apply(Add{}, a, b); }

namespace records {

OpInfo add() {
  return record::binary(gradus::add, {.formula = "y = a + b", .gradient = "da = g, db = g", .flops = 1});
}

}  // namespace records

}  // namespace gradus
