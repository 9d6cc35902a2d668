#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/graph/random.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "../values.h"

namespace gradus {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Conventions, AttributesHaveTheNamesAndOrderOfNumPyAndKeras) {
  const Tensor x = Tensor::ones({2, 3, 4});
  EXPECT_EQ(sum(x, {.axis = {0, 1}, .keepdims = true}).shape(), (Shape{1, 1, 4}));
  EXPECT_EQ(var(x, {.axis = -1, .keepdims = true, .ddof = 1}).shape(), (Shape{2, 3, 1}));
  EXPECT_EQ(norm(x, {.ord = 1, .axis = 0, .keepdims = false}).shape(), (Shape{3, 4}));
  EXPECT_EQ(softmax(x, {.axis = -1}).shape(), x.shape());
  EXPECT_EQ(conv2d(Tensor::ones({1, 5, 5, 2}), Tensor::ones({3, 3, 2, 4}), {.strides = 2, .padding = "same"})
                .shape(),
            (Shape{1, 3, 3, 4}));
  const Tensor labels = Tensor::ones({2, 3});
  EXPECT_EQ(
      binary_crossentropy(labels, labels, {.from_logits = true, .label_smoothing = 0.1, .reduction = "none"})
          .shape(),
      (Shape{2}));
}

TEST(Conventions, ReductionIsTheMeanOverSamplesUnlessAskedOtherwise) {
  const Tensor y_true{{0, 0}, {0, 0}}, y_pred{{1, 1}, {3, 3}};
  EXPECT_EQ(mean_squared_error(y_true, y_pred).item(), 5);
  EXPECT_EQ(mean_squared_error(y_true, y_pred, {.reduction = "sum_over_batch_size"}).item(), 5);
  EXPECT_EQ(mean_squared_error(y_true, y_pred, {.reduction = "sum"}).item(), 10);
  EXPECT_THAT(list(mean_squared_error(y_true, y_pred, {.reduction = "none"})), ElementsAre(1, 9));
}

TEST(Conventions, DenseKernelsAreInOut) {
  const Tensor kernel{{1, 2, 3}, {4, 5, 6}};
  EXPECT_THAT(list(dense(Tensor{{1, 10}}, kernel)), ElementsAre(41, 52, 63));
}

TEST(Conventions, ShapesBroadcastFromTheRightOnly) {
  EXPECT_THAT(
      [] {
        add(Tensor::ones({2, 3}), Tensor::ones({2}));
      },
      ThrowsMessage<ShapeError>(HasSubstr("add: the shapes do not broadcast: a is [2, 3], b is [2]")));
  EXPECT_EQ(add(Tensor::ones({2, 3}), Tensor::ones({3})).shape(), (Shape{2, 3}));
}

TEST(Conventions, ReluHasNoSlopeAtZero) {
  const auto f = [](const Variable& x) { return relu(x); };
  EXPECT_THAT(slopes(f, {-1, -0.0, 0, 1}), ElementsAre(0, 0, 0, 1));
}

TEST(Conventions, EqualLargestValuesShareTheGradientOfMax) {
  const auto all = [](const Variable& x) { return max(x); };
  const auto rows = [](const Variable& x) { return max(x, {.axis = 1}); };
  EXPECT_THAT(slopes(all, {4, 1, 4, 4, 4}), ElementsAre(0.25, 0, 0.25, 0.25, 0.25));
  EXPECT_THAT(slopes(rows, {{1, 3}, {5, 5}}), ElementsAre(0, 1, 0.5, 0.5));
}

TEST(Conventions, HugeLogitsGiveExactLosses) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor logit({1e4}, dtype), logits({{1e4, -1e4, 0}}, dtype);
    const Tensor none = Tensor::zeros({1}, dtype), second({{0, 1, 0}}, dtype);
    EXPECT_EQ(binary_crossentropy(none, logit, {.from_logits = true}).item(), 10000);
    EXPECT_EQ(binary_crossentropy(none, sigmoid(logit)).item(), 10000);
    EXPECT_EQ(categorical_crossentropy(second, logits, {.from_logits = true}).item(), 20000);
    EXPECT_EQ(categorical_crossentropy(second, softmax(logits)).item(), 20000);
    const Tensor label({1}, DType::int64);
    EXPECT_EQ(sparse_categorical_crossentropy(label, logits, {.from_logits = true}).item(), 20000);
    EXPECT_EQ(sparse_categorical_crossentropy(label, softmax(logits)).item(), 20000);
    EXPECT_EQ(logsumexp(logits).item(), 1e4);
    EXPECT_THAT(list(softmax(logits)), ElementsAre(1, 0, 0));
    EXPECT_THAT(list(log_softmax(logits)), ElementsAre(0, -2e4, -1e4));
  }
}

TEST(Conventions, HugeLogitsGiveExactGradients) {
  const auto binary = [](const Variable& z) {
    return binary_crossentropy(Tensor{0, 1}, sigmoid(z), {.reduction = "none"});
  };
  EXPECT_THAT(slopes(binary, {1e4, -1e4}), ElementsAre(0.5, -0.5));
  const auto classes = [](const Variable& z) {
    return categorical_crossentropy(Tensor{{0, 1, 0}}, softmax(z));
  };
  EXPECT_THAT(slopes(classes, {{1e4, -1e4, 0}}), ElementsAre(1, -1, 0));
}

TEST(Conventions, ALossTakesTheLogitsBelowItsSoftmaxOrSigmoid) {
  Random random(1);
  const Tensor z = random.normal({5, 4}), binary = random.bernoulli({5, 4}, 0.5);
  const Tensor labels = random.integers({5}, 0, 4), rows = softmax(random.normal({5, 4})).value();
  const auto check = [&] {
    EXPECT_TRUE(identical(categorical_crossentropy(rows, softmax(z)).value(),
                          categorical_crossentropy(rows, z, {.from_logits = true}).value()));
    EXPECT_TRUE(identical(sparse_categorical_crossentropy(labels, softmax(z, {.axis = 1})).value(),
                          sparse_categorical_crossentropy(labels, z, {.from_logits = true}).value()));
    EXPECT_TRUE(identical(binary_crossentropy(binary, sigmoid(z)).value(),
                          binary_crossentropy(binary, z, {.from_logits = true}).value()));
  };
  check();
  const NoGrad guard;
  check();
}

TEST(Conventions, ALossTakesProbabilitiesOfAnythingElseAsTheyAre) {
  const Tensor z = Random(2).normal({3, 3}), rows = Tensor::eye(3);
  const double expected = categorical_crossentropy(rows, Variable(softmax(z).value())).item();
  EXPECT_EQ(categorical_crossentropy(rows, softmax(z) * 1).item(), expected);
  EXPECT_NE(categorical_crossentropy(rows, softmax(z, {.axis = 0})).item(),
            categorical_crossentropy(rows, z, {.from_logits = true}).item());
  Variable logits(z.clone());
  const Variable p = softmax(logits);
  Tensor changed = logits.value();
  changed.fill(0);  // the logits are no longer those that p was made from
  EXPECT_EQ(categorical_crossentropy(rows, p).item(), expected);
}

TEST(Conventions, ProbabilitiesAreNormalisedAndClippedAsInKeras) {
  const double most = -std::log(1e-7);
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor wrong({{0, 1}}, dtype), right({{1, 0}}, dtype);
    EXPECT_NEAR(categorical_crossentropy(right, wrong).item(), most, 1e-5);
    EXPECT_NEAR(categorical_crossentropy(right, right).item(), 1e-7, 5e-8);
    EXPECT_NEAR(categorical_crossentropy(right, Tensor({{2, 2}}, dtype)).item(), std::log(2), 1e-6);
    EXPECT_NEAR(sparse_categorical_crossentropy(Tensor({0}, DType::int64), wrong).item(), most, 1e-5);
  }
  const auto binary = [](double label, double p, DType dtype) {
    return binary_crossentropy(Tensor({label}, dtype), Tensor({p}, dtype)).item();
  };
  EXPECT_NEAR(binary(1, 0, DType::float64), most, 1e-9);
  EXPECT_NEAR(binary(0, 1, DType::float64), most, 1e-8);
  EXPECT_NEAR(binary(1, 0, DType::float32), most, 1e-5);
  EXPECT_NEAR(binary(0, 1, DType::float32), 15.942385, 1e-5);  // 1 - float(1 - 1e-7) is 1.19e-7
  EXPECT_THAT(binary(1, NAN, DType::float32), kIsNaN);
}

TEST(Conventions, EmptyTensorsAreTensors) {
  const Tensor none = Tensor::zeros({0, 3});
  EXPECT_EQ(sum(none).item(), 0);
  EXPECT_THAT(list(sum(none, {.axis = 0})), ElementsAre(0, 0, 0));
  EXPECT_THAT(mean(none).item(), kIsNaN);
  EXPECT_THAT([&] { max(none); }, ThrowsMessage<ShapeError>(HasSubstr("max: no values to choose from")));
  EXPECT_EQ(max(none, {.axis = 1}).shape(), (Shape{0}));
  EXPECT_TRUE(identical(matmul(Tensor::ones({2, 0}), Tensor::ones({0, 3})).value(), Tensor::zeros({2, 3})));
  EXPECT_EQ(concatenate({none, Tensor::ones({2, 3})}).shape(), (Shape{2, 3}));
}

TEST(Conventions, ABatchOfNoRowsFlowsThrough) {
  const Parameter w("w", Tensor::ones({3, 2})), b("b", Tensor::zeros({2}));
  const Variable out = softmax(dense(relu(Tensor::zeros({0, 3})), w, b));
  EXPECT_EQ(out.shape(), (Shape{0, 2}));
  const Variable loss = categorical_crossentropy(Tensor::zeros({0, 2}), out, {.reduction = "sum"});
  EXPECT_EQ(loss.item(), 0);
  loss.backward();
  EXPECT_TRUE(identical(w.grad(), Tensor::zeros({3, 2})));
  EXPECT_THAT(categorical_crossentropy(Tensor::zeros({0, 2}), out).item(), kIsNaN);
}

TEST(Conventions, PolesAndDomainsFollowIEEE) {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const auto of = [&](double x) { return Variable(Tensor({x}, dtype)); };
    EXPECT_EQ(log(of(0)).item(), -kInf);
    EXPECT_EQ(log(of(-0.0)).item(), -kInf);
    EXPECT_EQ(log(of(kInf)).item(), kInf);
    EXPECT_THAT(log(of(-1)).item(), kIsNaN);
    EXPECT_THAT(sqrt(of(-1)).item(), kIsNaN);
    EXPECT_EQ(sqrt(of(kInf)).item(), kInf);
    EXPECT_EQ((1 / of(0)).item(), kInf);
    EXPECT_EQ((1 / of(-0.0)).item(), -kInf);
    EXPECT_THAT((of(0) / of(0)).item(), kIsNaN);
    EXPECT_EQ(exp(of(1000)).item(), kInf);
    EXPECT_EQ(exp(of(-kInf)).item(), 0);
    EXPECT_EQ(exp(of(-1000)).item(), 0);
    EXPECT_EQ(tanh(of(kInf)).item(), 1);
    EXPECT_EQ(sigmoid(of(-kInf)).item(), 0);
    EXPECT_EQ(sigmoid(of(1000)).item(), 1);
    EXPECT_EQ(power(of(0), of(0)).item(), 1);
    EXPECT_EQ(logsumexp(of(-kInf)).item(), -kInf);
  }
}

TEST(Conventions, NaNPassesThroughEveryOp) {
  const Variable x(Tensor{1, NAN, 2});
  for (const auto& f :
       std::vector<std::function<Variable()>>{[&] { return sum(x); }, [&] { return mean(x); },
                                              [&] { return max(x); }, [&] { return logsumexp(x); },
                                              [&] {
                                                return slice(maximum(x, 0), {{1, 2, 1}});
                                              },
                                              [&] {
                                                return slice(relu(x), {{1, 2, 1}});
                                              },
                                              [&] {
                                                return slice(exp(x), {{1, 2, 1}});
                                              },
                                              [&] {
                                                return slice(tanh(x), {{1, 2, 1}});
                                              },
                                              [&] { return softmax(x); },
                                              [&] {
                                                return slice(sqrt(x), {{1, 2, 1}});
                                              }}) {
    EXPECT_THAT(list(f()), Each(kIsNaN));
  }
}

TEST(Conventions, ZeroKeepsItsSign) {
  for (const std::int64_t size : {1, 19}) {
    const Variable x(Tensor::full({size}, -0.0)), plus(Tensor::zeros({size}));
    const Variable negatives[] = {sqrt(x), negative(plus), x * 1, x / 2, tanh(x), x + x};
    for (const Variable& y : negatives) {
      for (const double value : list(y)) EXPECT_TRUE(value == 0 && std::signbit(value)) << &y - negatives;
    }
    for (const Variable& y : {negative(x), square(x), x + plus}) {
      for (const double value : list(y)) EXPECT_TRUE(value == 0 && !std::signbit(value));
    }
  }
}

TEST(Conventions, IntegersBecomeFloatsWhereTheResultIsNone) {
  for (const DType dtype : {DType::int32, DType::int64}) {
    const Variable n(Tensor({7, 2}, dtype)), d(Tensor({2, 4}, dtype));
    EXPECT_EQ((n / d).dtype(), DType::float32);
    EXPECT_THAT(list(n / d), ElementsAre(3.5, 0.5));
    EXPECT_THAT(list(n / 2), ElementsAre(3.5, 1));
    EXPECT_EQ(mean(n).dtype(), DType::float32);
    EXPECT_EQ(mean(n).item(), 4.5);
    for (const Variable& y : {exp(n), log(n), sqrt(n), tanh(n), sigmoid(n), softmax(n), logsumexp(n)}) {
      EXPECT_EQ(y.dtype(), DType::float32);
    }
    for (const Variable& y : {n + d, n - d, n * d, -n, square(n), maximum(n, d), relu(n), sum(n), max(n),
                              matmul(n, d), power(n, d), where(n > d, n, d)}) {
      EXPECT_EQ(y.dtype(), dtype);
    }
    EXPECT_EQ(matmul(n, d).item(), 22);
    EXPECT_EQ((n > d).dtype(), DType::boolean);
  }
  EXPECT_EQ((Variable(Tensor({1}, DType::int32)) + Variable(Tensor({1}, DType::int64))).dtype(),
            DType::int64);
}

TEST(Conventions, BooleansAreCounted) {
  const Variable flags(Tensor(std::vector<bool>{true, false, true}));
  EXPECT_EQ(sum(flags).dtype(), DType::int64);
  EXPECT_EQ(sum(flags).item(), 2);
  EXPECT_THAT([&] { flags* flags; },
              ThrowsMessage<DTypeError>(HasSubstr("multiply: does not take booleans")));
  EXPECT_THAT([&] { mean(flags); }, ThrowsMessage<DTypeError>(HasSubstr("mean: does not take booleans")));
}

TEST(Conventions, AWrongLabelIsAnErrorWithItsPlace) {
  const Tensor z = Tensor::ones({2, 3});
  EXPECT_THAT(
      [&] {
        sparse_categorical_crossentropy(Tensor({0, 3}, DType::int64), z);
      },
      ThrowsMessage<ValueError>(
          HasSubstr("the label of sample 1 is 3.0, not one of the classes 0 to 2 (across_families_test")));
  EXPECT_THROW(sparse_categorical_crossentropy(Tensor{0, 0.5}, z), ValueError);
}

}  // namespace
}  // namespace gradus
