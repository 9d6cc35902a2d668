#include "workloads.h"

#include <gradus/graph/flush_subnormals.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/optim/sgd.h>

namespace gradus::bench {

// i: 2 features, 4 classes, batches of 32 taken from 2048 samples in turn.
Workload softmax_regression(const Settings& settings) {
  constexpr std::int64_t kSamples = 2048, kBatch = 32;
  Random random(1);
  const Tensor x = random.uniform({kSamples, 2}), y = random.integers({kSamples}, 0, 4);
  const Parameter w = weights("w", {2, 4}, random), b("b", Tensor::zeros({4}));
  SGD optimizer({w, b}, {.learning_rate = settings.learning_rate});
  std::int64_t at = 0;
  const auto step = [=]() mutable {
    const FlushSubnormals guard;
    Variable loss = sparse_categorical_crossentropy(
        y.rows(at, at + kBatch), dense(x.rows(at, at + kBatch), w, b), {.from_logits = true});
    std::move(loss).backward();
    optimizer.step();
    optimizer.zero_grad();
    at = (at + kBatch) % kSamples;
  };
  return {.step = step, .weights = values_of({w, b})};
}

}  // namespace gradus::bench
