#include <gradus/ops/kernels/reduction/running.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

namespace gradus {

namespace {

using kernels::Direction;

class CumSum : public kernels::ScanOp {
 public:
  static constexpr std::string_view kName = "cumsum";
  explicit CumSum(std::int64_t axis, Direction direction = Direction::onward)
      : ScanOp(axis), direction_(direction) {}
  std::string_view name() const override { return kName; }

  void forward(Forward& forward) const override {
    dispatch_numeric(forward.output_dtype(), [&]<class T>() {
      using Sum = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;
      const T* x = forward.value(0).raw<T>();
      T* y = forward.output().raw<T>();
      kernels::running(kernels::AxisSplit(forward.output_shape(), forward.axis(axis_)), direction_, x, y,
                       Sum(0), [](Sum sum, Sum value) { return sum + value; });
    });
  }

  void vjp(Backward& b) const override {
    b.give(0, apply(CumSum(axis_, kernels::opposite(direction_)), {b.gradient()}));
  }

 private:
  Direction direction_;
};

}  // namespace

Variable cumsum(const Operand& x, CumulativeOptions options) {
  return kernels::apply_along<CumSum>(x, options.axis);
}

namespace records {

OpInfo cumsum() {
  return record::with_cases(
      record::along_axis(
          [](const Variable& x, std::int64_t axis) { return gradus::cumsum(x, {.axis = axis}); },
          {.signature = "(x, {.axis})",
           .formula = "y[i] = x[0] + .. + x[i]",
           .gradient = "dx[i] = g[i] + .. + g[n - 1]"}),
      [](std::int64_t n) -> std::vector<record::Case> {
        const auto flat = [](std::span<const Variable> x) { return gradus::cumsum(x[0]); };
        return {{"", {{2, n}}, flat}, {"", {{}}, flat}, {"", {{0, 3}}, flat}};
      });
}

}  // namespace records

}  // namespace gradus
