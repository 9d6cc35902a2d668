#include <gradus/graph/accumulate.h>
#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>

#include <utility>

namespace gradus {

namespace {

// REQUIRES that out is a or b or overlaps neither.
void add(const Tensor& a, const Tensor& b, const Tensor& out) {
  dispatch_floating(out.dtype(), [&]<class T>() {
    const T *left = a.raw<T>(), *right = b.raw<T>();
    T* sum = out.raw<T>();
    constexpr std::int64_t kGrain = std::int64_t{1} << 16;  // 20 us and more
    parallel_for(out.size(), kGrain, [=](std::int64_t begin, std::int64_t end) {
#ifdef __clang__
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
      for (std::int64_t i = begin; i < end; ++i) sum[i] = left[i] + right[i];
    });
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

void accumulate_in_place(Tensor& sum, const Tensor& gradient) {
  if (sum.buffer()->unique()) return add(sum, gradient, sum);
  Tensor target = Tensor::empty_like(sum);
  add(sum, gradient, target);
  sum = std::move(target);
}

void accumulate_in_place(Tensor& sum, Tensor&& gradient) {
  if (sum.buffer()->unique() || !gradient.buffer()->unique()) return accumulate_in_place(sum, gradient);
  add(sum, gradient, gradient);
  sum = std::move(gradient);
}

}  // namespace gradus
