#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/scan.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

using kernels::Direction;

class CumProd : public kernels::ScanOp {
 public:
  static constexpr std::string_view kName = "cumprod";
  using ScanOp::ScanOp;
  std::string_view name() const override { return kName; }

  void forward(Forward& forward) const override {
    dispatch_numeric(forward.output_dtype(), [&]<class T>() {
      using Product = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;
      const T* x = forward.value(0).raw<T>();
      T* y = forward.output().raw<T>();
      kernels::scan(forward.output_shape(), forward.axis(axis_), Direction::onward, Product(1),
                    [&](Product& product, std::int64_t i) {
                      product *= static_cast<Product>(x[i]);
                      y[i] = static_cast<T>(product);
                    });
    });
  }

  // dx[i] = y[i - 1] r[i], where r[i] = g[i] + x[i + 1] r[i + 1]: no division, so zeros do no harm.
  void vjp(Backward& b) const override {
    const Variable next = kernels::shifted(b.input(0), axis_, Direction::back, 0);
    const Variable r = kernels::linear_scan(next, b.gradient(), axis_, Direction::back);
    b.give(0, multiply(kernels::shifted(b.output(), axis_, Direction::onward, 1), r));
  }
};

}  // namespace

Variable cumprod(const Operand& x, CumulativeOptions options) {
  return kernels::apply_along<CumProd>(x, options.axis);
}

namespace records {

OpInfo cumprod() {
  return record::with_cases(
      record::along_axis(
          [](const Variable& x, std::int64_t axis) { return gradus::cumprod(x, {.axis = axis}); },
          {.signature = "(x, {.axis})",
           .formula = "y[i] = x[0] .. x[i]",
           .gradient = "dx[i] = sum over k >= i of g[k] times the other factors of y[k]"}),
      [](std::int64_t n) -> std::vector<record::Case> {
        const auto flat = [](std::span<const Variable> x) { return gradus::cumprod(x[0]); };
        const Tensor zeros{{0, 2, 3, 0.5}, {1.5, 0, 2, 3}, {2, 0, 0, 3}, {0, 0, 0, 0}};
        return {{"", {{2, n}}, flat},
                {"", {{}}, flat},
                {"", {{0, 3}}, flat},
                {"axis = 1",
                 {{4, 4}},
                 [](std::span<const Variable> x) { return gradus::cumprod(x[0], {.axis = 1}); },
                 {record::constant(zeros)}}};
      });
}

}  // namespace records

}  // namespace gradus
