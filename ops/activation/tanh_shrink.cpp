#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct TanhShrink {
  static constexpr std::string_view kName = "tanh_shrink";
  // Near 0 the difference loses its digits: there tanh x = x / (1 + r), and so y = x r / (1 + r), where r is
  // Lambert's continued fraction x^2 / (3 + x^2 / (5 + ...)).
  static auto fraction(auto s) {
    return s / (3 + s / (5 + s / (7 + s / (9 + s / (11 + s / (13 + s / (15 + s / 17)))))));
  }
  auto f(auto x) const {
    const auto r = fraction(x * x);
    return where(abs(x) < 1, x * r / (1 + r), x - tanh(x));
  }
  auto df(auto g, auto x, Unused) const { return g * square(tanh(x)); }
};

}  // namespace

Variable tanh_shrink(const Operand& x) { return apply(TanhShrink{}, x); }

namespace records {

OpInfo tanh_shrink() {
  return record::unary(gradus::tanh_shrink,
                       {.formula = "y = x - tanh(x)", .gradient = "g tanh(x)^2", .flops = 20});
}

}  // namespace records

}  // namespace gradus
