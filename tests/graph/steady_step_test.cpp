// A training step in steady state asks the heap for nothing.

#include "../heap_calls.h"

#include <gradus/graph/flush_subnormals.h>
#include <gradus/graph/random.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/reduction.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>

#include <memory>

namespace gradus {
namespace {

struct Net {
  Random random = Random(1);
  Parameter w1{"w1", glorot({20, 32})}, b1{"b1", Tensor::zeros({32})};
  Parameter w2{"w2", glorot({32, 5})}, b2{"b2", Tensor::zeros({5})};
  Tensor x = random.normal({16, 20}), y = labels();

  Tensor glorot(const Shape& shape) { return random.normal(shape, {.stddev = 0.3}); }
  static Tensor labels() {
    Tensor y = Tensor::zeros({16, 5});
    for (int row = 0; row < 16; ++row) y.set({row, row % 5}, 1);
    return y;
  }
  Variable loss() const {
    return categorical_crossentropy(y, softmax(matmul(relu(matmul(x, w1) + b1), w2) + b2));
  }
};

template <class Step>
long allocations_in_100_steps(const Step& step) {
  for (int i = 0; i < 3; ++i) step();
  const long before = heap_calls();
  for (int i = 0; i < 100; ++i) step();
  return heap_calls() - before;
}

TEST(SteadyStep, TheCountSeesTheHeap) {
  const long before = heap_calls();
  const auto number = std::make_unique<int>(3);
  const Tensor fresh = Tensor::empty({12345678});
  EXPECT_GE(heap_calls(), before + 2);
}

TEST(SteadyStep, WithAnUpdateOfOnesOwnAllocatesNothing) {
  const Net net;
  double first = 0, last = 0;
  EXPECT_EQ(allocations_in_100_steps([&] {
              const Variable loss = net.loss();
              loss.backward();
              const NoGrad guard;
              for (const Parameter* p : {&net.w1, &net.b1, &net.w2, &net.b2}) {
                p->assign((*p - 0.5 * Variable(p->grad())).value());
                p->zero_grad();
              }
              last = loss.item();
              if (first == 0) first = last;
            }),
            0);
  EXPECT_LT(last, first / 2);
}

TEST(SteadyStep, WithSGDAllocatesNothing) {
  const Net net;
  SGD optimizer({net.w1, net.b1, net.w2, net.b2}, {.learning_rate = 0.5, .momentum = 0.9});
  EXPECT_EQ(allocations_in_100_steps([&] {
              const FlushSubnormals flush;
              Variable loss = net.loss();
              std::move(loss).backward();
              optimizer.step();
              optimizer.zero_grad();
            }),
            0);
}

TEST(SteadyStep, WithAdamAndSparseLabelsAllocatesNothing) {
  const Net net;
  Adam optimizer({net.w1, net.b1, net.w2, net.b2}, {.learning_rate = 0.01});
  Tensor labels = Tensor::zeros({16}, DType::int64);
  for (int row = 0; row < 16; ++row) labels.set({row}, row % 5);
  EXPECT_EQ(allocations_in_100_steps([&] {
              const Scope scope("net");
              Variable hidden = tanh(dense(net.x, net.w1, net.b1));
              Variable loss = sparse_categorical_crossentropy(labels, dense(hidden, net.w2, net.b2),
                                                              {.from_logits = true});
              hidden = Variable();
              std::move(loss).backward();
              optimizer.step();
              optimizer.zero_grad();
            }),
            0);
}

TEST(SteadyStep, WithLossesOfRegressionAllocatesNothing) {
  const Net net;
  const Tensor binary = Tensor::ones({16, 5});
  EXPECT_EQ(allocations_in_100_steps([&] {
              const Variable out = matmul(relu(matmul(net.x, net.w1) + net.b1), net.w2) + net.b2;
              (mean_squared_error(net.y, out) + binary_crossentropy(binary, sigmoid(out)) +
               0.01 * sum(square(net.w1)) + max(out))
                  .backward();
              for (const Parameter* p : {&net.w1, &net.b1, &net.w2, &net.b2}) p->zero_grad();
            }),
            0);
}

}  // namespace
}  // namespace gradus
