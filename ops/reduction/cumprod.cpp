#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/running.h>
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
      kernels::running(kernels::AxisSplit(forward.output_shape(), forward.axis(axis_)), Direction::onward, x,
                       y, Product(1), [](Product product, Product value) { return product * value; });
    });
  }

  // dx[i] = y[i - 1] r[i], where r[i] = g[i] + x[i + 1] r[i + 1]: no division, so zeros do no harm.
  void vjp(Backward& b) const override {
    if (!b.create_graph()) return b.give(0, gradient(b));
    const Variable next = kernels::shifted(b.input(0), axis_, Direction::back, 0);
    const Variable r = kernels::linear_scan(next, b.gradient(), axis_, Direction::back);
    b.give(0, multiply(kernels::shifted(b.output(), axis_, Direction::onward, 1), r));
  }

 private:
  Tensor gradient(const Backward& b) const {
    const kernels::AxisSplit split(b.shape(0), b.shape(0).normalize_axis(axis_));
    Tensor dx = Tensor::empty(b.shape(0), b.gradient_value().dtype());
    const Tensor x = b.input_value(0), y = b.output_value();
    dispatch_floating(dx.dtype(), [&]<class T>() {
      const T *factors = x.raw<T>(), *products = y.raw<T>(), *g = b.gradient_value().raw<T>();
      T* to = dx.raw<T>();
      kernels::each_line(split, [&](std::int64_t first, std::int64_t beside) {
        std::array<double, kernels::kBeside> r;
        r.fill(0);
        for (std::int64_t i = split.extent; i-- > 0;) {
          const std::int64_t at = first + i * split.inner;
          const bool last = i + 1 == split.extent;
          for (std::int64_t j = at; j < at + beside; ++j) {
            double& sum = r[static_cast<std::size_t>(j - at)];
            sum = static_cast<double>(g[j]) +
                  (last ? 0.0 : static_cast<double>(factors[j + split.inner]) * sum);
            to[j] = static_cast<T>(i == 0 ? sum : static_cast<double>(products[j - split.inner]) * sum);
          }
        }
      });
    });
    return dx;
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
