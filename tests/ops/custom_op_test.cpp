#include <gradus/graph/dot.h>
#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/ops/custom.h>
#include <gradus/ops/loss.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

// A user's own namespace, which has a sigmoid of its own, for plain numbers.
namespace laboratory {

using gradus::Backward;
using gradus::Call;
using gradus::Forward;
using gradus::OpAttributes;
using gradus::Operand;
using gradus::Shape;
using gradus::Unused;
using gradus::Variable;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

struct Swish {
  static constexpr std::string_view kName = "swish";
  double beta = 1;
  OpAttributes attributes() const { return {{"beta", std::to_string(beta)}}; }
  auto f(auto x) const { return x * sigmoid(beta * x); }
  auto df(auto g, auto x, auto y) const {
    auto s = sigmoid(beta * x);
    return g * (s + beta * y * (1 - s));
  }
};
Variable swish(const Operand& x, double beta = 1) { return apply(Swish{.beta = beta}, x); }

// a e^b, with rules that use as little as they can.
struct Scaled {
  static constexpr std::string_view kName = "scaled";
  auto f(auto a, auto b) const { return a * exp(b); }
  auto da(auto g, Unused, auto b, Unused) const { return g * exp(b); }
  auto db(auto g, Unused, Unused, auto y) const { return g * y; }
};
Variable scaled(const Operand& a, const Operand& b) { return apply(Scaled{}, a, b); }

struct Doubled {
  static constexpr std::string_view kName = "doubled";
  auto f(auto x) const { return 2 * x; }
  auto df(auto g, Unused, Unused) const { return 2 * g; }
};

struct Steps {
  static constexpr std::string_view kName = "steps";
  auto f(auto x) const { return where(x > 0, relu(x) / 2, maximum(x, -1.0)); }
};

// k a bᵀ for vectors a and b.
class Outer : public gradus::Op {
 public:
  explicit Outer(double k) : k_(k) {}
  std::string_view name() const override { return "outer"; }
  OpAttributes attributes() const override { return {{"k", std::to_string(k_)}}; }
  Shape infer_shape(const Call& call) const override {
    if (call.shape(0).rank() != 1 || call.shape(1).rank() != 1) throw call.shape_error("needs two vectors");
    return {call.shape(0)[0], call.shape(1)[0]};
  }
  void forward(Forward& forward) const override {
    gradus::dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const auto a = forward.value(0).values<T>(), b = forward.value(1).values<T>();
      T* out = forward.output().raw<T>();
      for (const T left : a) {
        for (const T right : b) *out++ = static_cast<T>(k_) * left * right;
      }
    });
  }
  void vjp(Backward& b) const override {
    if (b.needs(0)) b.give(0, k_ * matmul(b.gradient(), b.input(1)));
    if (b.needs(1)) b.give(1, k_ * matmul(b.input(0), b.gradient()));
  }

 private:
  double k_;
};
Variable outer(const Operand& a, const Operand& b, double k = 1) { return apply(Outer(k), {a, b}); }

// An op that happens to be called like one of ours.
struct Sigmoid {
  static constexpr std::string_view kName = "sigmoid";
  auto f(auto x) const { return x; }
  auto df(auto g, Unused, Unused) const { return g; }
};

}  // namespace laboratory

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

TEST(CustomFunctor, OfOneOperandPassesGradcheck) {
  Random random(1);
  for (const Shape& shape : {Shape{}, Shape{3, 4}, Shape{0}, Shape{2, 1, 3}}) {
    const auto result =
        gradcheck([](const Operand& x) { return laboratory::swish(x, 2); }, {random.normal(shape)});
    EXPECT_TRUE(result) << result.message();
  }
}

TEST(CustomFunctor, ComputesInTheDTypeOfItsOperand) {
  const Tensor x{-2, 0.5, 3}, exact({-2, 0.5, 3}, DType::float64);
  EXPECT_EQ(laboratory::swish(x).dtype(), DType::float32);
  const Variable y = laboratory::swish(exact, 1.5);
  EXPECT_EQ(y.dtype(), DType::float64);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(y.value()(i), exact(i) * laboratory::sigmoid(1.5 * exact(i)), 1e-15);
    EXPECT_NEAR(laboratory::swish(x, 1.5).value()(i), y.value()(i), 1e-6);
  }
  EXPECT_EQ(laboratory::swish(Tensor({1, 2}, DType::int64)).dtype(), DType::float32);
  EXPECT_THAT([] { laboratory::swish(Tensor::ones({2}, DType::boolean)); },
              ThrowsMessage<DTypeError>(HasSubstr("swish: does not take booleans")));
}

TEST(CustomFunctor, OfTwoOperandsBroadcasts) {
  Random random(2);
  for (const auto& [a, b] : {std::pair(Shape{3, 4}, Shape{3, 4}), std::pair(Shape{3, 4}, Shape{4}),
                             std::pair(Shape{3, 1}, Shape{1, 4}), std::pair(Shape{}, Shape{2, 3}),
                             std::pair(Shape{2, 1, 3}, Shape{5, 1}), std::pair(Shape{0, 3}, Shape{3})}) {
    const auto result = gradcheck(laboratory::scaled, {random.normal(a), random.normal(b)});
    EXPECT_TRUE(result) << to_string(a) << " " << to_string(b) << ": " << result.message();
  }
  EXPECT_THAT(
      [] {
        laboratory::scaled(Tensor{1, 2}, Tensor{1, 2, 3});
      },
      ThrowsMessage<ShapeError>(
          HasSubstr("scaled: the shapes do not broadcast: a is [2], b is [3] (custom_op_test.cpp:")));
}

TEST(CustomFunctor, HasNoGradientWithoutARule) {
  const Parameter x("x", {-3, -0.5, 4});
  const Variable y = apply(laboratory::Steps{}, x);
  EXPECT_THAT(y.value().to_vector<double>(), ElementsAre(-1, -0.5, 2));
  EXPECT_FALSE(y.requires_grad());
}

TEST(CustomFunctor, AnUnusedValueMayChangeBeforeBackward) {
  const Parameter a("a", {1, 2}), b("b", {0, 0});
  const Variable doubled = sum(apply(laboratory::Doubled{}, a));
  a.assign(Tensor{5, 6});
  doubled.backward();
  EXPECT_THAT(a.grad().to_vector<double>(), ElementsAre(2, 2));
  const Variable y = sum(laboratory::scaled(a, b));
  a.assign(Tensor{7, 8});  // neither rule looks at a
  y.backward();
  EXPECT_THAT(b.grad().to_vector<double>(), ElementsAre(5, 6));
}

TEST(CustomFunctor, AUsedValueMustNot) {
  const Parameter a("a", {1, 2}), b("b", {0, 0});
  const Variable y = laboratory::scaled(a, b), loss = sum(y);
  b.assign(Tensor{1, 1});
  EXPECT_THAT([&] { loss.backward(); },
              ThrowsMessage<StateError>(StartsWith("scaled: operand 1 'b' [2] was changed in place")));
  const auto [only_b] = gradients({loss}, {b});  // needs the result alone
  EXPECT_THAT(only_b.value().to_vector<double>(), ElementsAre(1, 2));
  Tensor result = y.value();
  result.fill(0);
  EXPECT_THAT([&] { gradients({loss}, {b}); },
              ThrowsMessage<StateError>(StartsWith("scaled: its result [2] was changed in place")));
  const Parameter x("x", {1, 2});
  const Variable swished = sum(laboratory::swish(x));
  x.assign(Tensor{3, 4});
  EXPECT_THROW(swished.backward(), StateError);
}

TEST(CustomFunctor, ShowsItsAttributes) {
  const Parameter x("x", {1, 2});
  EXPECT_THAT(to_dot(Graph(laboratory::swish(x, 2))), HasSubstr("swish\\nbeta = 2.000000\\nfloat32 [2]"));
}

TEST(CustomStructuralOp, PassesGradcheck) {
  Random random(3);
  const auto call = [](const Operand& a, const Operand& b) { return laboratory::outer(a, b, 1.5); };
  const auto result = gradcheck(call, {random.normal({3}), random.normal({4})});
  EXPECT_TRUE(result) << result.message();
  EXPECT_TRUE(gradcheck([](const Operand& a) { return laboratory::outer(a, a); }, {random.normal({3})}));
}

TEST(CustomStructuralOp, ReportsErrorsAsOursDo) {
  const Parameter w("w", Tensor::ones({2, 2}));
  const int line = __LINE__ + 1;
  const auto wrong = [&] { return laboratory::outer(w, Tensor{1, 2}); };
  EXPECT_THAT(wrong, ThrowsMessage<ShapeError>("outer: needs two vectors: a 'w' is [2, 2], b is [2] "
                                               "(custom_op_test.cpp:" +
                                               std::to_string(line) + ")"));
  EXPECT_THROW(laboratory::outer(Tensor{1, 2}, Tensor({1, 2}, DType::float64)), DTypeError);
  const Parameter v("v", {1, 2});
  EXPECT_THAT(to_dot(Graph(laboratory::outer(v, v, 3))), HasSubstr("outer\\nk = 3.000000"));
}

TEST(CustomOp, OfTheNameOfOneOfOursIsNotTakenForIt) {
  const Parameter p("p", {{0.25, 0.75}});
  const Tensor labels{{0, 1}};
  const Variable own = binary_crossentropy(labels, apply(laboratory::Sigmoid{}, p));
  EXPECT_EQ(own.item(), binary_crossentropy(labels, p).item());
}

}  // namespace
}  // namespace gradus
