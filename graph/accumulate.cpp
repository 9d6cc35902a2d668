#include <gradus/graph/accumulate.h>
#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>

#include <cstring>
#include <utility>

namespace gradus {

namespace {

// Written out: most gradients are small, and the compiler's own loop takes longer to begin than they take.
template <int bytes, class T>
[[gnu::always_inline]] inline void add_vector(const T* a, const T* b, T* sum) {
  typedef T Values __attribute__((vector_size(bytes)));
  Values x, y;
  std::memcpy(&x, a, bytes);
  std::memcpy(&y, b, bytes);
  x += y;
  std::memcpy(sum, &x, bytes);
}
// Fewer than two vectors of `bytes`.
template <int bytes, class T>
void add_rest(const T* a, const T* b, T* sum, std::int64_t n) {
  constexpr std::int64_t kWidth = bytes / sizeof(T);
  const bool one = n >= kWidth;
  const std::int64_t done = one ? kWidth : 0;
  if (one) add_vector<bytes>(a, b, sum);
  if constexpr (kWidth > 1) add_rest<bytes / 2>(a + done, b + done, sum + done, n - done);
}
// REQUIRES that sum is a or b or overlaps neither.
template <class T>
[[gnu::noinline]] void add(const T* a, const T* b, T* sum, std::int64_t n) {
  constexpr int kBytes = 32;
  constexpr std::int64_t kWidth = kBytes / sizeof(T);
  std::int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) add_vector<kBytes>(a + i, b + i, sum + i);
  if (i != n) add_rest<kBytes / 2>(a + i, b + i, sum + i, n - i);
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

[[gnu::noinline]] void accumulate_apart(Tensor& sum, const Tensor& gradient) {
  Tensor target = Tensor::empty_like(sum);
  add(sum, gradient, target);
  sum = std::move(target);
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

Variable accumulate(const Variable& a, const Variable& b) { return apply(Op::lasting<Accumulate>(), a, b); }

void accumulate_in_place(Tensor& sum, const Tensor& gradient) {
  if (sum.buffer()->unique()) return add(sum, gradient, sum);
  accumulate_apart(sum, gradient);
}

void accumulate_in_place(Tensor& sum, Tensor&& gradient) {
  if (sum.buffer()->unique() || !gradient.buffer()->unique()) return accumulate_in_place(sum, gradient);
  add(sum, gradient, gradient);
  sum = std::move(gradient);
}

}  // namespace gradus
