#include "workloads.h"

#include <gradus/graph/flush_subnormals.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/shape.h>
#include <gradus/optim/sgd.h>

namespace gradus::bench {

// iv: two convolutions of 3 x 3 with relu and pooling, then dense layers of 128 and 10; batch 64.
Workload convolutional_net(const Settings& settings) {
  auto peak = peak_since_now();
  constexpr std::int64_t kBatch = 64;
  Random random(3);
  const Tensor x = random.uniform({kBatch, 28, 28, 1}), y = random.integers({kBatch}, 0, 10);
  const Parameter k1 = weights("k1", {3, 3, 1, 32}, random), b1("b1", Tensor::zeros({32}));
  const Parameter k2 = weights("k2", {3, 3, 32, 64}, random), b2("b2", Tensor::zeros({64}));
  const Parameter w3 = weights("w3", {1600, 128}, random), b3("b3", Tensor::zeros({128}));
  const Parameter w4 = weights("w4", {128, 10}, random), b4("b4", Tensor::zeros({10}));
  const Variables parameters = {k1, b1, k2, b2, w3, b3, w4, b4};
  SGD optimizer(parameters, {.learning_rate = settings.learning_rate});
  const auto step = [=]() mutable {
    const FlushSubnormals guard;
    Variable h = max_pool2d(conv2d(x, k1, {.bias = b1, .relu = true}));
    h = max_pool2d(conv2d(std::move(h), k2, {.bias = b2, .relu = true}));
    h = relu(dense(reshape(std::move(h), {kBatch, 1600}), w3, b3));
    Variable loss = sparse_categorical_crossentropy(y, dense(std::move(h), w4, b4), {.from_logits = true});
    std::move(loss).backward();
    optimizer.step();
    optimizer.zero_grad();
  };
  return {.step = step, .peak_bytes = std::move(peak), .weights = values_of(parameters)};
}

}  // namespace gradus::bench
