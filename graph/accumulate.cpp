#include <gradus/graph/accumulate.h>
#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>

namespace gradus {

namespace {

// out may be a or b.
void add(const Tensor& a, const Tensor& b, const Tensor& out) {
  dispatch_floating(out.dtype(), [&]<class T>() {
    const T *left = a.raw<T>(), *right = b.raw<T>();
    T* sum = out.raw<T>();
    const std::int64_t size = out.size();
    for (std::int64_t i = 0; i < size; ++i) sum[i] = left[i] + right[i];
  });
}

class Accumulate : public Op {
 public:
  std::string_view name() const override { return "accumulate"; }
  Shape infer_shape(const Call& call) const override {
    if (call.shape(0) != call.shape(1)) throw call.shape_error("the gradients' shapes differ");
    return call.shape(0);
  }
  void forward(Forward& forward) const override { add(forward.value(0), forward.value(1), forward.output()); }
  void vjp(Backward& b) const override {
    if (b.needs(0)) b.give(0, b.gradient());
    if (b.needs(1)) b.give(1, b.gradient());
  }
};

}  // namespace

Variable accumulate(const Variable& a, const Variable& b) {
  static const auto op = Ref<const Op>::adopt(new Accumulate);
  return apply(op, {a, b});
}

Tensor accumulate_in_place(Tensor a, const Tensor& b) {
  if (a.buffer()->unique()) {
    add(a, b, a);
    return a;
  }
  Tensor sum = Tensor::empty(a.shape(), a.dtype());
  add(a, b, sum);
  return sum;
}

Variable accumulate_in_place(Variable a, const Variable& b) {
  // One reference to the node and one to its buffer: the sum is ours to write.
  if (a.node().references() == 1 && a.value().buffer()->unique()) {
    add(a.value(), b.value(), a.value());
    return a;
  }
  Tensor sum = Tensor::empty(a.shape(), a.dtype());
  add(a.value(), b.value(), sum);
  return Variable(std::move(sum));
}

}  // namespace gradus
