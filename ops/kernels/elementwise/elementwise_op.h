#pragma once

#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/chunks.h>
#include <gradus/ops/kernels/elementwise/unbroadcast.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_loops.h>

#include <string_view>
#include <type_traits>

// Note [Elementwise functors]
// An elementwise op is a functor: a struct with `kName` and
//   one operand:  `auto f(auto x) const`, `auto df(auto g, auto x, auto y) const`
//   two operands: `auto f(auto a, auto b) const`, and `da` and `db(auto g, auto a, auto b, auto y)`
// where g is the gradient with respect to the result y. Each is compiled twice: over Vectors, where a
// whole rule becomes one pass over memory, and over Variables, where the gradient is itself recorded. A value
// a rule does not use is declared `Unused`: it may then be changed in place between forward and backward.
// Without a rule the op has no gradient. `kIntegers = true` says that f takes integers too; elsewhere they
// become float32. `kTruths = true` says that f takes operands of every dtype, as truths: what is not 0 is
// true. An f of booleans makes a boolean op. `check(const Forward&)` refuses values that f must not see;
// `attributes()` adds to the label.

namespace gradus {

// A parameter type for a value that a gradient rule does not use.
struct Unused {};

// Zeros beside g: the gradient of a function of steps.
template <class T>
[[gnu::always_inline]] inline kernels::Vector<T> zeros_as(const kernels::Vector<T>& /*g*/) {
  return 0;
}
inline Variable zeros_as(const Variable& g) { return Variable(Tensor::zeros(g.shape(), g.dtype())); }

namespace kernels {

using Probe = Vector<float>;

template <class F>
concept UnaryFunctor = requires(const F& functor, Probe x) {
  { F::kName } -> std::convertible_to<std::string_view>;
  functor.f(x);
};
template <class F>
concept BinaryFunctor = requires(const F& functor, Probe x) {
  { F::kName } -> std::convertible_to<std::string_view>;
  functor.f(x, x);
};

// Which of a rule's values it uses, as bits in their order: the first combination it can be called with, from
// all used to none. Each is tried only when those before it failed, since a rule that takes a value must not
// be handed Unused for it.
constexpr unsigned kNoRule = 8;
template <class Rule, class... V>
constexpr bool kCallable = std::is_invocable_v<Rule, Probe, V...>;
template <bool used>
using Value = std::conditional_t<used, Probe, Unused>;

template <class Rule, unsigned mask, unsigned... others>
constexpr unsigned unary_uses() {
  if constexpr (kCallable<Rule, Value<(mask & 1) != 0>, Value<(mask & 2) != 0>>) {
    return mask;
  } else if constexpr (sizeof...(others) != 0) {
    return unary_uses<Rule, others...>();
  } else {
    return kNoRule;
  }
}
template <class Rule, unsigned mask, unsigned... others>
constexpr unsigned binary_uses() {
  if constexpr (kCallable<Rule, Value<(mask & 1) != 0>, Value<(mask & 2) != 0>, Value<(mask & 4) != 0>>) {
    return mask;
  } else if constexpr (sizeof...(others) != 0) {
    return binary_uses<Rule, others...>();
  } else {
    return kNoRule;
  }
}
template <class Rule>
constexpr unsigned kUnaryUses = unary_uses<Rule, 3, 2, 1, 0>();
template <class Rule>
constexpr unsigned kBinaryUses = binary_uses<Rule, 7, 3, 5, 6, 1, 2, 4, 0>();
// Whether a rule of two operands that uses the values in mask gives the gradient it is handed as it is.
template <class Rule, unsigned mask>
constexpr bool kHandsOn = std::is_same_v<std::invoke_result_t<Rule, Handed<float>, Value<(mask & 1) != 0>,
                                                              Value<(mask & 2) != 0>, Value<(mask & 4) != 0>>,
                                         Handed<float>>;

template <bool used, class Make>
auto value_or_unused(const Make& make) {
  if constexpr (used) {
    return make();
  } else {
    return Unused{};
  }
}

template <bool used, class V>
[[gnu::always_inline]] inline auto vector_or_unused(const V& vector) {
  if constexpr (used) {
    return vector;
  } else {
    return Unused{};
  }
}
// The values of what a rule uses; of what it does not, others that can be read in their place.
template <class T>
const T* raw_or(const Variable& used, const T* /*other*/) {
  return used.value().raw<T>();
}
template <class T>
const T* raw_or(Unused /*unused*/, const T* other) {
  return other;
}

template <class F, class Body>
decltype(auto) dispatch_for(DType dtype, Body&& body) {
  if constexpr (requires { F::kTruths; }) {
    return dispatch(dtype, std::forward<Body>(body));
  } else if constexpr (requires { F::kIntegers; }) {
    return dispatch_numeric(dtype, std::forward<Body>(body));
  } else {
    return dispatch_floating(dtype, std::forward<Body>(body));
  }
}

// What elementwise ops of one and two operands share.
template <class F>
class FunctorOp : public Op {
 public:
  explicit FunctorOp(F functor) : functor_(std::move(functor)) {}
  std::string_view name() const override { return F::kName; }
  OpAttributes attributes() const override {
    if constexpr (requires { functor_.attributes(); }) return functor_.attributes();
    return {};
  }
  DType operand_dtype(const Call& call, std::size_t /*i*/) const override {
    if constexpr (requires { F::kTruths; }) {
      const bool alike = call.dtype(0) == call.dtype(call.size() - 1);
      return alike ? call.dtype(0) : DType::boolean;
    }
    if constexpr (requires { F::kIntegers; }) return call.common_dtype();
    return call.common_floating_dtype();
  }
  std::optional<DType> operands_dtype(const Call& call) const override {
    return FunctorOp::operand_dtype(call, 0);
  }

 protected:
  // The dtype of a result that f gives as vectors of type R.
  template <class R>
  static DType result_dtype(const Call& call) {
    return std::is_same_v<typename R::Scalar, bool> ? DType::boolean : call.dtype(0);
  }
  void check(const Forward& forward) const {
    if constexpr (requires { functor_.check(forward); }) functor_.check(forward);
  }
  F functor_;
};

template <UnaryFunctor F>
class UnaryOp : public FunctorOp<F> {
  using FunctorOp<F>::functor_;
  struct Rule {
    template <class G, class X, class Y>
    auto operator()(G g, X x, Y y) const requires requires(const F& f) {
      f.df(g, x, y);
    }
    { return functor.df(g, x, y); }
    const F& functor;
  };
  static constexpr unsigned uses() { return kUnaryUses<Rule>; }

 public:
  using FunctorOp<F>::FunctorOp;
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  DType infer_dtype(const Call& call) const override {
    return FunctorOp<F>::template result_dtype<decltype(functor_.f(std::declval<Probe>()))>(call);
  }
  bool differentiable() const override { return uses() != kNoRule; }

  void forward(Forward& forward) const override {
    this->check(forward);
    const Tensor& x = forward.value(0);
    dispatch_for<F>(x.dtype(), [&]<class T>() {
      using Value = typename decltype(functor_.f(std::declval<Vector<T>>()))::Scalar;
      const T* from = x.raw<T>();
      Value* to = forward.output().template raw<Value>();
      // Not inlined here and below: a functor's code is long, and each_vector's callers are several.
      parallel_for(
          x.size(), kElementGrain, [&](std::int64_t begin, std::int64_t end) __attribute__((noinline)) {
            const auto f = [this](Vector<T> v) { return functor_.f(v); };
            each_vector(end - begin, to + begin, f, from + begin);
          });
    });
  }

  void vjp(Backward& b) const override {
    if constexpr (constexpr unsigned kUses = kUnaryUses<Rule>; kUses != kNoRule) {
      const auto x = value_or_unused<(kUses & 1) != 0>([&] { return b.input(0); });
      const auto y = value_or_unused<(kUses & 2) != 0>([&] { return b.output(); });
      if (b.create_graph()) return b.give(0, Variable(functor_.df(b.gradient(), x, y)));
      const Tensor& g = b.gradient().value();
      Tensor dx = Tensor::empty(g.shape(), g.dtype());
      dispatch_floating(g.dtype(), [&]<class T>() {
        const T *gs = g.raw<T>(), *xs = raw_or<T>(x, gs), *ys = raw_or<T>(y, gs);
        T* to = dx.raw<T>();
        parallel_for(
            dx.size(), kElementGrain, [&](std::int64_t begin, std::int64_t end) __attribute__((noinline)) {
              const auto rule = [this](Vector<T> gv, Vector<T> xv, Vector<T> yv) -> Vector<T> {
                return functor_.df(gv, vector_or_unused<(kUses & 1) != 0>(xv),
                                   vector_or_unused<(kUses & 2) != 0>(yv));
              };
              each_vector(end - begin, to + begin, rule, gs + begin, xs + begin, ys + begin);
            });
      });
      b.give(0, std::move(dx));
    }
  }
};

template <BinaryFunctor F>
class BinaryOp : public FunctorOp<F> {
  using FunctorOp<F>::functor_;
  struct RuleA {
    template <class G, class A, class B, class Y>
    auto operator()(G g, A a, B b, Y y) const requires requires(const F& f) {
      f.da(g, a, b, y);
    }
    { return functor.da(g, a, b, y); }
    const F& functor;
  };
  struct RuleB {
    template <class G, class A, class B, class Y>
    auto operator()(G g, A a, B b, Y y) const requires requires(const F& f) {
      f.db(g, a, b, y);
    }
    { return functor.db(g, a, b, y); }
    const F& functor;
  };

 public:
  using FunctorOp<F>::FunctorOp;
  bool differentiable() const override { return kBinaryUses<RuleA> != kNoRule; }

  Shape infer_shape(const Call& call) const override {
    if (call.shape(0) == call.shape(1)) return call.shape(0);
    BroadcastShape result = broadcast_shapes(call.shape(0), call.shape(1));
    if (!result.ok) throw call.shape_error("the shapes do not broadcast");
    return std::move(result.shape);
  }
  DType infer_dtype(const Call& call) const override {
    using Result = decltype(functor_.f(std::declval<Probe>(), std::declval<Probe>()));
    return FunctorOp<F>::template result_dtype<Result>(call);
  }

  void forward(Forward& forward) const override {
    this->check(forward);
    const Tensor &a = forward.value(0), &b = forward.value(1);
    Tensor& out = forward.output();
    dispatch_for<F>(a.dtype(), [&]<class T>() {
      using Value =
          typename decltype(functor_.f(std::declval<Vector<T>>(), std::declval<Vector<T>>()))::Scalar;
      Value* values = out.raw<Value>();
      const auto f = [this](Vector<T> left, Vector<T> right) { return functor_.f(left, right); };
      each_chunk<Vector<T>::kWidth, T, T>(
          out.shape(), {&a, &b},
          [&](std::int64_t at, std::int64_t n, Broadcast<T> left, Broadcast<T> right)
              __attribute__((noinline)) { each_vector(n, values + at, f, left, right); });
    });
  }

  void vjp(Backward& b) const override {
    if constexpr (kBinaryUses<RuleA> != kNoRule) {
      if (b.needs(0)) give<kBinaryUses<RuleA>>(b, 0, RuleA{functor_});
      if (b.needs(1)) give<kBinaryUses<RuleB>>(b, 1, RuleB{functor_});
    }
  }

 private:
  // Gives operand `index` its gradient by a rule that uses the values in `mask` (1: a, 2: b, 4: y).
  template <unsigned mask, class Rule>
  static void give(Backward& backward, std::size_t index, const Rule& rule) {
    const auto a = value_or_unused<(mask & 1) != 0>([&] { return backward.input(0); });
    const auto b = value_or_unused<(mask & 2) != 0>([&] { return backward.input(1); });
    const auto y = value_or_unused<(mask & 4) != 0>([&] { return backward.output(); });
    const Variable& g = backward.gradient();
    if (backward.create_graph()) {
      return backward.give(index, unbroadcast(Variable(rule(g, a, b, y)), backward.shape(index)));
    }
    if constexpr (kHandsOn<Rule, mask>) {  // no copy
      if (g.shape() == backward.shape(index)) return backward.give(index, g);
      backward.give(index, kernels::sum_over_broadcast(g, backward.shape(index)));
    } else {
      Tensor full = Tensor::empty(g.shape(), g.dtype());
      const Tensor &left = value_or(a, g), &right = value_or(b, g);
      dispatch_floating(g.dtype(), [&]<class T>() {
        const T *gs = g.value().raw<T>(), *ys = raw_or<T>(y, gs);
        T* to = full.raw<T>();
        const auto one = [&rule](Vector<T> gv, Vector<T> av, Vector<T> bv, Vector<T> yv) -> Vector<T> {
          return rule(gv, vector_or_unused<(mask & 1) != 0>(av), vector_or_unused<(mask & 2) != 0>(bv),
                      vector_or_unused<(mask & 4) != 0>(yv));
        };
        each_chunk<Vector<T>::kWidth, T, T>(
            g.shape(), {&left, &right},
            [&](std::int64_t at, std::int64_t n, Broadcast<T> p, Broadcast<T> q) __attribute__((noinline)) {
              each_vector(n, to + at, one, Broadcast<T>{gs + at}, p, q, Broadcast<T>{ys + at});
            });
      });
      backward.give(index, unbroadcast(Variable(std::move(full)), backward.shape(index)));
    }
  }
  static const Tensor& value_or(const Variable& used, const Variable& /*g*/) { return used.value(); }
  static const Tensor& value_or(Unused /*unused*/, const Variable& g) { return g.value(); }
};

// A functor without attributes needs one op for the whole process.
template <class K, class F>
decltype(auto) functor_op(F functor) {
  if constexpr (std::is_empty_v<F>) {
    static const auto op = Ref<const Op>::adopt(new K(F{}));
    return std::as_const(op);
  } else {
    return Ref<const Op>::adopt(new K(std::move(functor)));
  }
}

}  // namespace kernels

// Runs an elementwise functor; see Note [Elementwise functors].
template <kernels::UnaryFunctor F>
Variable apply(F functor, const Operand& x) {
  return apply(kernels::functor_op<kernels::UnaryOp<F>>(std::move(functor)), x);
}
template <kernels::BinaryFunctor F>
Variable apply(F functor, const Operand& a, const Operand& b) {
  return apply(kernels::functor_op<kernels::BinaryOp<F>>(std::move(functor)), a, b);
}

}  // namespace gradus
