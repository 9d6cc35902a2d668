#pragma once

#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/like.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/kernels/reduction/short_rows.h>

#include <utility>

// Note [Pointwise losses]
// A loss that is the mean over each row of a function of one label t and one prediction p is a functor:
//   `auto f(auto t, auto p) const`, its derivative `auto dp(auto g, auto t, auto p) const` times g, and `dt`,
//   which may be left out where it is -dp, as for a function of p - t.
// f is compiled over Vectors, dp and dt over Vectors and Variables; see Note [Elementwise functors]. With
// `kSum = true` it is the sum over each row. `attributes()` adds to the label.

namespace gradus::kernels {

template <class F>
class PointwiseLoss : public LossOp {
 public:
  PointwiseLoss() requires std::is_empty_v<F>
  = default;
  explicit PointwiseLoss(F functor) : functor_(std::move(functor)) {}
  std::string_view name() const override { return F::kName; }
  OpAttributes attributes() const override {
    if constexpr (requires(const F& functor) { functor.attributes(); }) return functor_.attributes();
    return {};
  }

  void forward(Forward& forward) const override {
    const std::int64_t rows = forward.output_shape().elements(), n = width(forward.shape(1));
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T *t = forward.value(0).raw<T>(), *p = forward.value(1).raw<T>();
      T* values = forward.output().raw<T>();
      const auto f = [this](Vector<T> label, Vector<T> prediction) { return functor_.f(label, prediction); };
      if (are_short(n)) {
        return parallel_for(
            rows, kElementGrain / n, [&](std::int64_t begin, std::int64_t end) __attribute__((noinline)) {
              alignas(64) ShortBlock<T> block;
              each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t count) {
                T* to = n == 1 ? values + first : block.data();
                each_vector(count * n, to, f, t + first * n, p + first * n);
                if (n == 1) return;
                sum_rows(to, count, n, values + first);
                for (std::int64_t i = first; i < first + count; ++i) values[i] /= divisor<T>(n);
              });
            });
      }
      // A long row is summed in parts.
      const std::int64_t parts = std::max<std::int64_t>(1, (n + kElementGrain - 1) / kElementGrain);
      PoolVector<double> sums(static_cast<std::size_t>(rows * parts));
      const std::int64_t grain = std::max<std::int64_t>(1, kElementGrain / std::max<std::int64_t>(1, n));
      parallel_for(
          rows * parts, grain, [&](std::int64_t begin, std::int64_t end) __attribute__((noinline)) {
            for (std::int64_t i = begin; i < end; ++i) {
              const std::int64_t start = i % parts * kElementGrain, at = i / parts * n + start;
              const std::int64_t count = std::min(n - start, kElementGrain);
              sums[static_cast<std::size_t>(i)] = sum_of_vectors<T>(count, f, t + at, p + at);
            }
          });
      for (std::int64_t i = 0; i < rows; ++i) {
        double total = 0;
        for (std::int64_t k = 0; k < parts; ++k) total += sums[static_cast<std::size_t>(i * parts + k)];
        values[i] = static_cast<T>(total / divisor<double>(n));
      }
    });
  }

  void vjp(Backward& b) const override {
    if (b.needs(0)) {
      give(b, 0, [this](auto g, auto t, auto p) {
        if constexpr (requires { functor_.dt(g, t, p); }) {
          return functor_.dt(g, t, p);
        } else {
          return -functor_.dp(g, t, p);
        }
      });
    }
    if (b.needs(1)) give(b, 1, [this](auto g, auto t, auto p) { return functor_.dp(g, t, p); });
  }

 private:
  // What the sum over a row of n values is divided by.
  template <class T>
  static T divisor(std::int64_t n) {
    if constexpr (requires { F::kSum; }) return 1;
    return static_cast<T>(n);
  }

  template <class Rule>
  static void give(Backward& b, std::size_t index, const Rule& rule) {
    const Variable t = b.input(0), p = b.input(1);
    const std::int64_t n = width(p.shape());
    if (b.create_graph()) {
      return b.give(index, Variable(rule(multiply(row_gradient(b), 1 / divisor<double>(n)), t, p)));
    }
    Tensor result = Tensor::empty(p.shape(), p.dtype());
    const Tensor& gradient = b.gradient_value();
    dispatch_floating(p.dtype(), [&]<class T>() {
      const T *g = gradient.raw<T>(), *labels = t.value().raw<T>(), *predictions = p.value().raw<T>();
      T* out = result.raw<T>();
      const std::int64_t rows = gradient.size();
      if (are_short(n)) {
        return parallel_for(
            rows, kElementGrain / n, [&](std::int64_t begin, std::int64_t end) __attribute__((noinline)) {
              alignas(64) ShortBlock<T> shares, block;
              const auto one = [&rule](Vector<T> gv, Vector<T> tv, Vector<T> pv) -> Vector<T> {
                return rule(gv, tv, pv);
              };
              each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t count) {
                const T* share = g + first;
                if (n != 1) {
                  for (std::int64_t i = 0; i < count; ++i) {
                    shares[static_cast<std::size_t>(i)] = share[i] / divisor<T>(n);
                  }
                  repeat_rows(shares.data(), count, n, block.data());
                  share = block.data();
                }
                const std::int64_t at = first * n;
                each_vector(count * n, out + at, one, share, labels + at, predictions + at);
              });
            });
      }
      const std::int64_t grain = std::max<std::int64_t>(1, kElementGrain / std::max<std::int64_t>(1, n));
      parallel_for(
          rows, grain, [&](std::int64_t begin, std::int64_t end) __attribute__((noinline)) {
            for (std::int64_t i = begin; i < end; ++i) {
              const Vector<T> share = g[i] / divisor<T>(n);
              const auto one = [&](Vector<T> tv, Vector<T> pv) -> Vector<T> { return rule(share, tv, pv); };
              each_vector(n, out + i * n, one, labels + i * n, predictions + i * n);
            }
          });
    });
    b.give(index, std::move(result));
  }

  F functor_ = {};
};

}  // namespace gradus::kernels

namespace gradus {

// Runs a pointwise loss; see Note [Pointwise losses].
template <class F>
Variable pointwise_loss(F functor, const Operand& y_true, const Operand& y_pred, Reduction reduction,
                        const Tensor& sample_weight) {
  const auto [labels, predictions] = kernels::align_ranks(y_true, y_pred);
  const Ref<const Op> op = kernels::functor_op<kernels::PointwiseLoss<F>>(std::move(functor));
  return kernels::reduced_loss(op, labels, predictions, reduction, sample_weight, y_pred);
}

}  // namespace gradus
