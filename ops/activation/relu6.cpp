#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Relu6 {
  static constexpr std::string_view kName = "relu6";
  static constexpr bool kIntegers = true;
  auto f(auto x) const { return clip(x, 0, 6); }
  auto df(auto g, Unused, auto y) const { return where(y > 0, where(y < 6, g, 0), 0); }
};

}  // namespace

Variable relu6(const Operand& x) { return apply(Relu6{}, x); }

namespace records {

OpInfo relu6() {
  const auto around = [distinct = record::distinct(1.3)](Random& random, const Shape& shape) {
    Tensor values = distinct(random, shape);
    for (float& value : values.mutable_values<float>()) value += 0.4F;  // away from 0 and 6
    return values;
  };
  return record::unary(gradus::relu6,
                       {.formula = "y = min(max(x, 0), 6)",
                        .gradient = "g where 0 < x < 6, else 0",
                        .kinks = "0 and 6: the gradient there is 0",
                        .flops = 2},
                       around);
}

}  // namespace records

}  // namespace gradus
