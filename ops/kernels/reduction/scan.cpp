#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/scan.h>

namespace gradus::kernels {

Variable shifted(const Variable& x, std::int64_t axis, Direction direction, double fill) {
  const std::size_t at = x.shape().normalize_axis(axis);
  if (x.shape()[at] == 0) return x;
  Dims dims = x.shape().dims();
  dims[at] = 1;
  const Tensor free = Tensor::full(Shape(dims), fill, x.dtype());
  std::vector<Slice> kept(at + 1);
  if (direction == Direction::onward) {
    kept[at].stop = -1;
    return concatenate({free, slice(x, kept)}, {.axis = axis});
  }
  kept[at].start = 1;
  return concatenate({slice(x, kept), free}, {.axis = axis});
}

namespace {

class LinearScan : public ScanOp {
 public:
  LinearScan(std::int64_t axis, Direction direction) : ScanOp(axis), direction_(direction) {}
  std::string_view name() const override { return "linear_scan"; }

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T *a = forward.value(0).raw<T>(), *b = forward.value(1).raw<T>();
      T* h = forward.output().raw<T>();
      scan(forward.output_shape(), forward.axis(axis_), direction_, 0.0, [&](double& state, std::int64_t i) {
        state = static_cast<double>(b[i]) + static_cast<double>(a[i]) * state;
        h[i] = static_cast<T>(state);
      });
    });
  }

  // The gradient d of each h is a scan the other way: d[i] = g[i] + a[i + 1] d[i + 1]; db = d and
  // da[i] = d[i] h[i - 1].
  void vjp(Backward& b) const override {
    const Variable next = shifted(b.input(0), axis_, opposite(direction_), 0);
    Variable d = linear_scan(next, b.gradient(), axis_, opposite(direction_));
    if (b.needs(0)) b.give(0, multiply(d, shifted(b.output(), axis_, direction_, 0)));
    if (b.needs(1)) b.give(1, std::move(d));
  }

 private:
  Direction direction_;
};

}  // namespace

Variable linear_scan(const Variable& a, const Variable& b, std::int64_t axis, Direction direction) {
  return apply(LinearScan(axis, direction), {a, b});
}

}  // namespace gradus::kernels
