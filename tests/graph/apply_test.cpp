#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace gradus {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<double> list(const Variable& variable) { return variable.value().to_vector<double>(); }
std::string here(int line) { return "(apply_test.cpp:" + std::to_string(line) + ")"; }

TEST(Errors, TellTheOperationTheShapesAndTheUsersLine) {
  const Tensor a = Tensor::ones({3, 4}), b = Tensor::ones({5, 2});
  const int line = __LINE__ + 1;
  const auto wrong = [&] { matmul(a, b); };
  EXPECT_THAT(wrong, ThrowsMessage<ShapeError>(
                         "matmul: inner sizes differ, 4 and 5: a is [3, 4], b is [5, 2] " + here(line)));
}

TEST(Errors, TellTheLineOfAnOperator) {
  const Variable x(Tensor::ones({2})), y(Tensor::ones({3}));
  const int line = __LINE__ + 1;
  const auto wrong = [&] { return 2 * x + y * 3; };
  EXPECT_THAT(
      wrong, ThrowsMessage<ShapeError>("add: the shapes do not broadcast: a is [2], b is [3] " + here(line)));
}

TEST(Errors, TellTheNamesOfOperands) {
  const Parameter w("kernel", Tensor::ones({4, 3}));
  const Variable x(Tensor::ones({2, 5}), {.name = "batch"});
  EXPECT_THAT([&] { x* w; },
              ThrowsMessage<ShapeError>(HasSubstr("a 'batch' is [2, 5], b 'kernel' is [4, 3] (apply_test")));
  EXPECT_THAT([&] { dense(x, w); },
              ThrowsMessage<ShapeError>(HasSubstr("x 'batch' is [2, 5], kernel 'kernel' is [4, 3]")));
}

TEST(Errors, TellTheScope) {
  const Tensor x = Tensor::ones({2}), y = Tensor::ones({3});
  const auto wrong = [&] { add(x, y); };
  {
    const Scope outer("encoder");
    {
      const Scope inner("dense_1");
      EXPECT_THAT(wrong, ThrowsMessage<ShapeError>(EndsWith(", in encoder/dense_1)")));
    }
    EXPECT_THAT(wrong, ThrowsMessage<ShapeError>(EndsWith(", in encoder)")));
  }
  EXPECT_THAT(wrong, ThrowsMessage<ShapeError>(testing::Not(HasSubstr("in encoder"))));
}

TEST(Errors, AScopeEndsWithAnException) {
  const Tensor x = Tensor::ones({2}), y = Tensor::ones({3});
  EXPECT_THROW(
      {
        const Scope scope("broken");
        add(x, y);
      },
      ShapeError);
  EXPECT_EQ(recording::scope(), nullptr);
}

TEST(Errors, TheSameCallFailsWithAndWithoutGradients) {
  const Parameter w("w", {1, 2});
  const Tensor x{1, 2, 3};
  EXPECT_THROW(w + x, ShapeError);
  const NoGrad guard;
  EXPECT_THROW(w + x, ShapeError);
  EXPECT_THROW(w.value() + x, ShapeError);
}

TEST(Operand, RecordsTheLineOfEveryNode) {
  const Parameter w("w", {1, 2}), b("b", {3, 4});
  const unsigned line = __LINE__ + 1;
  const Variable y = tanh(w * 2 + b);
  const Node* node = &y.node();
  for (int depth = 3; depth > 0; --depth) {
    EXPECT_EQ(node->where().line(), line);
    EXPECT_THAT(node->where().file_name(), EndsWith("apply_test.cpp"));
    node = node->inputs()[0].node.get();
  }
}

TEST(Operand, AFunctionCanHandOnTheLineOfItsCaller) {
  const auto twice = [](const Operand& x) { return multiply(2, x); };
  const Variable x(Tensor{1, 2}, {.requires_grad = true});
  const unsigned line = __LINE__ + 1;
  const Variable y = twice(x);
  EXPECT_EQ(y.node().where().line(), line);
}

TEST(Operand, KeepsATemporary) {
  const Parameter w("w", {1, 2});
  std::vector<Operand> kept;
  for (int i = 1; i <= 3; ++i) kept.emplace_back(w * i);
  kept.emplace_back(Tensor{7, 8});
  const Operand copy = kept.front();
  kept.front() = Operand(w * 10);
  EXPECT_THAT(list(concatenate(kept)), ElementsAre(10, 20, 2, 4, 3, 6, 7, 8));
  EXPECT_THAT(list(copy + Variable(Tensor{1, 1})), ElementsAre(2, 3));
  const Operand moved = [&]() -> Operand { return exp(w * 0); }();
  EXPECT_THAT(list(negative(moved)), ElementsAre(-1, -1));
}

TEST(Operand, IsNoTextAndNoPointer) {
  static_assert(!std::is_convertible_v<const char*, Operand>);
  static_assert(!std::is_convertible_v<void*, Operand>);
  static_assert(!std::is_convertible_v<std::nullptr_t, Operand>);
  static_assert(std::is_convertible_v<std::size_t, Operand>);
  static_assert(std::is_convertible_v<long, Operand>);
  static_assert(!std::is_convertible_v<Variable, Tensor>);
  static_assert(!std::is_convertible_v<Variable, bool>);
}

TEST(Comparison, IsElementwise) {
  const Variable x(Tensor{1, 2, 3}), y(Tensor{1, 5, 3});
  EXPECT_EQ((x == y).dtype(), DType::boolean);
  EXPECT_THAT(list(x == y), ElementsAre(1, 0, 1));
  EXPECT_THAT(list(x != y), ElementsAre(0, 1, 0));
  EXPECT_THAT(list(x < y), ElementsAre(0, 1, 0));
  EXPECT_THAT(list(x >= 2), ElementsAre(0, 1, 1));
}

TEST(Numbers, TakeTheDTypeOfTheOtherOperand) {
  const auto dtype_beside = [](const Operand& number, DType other) {
    EXPECT_EQ(add(Tensor::ones({2}, other), number).dtype(), other);
    EXPECT_EQ(add(number, Tensor::ones({2}, other)).dtype(), other);
  };
  for (const DType other : {DType::float32, DType::float64, DType::int32, DType::int64}) {
    dtype_beside(2, other);
    dtype_beside(2.0, other);
    dtype_beside(std::size_t{2}, other);
    dtype_beside(true, other);
  }
  dtype_beside(0.5, DType::float64);
  EXPECT_EQ(add(1, 2).dtype(), DType::float32);
  EXPECT_EQ((Variable(Tensor({0.1}, DType::float64)) * 0.1).item(), 0.1 * 0.1);
}

TEST(Numbers, AFractionBesideAnIntegerTensorIsAnError) {
  const Variable n(Tensor({1, 2}, DType::int64)), m(Tensor({1, 2}, DType::int32));
  const int line = __LINE__ + 1;
  const auto wrong = [&] { return n * 0.5; };
  EXPECT_THAT(wrong,
              ThrowsMessage<DTypeError>(
                  "multiply: the number 0.5 is no int64, the dtype of the other operand " + here(line)));
  EXPECT_THAT([&] { return m + 3000000000; },
              ThrowsMessage<DTypeError>(HasSubstr("the number 3000000000 is no int32")));
  EXPECT_THAT([&] { return NAN + n; }, ThrowsMessage<DTypeError>(HasSubstr("the number nan is no int64")));
  EXPECT_THAT([&] { return n > INFINITY; }, ThrowsMessage<DTypeError>(HasSubstr("the number inf is no")));
  EXPECT_THAT(list(n * 2.0), ElementsAre(2, 4));
}

TEST(Numbers, KeepEveryDigitOfALargeInteger) {
  constexpr std::int64_t kLarge = (std::int64_t{1} << 53) + 1;
  const Variable n(Tensor({1, 2}, DType::int64));
  EXPECT_THAT((n + kLarge).value().to_vector<std::int64_t>(), ElementsAre(kLarge + 1, kLarge + 2));
  EXPECT_THAT((n - INT64_MAX).value().to_vector<std::int64_t>(), ElementsAre(1 - INT64_MAX, 2 - INT64_MAX));
  EXPECT_THAT([&] { return n + UINT64_MAX; }, ThrowsMessage<DTypeError>(HasSubstr("is no int64")));
}

TEST(Numbers, BooleansMeetBooleans) {
  const Variable flags(Tensor(std::vector<bool>{true, false}));
  const Variable chosen = where(flags, true, flags);
  EXPECT_EQ(chosen.dtype(), DType::boolean);
  EXPECT_THAT(list(where(flags, 1, 0.5)), ElementsAre(1, 0.5));
  EXPECT_THAT([&] { return flags + 1; }, ThrowsMessage<DTypeError>(HasSubstr("add: does not take booleans")));
}

TEST(DTypes, OfFloatsDoNotMix) {
  const Variable x(Tensor{1, 2}, {.name = "x"}), y(Tensor({1, 2}, DType::float64), {.name = "y"});
  const int line = __LINE__ + 1;
  const auto wrong = [&] { return x * y; };
  EXPECT_THAT(wrong,
              ThrowsMessage<DTypeError>(
                  "multiply: the operands' dtypes differ: a 'x' is float32, b 'y' is float64 " + here(line)));
  EXPECT_THROW(matmul(Tensor::ones({2, 2}), Tensor::ones({2, 2}, DType::float64)), DTypeError);
  EXPECT_THROW(concatenate({x, y}), DTypeError);
  EXPECT_THROW(mean_squared_error(x, y), DTypeError);
}

TEST(DTypes, OfIntegersAndFloatsDoNotMix) {
  const Variable x(Tensor{1, 2}), n(Tensor({1, 2}, DType::int64)), m(Tensor({1, 2}, DType::int32));
  EXPECT_THAT([&] { return x + n; }, ThrowsMessage<DTypeError>(HasSubstr("a is float32, b is int64")));
  EXPECT_THAT([&] { return m * x; }, ThrowsMessage<DTypeError>(HasSubstr("a is int32, b is float32")));
  EXPECT_EQ((n + m).dtype(), DType::int64);
  EXPECT_EQ((m + m).dtype(), DType::int32);
}

// An op whose making needs another, which may be made only now.
class Scaled : public Op {
 public:
  Scaled() : factor_(erfc(Tensor{-1}).value()) {}
  std::string_view name() const override { return "scaled"; }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  void forward(Forward& forward) const override {
    forward.give((Variable(forward.value(0)) * factor_).value());
  }

 private:
  Tensor factor_;
};

TEST(Ops, ThatLastAreMadeOnceByAnyThread) {
  std::vector<const Op*> met(4);
  std::vector<std::thread> threads;
  for (const Op*& each : met) threads.emplace_back([&each] { each = Op::lasting<Scaled>().get(); });
  for (std::thread& each : threads) each.join();
  EXPECT_THAT(met, testing::Each(met[0]));
  EXPECT_NEAR(apply(Op::lasting<Scaled>(), Tensor{2}).item(), 2 * 1.8427, 1e-4);
}

TEST(Losses, NeverBroadcast) {
  const Tensor column = Tensor::ones({4, 1}), row{1, 2, 3, 5}, other = Tensor::ones({4, 2});
  const Tensor short_row = Tensor::ones({3});
  // mean((1 - 1)^2, (2 - 1)^2, (3 - 1)^2, (5 - 1)^2): 4 pairs, not 16
  EXPECT_EQ(mean_squared_error(row, column).item(), 21.0 / 4);
  EXPECT_EQ(mean_squared_error(column, row).item(), 21.0 / 4);
  EXPECT_EQ(mean_squared_error(column, Variable(row), {.reduction = "none"}).shape(), (Shape{4}));
  EXPECT_EQ(binary_crossentropy(Tensor::ones({4}), Tensor::full({4, 1}, 0.5)).shape(), Shape());
  for (const auto& wrong : {std::pair(other, column), std::pair(row, other), std::pair(short_row, column),
                            std::pair(Tensor::scalar(1), row), std::pair(Tensor::ones({1, 4}), row)}) {
    EXPECT_THAT([&] { mean_squared_error(wrong.first, wrong.second); },
                ThrowsMessage<ShapeError>(HasSubstr("mean_squared_error: the shapes differ, and a loss never "
                                                    "broadcasts: y_true is ")))
        << to_string(wrong.first.shape()) << " " << to_string(wrong.second.shape());
  }
}

}  // namespace
}  // namespace gradus
