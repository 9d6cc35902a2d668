#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Log {
  static constexpr std::string_view kName = "log";
  auto f(auto x) const { return log(x); }
  auto df(auto g, auto x, Unused) const { return shielded(g, g / x); }
};

}  // namespace

Variable log(const Operand& x) { return apply(Log{}, x); }

namespace records {

OpInfo log() {
  return record::unary(gradus::log, {.formula = "y = log x", .gradient = "g / x", .flops = 10},
                       record::uniform(0.5, 3));
}

}  // namespace records

}  // namespace gradus
