#pragma once

#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/chunks.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/elementwise/unbroadcast.h>

#include <string_view>
#include <type_traits>

// Note [Elementwise functors]
// An elementwise op is a functor: a struct with `kName` and
//   one operand:  `auto f(auto x) const`, `auto df(auto g, auto x, auto y) const`
//   two operands: `auto f(auto a, auto b) const`, and `da` and `db(auto g, auto a, auto b, auto y)`
// where g is the gradient with respect to the result y. Each is compiled twice: over Lanes, where a whole
// rule becomes one pass over memory, and over Variables, where the gradient is itself recorded. A value a
// rule does not use is declared `Unused`: it may then be changed in place between forward and backward.
// Without a rule the op has no gradient. `kIntegers = true` says that f takes integers too; elsewhere they
// become float32. `kTruths = true` says that f takes operands of every dtype as booleans: what is not 0 is
// true. An f of booleans makes a boolean op. `check(const Forward&)` refuses values that f must not see;
// `attributes()` adds to the label.

namespace gradus {

// A parameter type for a value that a gradient rule does not use.
struct Unused {};

// Zeros beside g: the gradient of a function of steps.
template <kernels::Expression D>
auto zeros_as(const Eigen::ArrayBase<D>& g) {
  return kernels::constant(g, 0);
}
inline Variable zeros_as(const Variable& g) { return Variable(Tensor::zeros(g.shape(), g.dtype())); }

namespace kernels {

using Probe = Lanes<float>;

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

template <bool used, class Make>
auto value_or_unused(const Make& make) {
  if constexpr (used) {
    return make();
  } else {
    return Unused{};
  }
}

template <class F, class Body>
decltype(auto) dispatch_for(DType dtype, Body&& body) {
  if constexpr (requires { F::kTruths; }) {
    return body.template operator()<bool>();
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
    if constexpr (requires { F::kTruths; }) return DType::boolean;
    if constexpr (requires { F::kIntegers; }) return call.common_dtype();
    return call.common_floating_dtype();
  }
  void operand_dtypes(const Call& call, std::span<DType> dtypes) const override {
    std::ranges::fill(dtypes, FunctorOp::operand_dtype(call, 0));
  }

 protected:
  // The dtype of a result that f gives as lanes of type R.
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
      const Lanes<T> lanes(x.raw<T>(), x.size());
      using Value = typename decltype(functor_.f(lanes))::Scalar;
      MutableLanes<Value>(forward.output().template raw<Value>(), x.size()) = functor_.f(lanes);
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
        MutableLanes<T>(dx.raw<T>(), dx.size()) = functor_.df(lanes<T>(g), lanes<T>(x), lanes<T>(y));
      });
      b.give(0, std::move(dx));
    }
  }

 private:
  template <class T>
  static Lanes<T> lanes(const Tensor& tensor) {
    return Lanes<T>(tensor.raw<T>(), tensor.size());
  }
  template <class T>
  static Lanes<T> lanes(const Variable& variable) {
    return lanes<T>(variable.value());
  }
  template <class T>
  static Unused lanes(Unused unused) {
    return unused;
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
      using Value = typename decltype(functor_.f(std::declval<Lanes<T>>(), std::declval<Lanes<T>>()))::Scalar;
      Value* values = out.raw<Value>();
      each_chunk<T, T>(
          out.shape(), {&a, &b}, [&](std::int64_t at, std::int64_t n, const T* left, const T* right) {
            MutableLanes<Value>(values + at, n) = functor_.f(Lanes<T>(left, n), Lanes<T>(right, n));
          });
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
    using Result = decltype(rule(std::declval<Probe>(), probe(a), probe(b), probe(y)));
    if constexpr (std::is_same_v<Result, Probe>) {  // the rule hands g on: no copy
      backward.give(index, unbroadcast(g, backward.shape(index)));
    } else {
      Tensor full = Tensor::empty(g.shape(), g.dtype());
      const Tensor& left = backward_value(a, g);
      const Tensor& right = backward_value(b, g);
      dispatch_floating(g.dtype(), [&]<class T>() {
        each_chunk<T, T>(g.shape(), {&left, &right},
                         [&](std::int64_t at, std::int64_t n, const T* p, const T* q) {
                           MutableLanes<T>(full.raw<T>() + at, n) =
                               rule(Lanes<T>(g.value().raw<T>() + at, n), lanes(a, p, n), lanes(b, q, n),
                                    result_lanes<T>(y, at, n));
                         });
      });
      backward.give(index, unbroadcast(Variable(std::move(full)), backward.shape(index)));
    }
  }
  static Probe probe(const Variable&);
  static Unused probe(Unused);
  static const Tensor& backward_value(const Variable& used, const Variable& /*g*/) { return used.value(); }
  static const Tensor& backward_value(Unused /*unused*/, const Variable& g) { return g.value(); }
  template <class T>
  static Lanes<T> lanes(const Variable& /*used*/, const T* values, std::int64_t n) {
    return Lanes<T>(values, n);
  }
  template <class T>
  static Unused lanes(Unused unused, const T* /*values*/, std::int64_t /*n*/) {
    return unused;
  }
  template <class T>
  static Lanes<T> result_lanes(const Variable& y, std::int64_t at, std::int64_t n) {
    return Lanes<T>(y.value().raw<T>() + at, n);
  }
  template <class T>
  static Unused result_lanes(Unused unused, std::int64_t /*at*/, std::int64_t /*n*/) {
    return unused;
  }
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
