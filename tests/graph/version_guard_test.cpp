#include <gradus/graph/error.h>
#include <gradus/graph/gradients.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>
#include <gradus/optim/sgd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradus {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

const auto kRefused = ThrowsMessage<StateError>(HasSubstr("changed in place after the forward pass"));

TEST(VersionGuard, NoticesAChangedOperandAndNamesItAndTheLine) {
  const Parameter w("w", {1, 2});
  const int line = __LINE__ + 1;
  const Variable loss = sum(square(w));
  w.assign(Tensor{5, 6});
  EXPECT_THAT([&] { loss.backward(); },
              ThrowsMessage<StateError>("square: operand 0 'w' [2] was changed in place after the forward "
                                        "pass, and its gradient needs the old values "
                                        "(version_guard_test.cpp:" +
                                        std::to_string(line) + ")"));
  EXPECT_FALSE(w.has_grad());
}

TEST(VersionGuard, NoticesAChangedResult) {
  const Parameter w("w", {1, 2});
  const Variable y = exp(w);
  Tensor value = y.value();
  value.fill(0);
  EXPECT_THAT([&] { sum(y).backward(); },
              ThrowsMessage<StateError>(AllOf(StartsWith("exp: its result [2] was changed in place"),
                                              HasSubstr("(version_guard_test.cpp:"))));
}

TEST(VersionGuard, SeesThroughSharedBuffers) {
  const auto refused = [](auto change) {
    Tensor data{1, 2, 3, 4};
    const Parameter w("w", {1, 1, 1, 1});
    const Variable loss = sum(w * Variable(data));
    change(data);
    EXPECT_THAT([&] { loss.backward(); }, kRefused);
  };
  refused([](Tensor& data) { data.set({0}, 9); });
  refused([](Tensor& data) { data.fill(9); });
  refused([](Tensor& data) { data.mutable_values<float>()[0] = 9; });
  refused([](Tensor& data) { data.copy_from(Tensor{4, 3, 2, 1}); });
  refused([](Tensor& data) { data.reshape({2, 2}).fill(9); });
  refused([](const Tensor& data) {
    Tensor shared = reshape(data, {2, 2}).value();
    shared.set({1, 1}, 9);
  });
}

TEST(VersionGuard, NoticesAChangeBelowARecordedReshape) {
  const Parameter w("w", {1, 2, 3, 4});
  const Variable loss = sum(square(reshape(w, {2, 2})));
  w.assign(Tensor{4, 3, 2, 1});
  EXPECT_THAT([&] { loss.backward(); }, kRefused);
}

TEST(VersionGuard, NoticesAnOptimizersStep) {
  const Parameter w("w", {{1, 2}, {3, 4}});
  SGD optimizer(w, {.learning_rate = 0.1});
  const Variable loss = sum(square(matmul(w, w)));
  loss.backward();
  const Tensor before = w.grad().clone();
  optimizer.step();
  EXPECT_THAT([&] { loss.backward(); }, kRefused);
  EXPECT_TRUE(identical(w.grad(), before));
}

TEST(VersionGuard, GuardsGradientsOfEveryOrder) {
  const Parameter w("w", Tensor::scalar(2));
  const Variable y = w * w * w;
  const Variable slope = gradient(y, w, {.create_graph = true});
  w.assign(Tensor::scalar(3));
  EXPECT_THAT([&] { gradient(y, w); }, kRefused);
  EXPECT_THAT([&] { gradient(slope, w); }, kRefused);
}

TEST(VersionGuard, AllowsAChangeOfAValueThatNoGradientNeeds) {
  const Parameter w("w", {1, 2});
  Tensor data{3, 4};
  const Variable added = sum(w + Variable(data));
  const Variable product = sum(Variable(data) * 2 + w * 3);
  data.fill(9);
  w.assign(Tensor{7, 8});
  added.backward();
  product.backward();
  EXPECT_THAT(w.grad().to_vector<double>(), ElementsAre(4, 4));
}

TEST(VersionGuard, AllowsAChangeOfTheOperandWhoseOwnGradientIsAsked) {
  const Parameter w("w", {1, 2});
  const Variable loss = sum(w * Tensor{3, 4});  // dw needs the other operand alone
  w.assign(Tensor{7, 8});
  loss.backward();
  EXPECT_THAT(w.grad().to_vector<double>(), ElementsAre(3, 4));
}

TEST(VersionGuard, IsNotSetOffByTheEnginesOwnSums) {
  const Parameter w("w", {1, 2});
  const Variable loss = sum(square(w) + square(w) + square(w));
  loss.backward();
  loss.backward();
  const Variable graph = sum(w * Variable(w.grad()));
  loss.backward();
  w.zero_grad();
  graph.backward();
  EXPECT_THAT(w.grad().to_vector<double>(), ElementsAre(12, 24));
}

TEST(VersionGuard, AParameterKeepsItsShape) {
  const Parameter w("w", {1, 2});
  const Variable loss = sum(square(w));
  EXPECT_THAT(
      [&] {
        w.assign(Tensor{1, 2, 3});
      },
      ThrowsMessage<ShapeError>("Parameter 'w': is float32 [2], cannot be assigned float32 [3]"));
  EXPECT_THAT(
      [&] {
        w.assign(Tensor({1, 2}, DType::float64));
      },
      ThrowsMessage<DTypeError>("Parameter 'w': is float32 [2], cannot be assigned float64 [2]"));
  loss.backward();
  EXPECT_THAT(w.grad().to_vector<double>(), ElementsAre(2, 4));
}

TEST(VersionGuard, ANewHandleLeavesTheGraphItsOldParameter) {
  Parameter w("w", {1, 2});
  const Variable old = w;
  const Variable loss = sum(square(w));
  w = Parameter("w", Tensor::ones({5}));
  loss.backward();
  EXPECT_FALSE(w.has_grad());
  EXPECT_THAT(old.grad().to_vector<double>(), ElementsAre(2, 4));
}

}  // namespace
}  // namespace gradus
