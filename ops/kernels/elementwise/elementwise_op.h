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
const T* raw_or(const Tensor* used, const T* other) {
  return used != nullptr ? used->raw<T>() : other;
}
template <bool used, class Get>
const Tensor* value_if(const Get& get) {
  if constexpr (used) {
    return &get();
  } else {
    return nullptr;
  }
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
  FunctorOp() requires std::is_empty_v<F>
  = default;
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
  // Whether f may run at once over small operands that are alike, to a result of type R.
  template <class R>
  static constexpr bool kAsksNothing =
      !std::is_same_v<typename R::Scalar, bool> && !requires(const F& f, const Forward& forward) {
    f.check(forward);
  };
  // How many values each operand has, where they are floating, alike and few; else 0.
  static std::int64_t few_alike(const Tensor& first, const Tensor& last) {
    if (!is_floating(first.dtype()) || !first.is_like(last)) return 0;
    const std::int64_t n = first.size();
    return n <= kElementGrain ? n : 0;
  }
  F functor_ = {};
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
      const T* from = x.raw<T>();
      auto* to = forward.output().template raw<ResultOf<T>>();
      parallel_for(x.size(), kElementGrain, [&](std::int64_t begin, std::int64_t end) {
        compute(functor_, end - begin, to + begin, from + begin);
      });
    });
  }
  Tensor compute_alike(const Call& call) const override {
    if constexpr (FunctorOp<F>::template kAsksNothing<decltype(functor_.f(std::declval<Probe>()))>) {
      const Tensor& x = call.value(0);
      if (const std::int64_t n = this->few_alike(x, x); n != 0) return compute_few(n, x);
    }
    return {};
  }

  void vjp(Backward& b) const override {
    if constexpr (constexpr unsigned kUses = kUnaryUses<Rule>; kUses != kNoRule) {
      if (b.create_graph()) {
        const auto x = value_or_unused<(kUses & 1) != 0>([&] { return b.input(0); });
        const auto y = value_or_unused<(kUses & 2) != 0>([&] { return b.output(); });
        return b.give(0, Variable(functor_.df(b.gradient(), x, y)));
      }
      const Tensor* x = value_if<(kUses & 1) != 0>([&]() -> const Tensor& { return b.input_value(0); });
      const Tensor* y = value_if<(kUses & 2) != 0>([&]() -> const Tensor& { return b.output_value(); });
      const auto write = [&](const Tensor& dx, bool into) {
        const Tensor& g = b.gradient_value();
        dispatch_floating(g.dtype(), [&]<class T>() {
          const T *gs = g.raw<T>(), *xs = raw_or<T>(x, gs), *ys = raw_or<T>(y, gs);
          T* to = dx.raw<T>();
          parallel_for(dx.size(), kElementGrain, [&](std::int64_t begin, std::int64_t end) {
            differentiate<T, kUses>(functor_, end - begin, to + begin, gs + begin, xs + begin, ys + begin,
                                    into);
          });
        });
      };
      b.give_by(0, write, Backward::Use::last);
    }
  }

 private:
  template <class T>
  using ResultOf = typename decltype(std::declval<const F&>().f(std::declval<Vector<T>>()))::Scalar;

  Tensor compute_few(std::int64_t n, const Tensor& x) const {
    Tensor result = Tensor::empty_like(x);
    dispatch_floating(x.dtype(), [&]<class T>() { compute(functor_, n, result.raw<T>(), x.raw<T>()); });
    return result;
  }
  // Not inlined here and below: a functor's code is long, and each_vector's callers are several.
  template <class T>
  [[gnu::noinline]] static void compute(const F& functor, std::int64_t n, ResultOf<T>* to, const T* x) {
    each_vector(
        n, to, [&](Vector<T> v) { return functor.f(v); }, x);
  }
  // Adds to what `to` holds where `into` is true.
  template <class T, unsigned uses>
  [[gnu::noinline]] static void differentiate(const F& functor, std::int64_t n, T* to, const T* g, const T* x,
                                              const T* y, bool into) {
    const auto rule = [&](Vector<T> gv, Vector<T> xv, Vector<T> yv) -> Vector<T> {
      return functor.df(gv, vector_or_unused<(uses & 1) != 0>(xv), vector_or_unused<(uses & 2) != 0>(yv));
    };
    if (into) return each_sum(n, to, rule, Contiguous<T>{g}, Contiguous<T>{x}, Contiguous<T>{y});
    each_vector(n, to, rule, g, x, y);
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
      auto* values = out.raw<ResultOf<T>>();
      each_chunk<Vector<T>::kWidth, T, T>(
          out.shape(), {&a, &b}, [&](std::int64_t at, std::int64_t n, Broadcast<T> left, Broadcast<T> right) {
            compute(functor_, n, values + at, left, right);
          });
    });
  }
  Tensor compute_alike(const Call& call) const override {
    using Result = decltype(functor_.f(std::declval<Probe>(), std::declval<Probe>()));
    if constexpr (FunctorOp<F>::template kAsksNothing<Result>) {
      const Tensor &a = call.value(0), &b = call.value(1);
      if (const std::int64_t n = this->few_alike(a, b); n != 0) return compute_few(n, a, b);
    }
    return {};
  }

  // The first operand's gradient comes last: in a chain it is the one that nobody holds yet, and may be
  // written over the result's.
  void vjp(Backward& b) const override {
    if constexpr (kBinaryUses<RuleA> != kNoRule) {
      const bool needs_a = b.needs(0), needs_b = b.needs(1);
      if (b.create_graph()) {
        if (needs_b) give_by_ops<kBinaryUses<RuleB>>(b, 1, RuleB{functor_});
        if (needs_a) give_by_ops<kBinaryUses<RuleA>>(b, 0, RuleA{functor_});
        return;
      }
      using Use = Backward::Use;
      const bool whole[] = {b.is_like_gradient(0), b.is_like_gradient(1)};
      constexpr bool kBothHandOn = kHandsOn<RuleA, kBinaryUses<RuleA>> && kHandsOn<RuleB, kBinaryUses<RuleB>>;
      const std::int64_t size = kBothHandOn ? 0 : b.gradient_value().size();
      const std::int64_t few = whole[0] && whole[1] && size <= kElementGrain ? size : 0;
      if (needs_b) {
        give<kBinaryUses<RuleB>>(b, 1, RuleB{functor_}, whole, few, needs_a ? Use::further : Use::last);
      }
      if (needs_a) give<kBinaryUses<RuleA>>(b, 0, RuleA{functor_}, whole, few, Use::last);
    }
  }

 private:
  template <class T>
  using ResultOf = typename decltype(std::declval<const F&>().f(std::declval<Vector<T>>(),
                                                                std::declval<Vector<T>>()))::Scalar;

  Tensor compute_few(std::int64_t n, const Tensor& a, const Tensor& b) const {
    Tensor result = Tensor::empty_like(a);
    dispatch_floating(a.dtype(), [&]<class T>() {
      compute(functor_, n, result.raw<T>(), Broadcast<T>{a.raw<T>()}, Broadcast<T>{b.raw<T>()});
    });
    return result;
  }
  template <class T>
  [[gnu::noinline]] static void compute(const F& functor, std::int64_t n, ResultOf<T>* to, Broadcast<T> a,
                                        Broadcast<T> b) {
    each_vector(
        n, to, [&](Vector<T> left, Vector<T> right) { return functor.f(left, right); }, a, b);
  }
  // Adds to what `to` holds where `into` is true.
  template <class T, unsigned mask, class Rule>
  [[gnu::noinline]] static void differentiate(const Rule& rule, std::int64_t n, T* to, const T* g,
                                              Broadcast<T> a, Broadcast<T> b, const T* y, bool into) {
    const auto one = [&](Vector<T> gv, Vector<T> av, Vector<T> bv, Vector<T> yv) -> Vector<T> {
      return rule(gv, vector_or_unused<(mask & 1) != 0>(av), vector_or_unused<(mask & 2) != 0>(bv),
                  vector_or_unused<(mask & 4) != 0>(yv));
    };
    if (into) return each_sum(n, to, one, Broadcast<T>{g}, a, b, Broadcast<T>{y});
    each_vector(n, to, one, Broadcast<T>{g}, a, b, Broadcast<T>{y});
  }

  // Gives operand `index` its gradient by a rule that uses the values in `mask` (1: a, 2: b, 4: y).
  template <unsigned mask, class Rule>
  static void give_by_ops(Backward& backward, std::size_t index, const Rule& rule) {
    const auto a = value_or_unused<(mask & 1) != 0>([&] { return backward.input(0); });
    const auto b = value_or_unused<(mask & 2) != 0>([&] { return backward.input(1); });
    const auto y = value_or_unused<(mask & 4) != 0>([&] { return backward.output(); });
    backward.give(index, unbroadcast(Variable(rule(backward.gradient(), a, b, y)), backward.shape(index)));
  }
  // The same where nothing is recorded; `whole`: which operands have the gradient's shape; `few`: how many
  // values each has where both do and one thread suffices, else 0.
  template <unsigned mask, class Rule>
  static void give(Backward& backward, std::size_t index, const Rule& rule, const bool (&whole)[2],
                   std::int64_t few, Backward::Use use) {
    if constexpr (kHandsOn<Rule, mask>) {  // no copy
      if (whole[index]) return backward.hand_on(index, use);
      backward.give(index, sum_over_broadcast(backward.gradient(), backward.shape(index)));
    } else {
      const Tensor* a = value_if<(mask & 1) != 0>([&]() -> const Tensor& { return backward.input_value(0); });
      const Tensor* b = value_if<(mask & 2) != 0>([&]() -> const Tensor& { return backward.input_value(1); });
      const Tensor* y = value_if<(mask & 4) != 0>([&]() -> const Tensor& { return backward.output_value(); });
      if (few != 0) {
        const auto write = [&](const Tensor& to, bool into) {
          dispatch_floating(to.dtype(), [&]<class T>() {
            const T* gs = backward.gradient_value().raw<T>();
            differentiate<T, mask>(rule, few, to.raw<T>(), gs, {raw_or<T>(a, gs)}, {raw_or<T>(b, gs)},
                                   raw_or<T>(y, gs), into);
          });
        };
        return backward.give_by(index, write, use);
      }
      const auto write = [&](const Tensor& to, bool into) {
        const Tensor& g = backward.gradient_value();
        dispatch_floating(g.dtype(), [&]<class T>() {
          const T *gs = g.raw<T>(), *ys = raw_or<T>(y, gs);
          T* values = to.raw<T>();
          each_chunk<Vector<T>::kWidth, T, T>(
              g.shape(), {a != nullptr ? a : &g, b != nullptr ? b : &g},
              [&](std::int64_t at, std::int64_t n, Broadcast<T> p, Broadcast<T> q) {
                differentiate<T, mask>(rule, n, values + at, gs + at, p, q, ys + at, into);
              });
        });
      };
      if (whole[index]) return backward.give_by(index, write, use);
      const Tensor full = Tensor::empty_like(backward.gradient_value());
      write(full, false);
      backward.give(index, sum_over_broadcast(Variable(full), backward.shape(index)));
    }
  }
};

// A functor without attributes needs one op for the whole process.
template <class K, class F>
decltype(auto) functor_op(F functor) {
  if constexpr (std::is_empty_v<F>) {
    return Op::lasting<K>();
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
