#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/records.h>

namespace gradus {

namespace {

struct Power {
  static constexpr std::string_view kName = "power";
  static constexpr bool kIntegers = true;
  auto f(auto a, auto b) const { return power(a, b); }
  // Where the rule a^(b-1) or log a is undefined its factor is 0, so another exponent or base stands in.
  auto da(auto g, auto a, auto b, Unused) const {
    return shielded(g, g * where(b == 0, 0 * b, b * power(a, where(b == 0, 1, b - 1))));
  }
  auto db(auto g, auto a, Unused, auto y) const { return shielded(g, g * y * log(where(a == 0, 1, a))); }

  // Whole numbers have no negative powers.
  static void check(const Forward& forward) {
    const Tensor& exponent = forward.value(1);
    if (!is_integer(exponent.dtype())) return;
    for (const std::int64_t value : exponent.to_vector<std::int64_t>()) {
      if (value < 0) throw forward.value_error("an integer to the negative power " + std::to_string(value));
    }
  }
};

}  // namespace

Variable power(const Operand& a, const Operand& b) { return apply(Power{}, a, b); }

namespace records {

OpInfo power() {
  return record::binary(gradus::power,
                        {.formula = "y = a^b", .gradient = "da = g b a^(b-1), db = g y log a", .flops = 20},
                        record::uniform(0.5, 2), record::uniform(-2, 3));
}

}  // namespace records

}  // namespace gradus
