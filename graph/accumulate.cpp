#include <gradus/graph/accumulate.h>
#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>

#include <utility>

namespace gradus {

namespace {

// REQUIRES that sum is a or b or overlaps neither.
template <class T>
void add(const T* a, const T* b, T* sum, std::int64_t n) {
#ifdef __clang__
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
  for (std::int64_t i = 0; i < n; ++i) sum[i] = a[i] + b[i];
}
constexpr std::int64_t kGrain = std::int64_t{1} << 16;  // 20 us and more
template <class T>
[[gnu::noinline]] void add_in_pieces(const T* a, const T* b, T* sum, std::int64_t n) {
  parallel_for(n, kGrain, [=](std::int64_t begin, std::int64_t end) {
    add(a + begin, b + begin, sum + begin, end - begin);
  });
}
void add(const Tensor& a, const Tensor& b, const Tensor& out) {
  const std::int64_t n = out.size();
  dispatch_floating(out.dtype(), [&]<class T>() {
    if (n > kGrain) return add_in_pieces(a.raw<T>(), b.raw<T>(), out.raw<T>(), n);
    add(a.raw<T>(), b.raw<T>(), out.raw<T>(), n);
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
  static const auto op = Op::lasting(new Accumulate);
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
