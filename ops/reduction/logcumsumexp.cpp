#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/log_domain.h>
#include <gradus/ops/kernels/reduction/scan.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

#include <cmath>
#include <limits>

namespace gradus {

namespace {

using kernels::Direction;
constexpr double kLowest = -std::numeric_limits<double>::infinity();

// log(sum(e^x)) of what was met so far, as the largest x and sum(e^(x - largest)).
struct LogSum {
  double largest = kLowest, sum = 0;
  double add(double x) {
    if (!(x <= largest)) {  // larger, or NaN
      sum = sum * std::exp(largest - x) + 1;
      largest = x;
    } else if (x != kLowest) {
      sum += x == largest ? 1 : std::exp(x - largest);
    }
    return largest + std::log(sum);
  }
};

class LogCumSumExp : public kernels::ScanOp {
 public:
  static constexpr std::string_view kName = "logcumsumexp";
  using ScanOp::ScanOp;
  std::string_view name() const override { return kName; }
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    return call.common_floating_dtype();
  }

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T* x = forward.value(0).raw<T>();
      T* y = forward.output().raw<T>();
      kernels::scan(
          forward.output_shape(), forward.axis(axis_), Direction::onward, LogSum(),
          [&](LogSum& sum, std::int64_t i) { y[i] = static_cast<T>(sum.add(static_cast<double>(x[i]))); });
    });
  }

  // dx[i] = sum over k >= i of g[k] e^(x[i] - y[k]) = e^(x[i] - y[i]) r[i], where
  // r[i] = g[i] + e^(y[i] - y[i + 1]) r[i + 1]. As y rises, no exponent is positive.
  void vjp(Backward& b) const override {
    const Variable y = b.output(), from = kernels::above_minus_infinity(y);
    const Variable rise = exp(subtract(kernels::shifted(y, axis_, Direction::onward, kLowest), from));
    const Variable r = kernels::linear_scan(kernels::shifted(rise, axis_, Direction::back, 0), b.gradient(),
                                            axis_, Direction::back);
    b.give(0, multiply(exp(subtract(b.input(0), from)), r));
  }
};

}  // namespace

Variable logcumsumexp(const Operand& x, CumulativeOptions options) {
  return kernels::apply_along<LogCumSumExp>(x, options.axis);
}

namespace records {

OpInfo logcumsumexp() {
  return record::with_cases(
      record::along_axis(
          [](const Variable& x, std::int64_t axis) { return gradus::logcumsumexp(x, {.axis = axis}); },
          {.signature = "(x, {.axis})",
           .formula = "y[i] = log(e^x[0] + .. + e^x[i])",
           .gradient = "dx[i] = sum over k >= i of g[k] e^(x[i] - y[k])",
           .flops = 20}),
      [](std::int64_t n) -> std::vector<record::Case> {
        const auto flat = [](std::span<const Variable> x) { return gradus::logcumsumexp(x[0]); };
        return {{"", {{2, n}}, flat},
                {"", {{}}, flat},
                {"", {{0, 3}}, flat},
                {"", {{2, n}}, flat, {record::uniform(-1e4, 1e4)}, true}};
      });
}

}  // namespace records

}  // namespace gradus
