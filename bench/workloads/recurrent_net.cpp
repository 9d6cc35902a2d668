#include "workloads.h"

#include <gradus/graph/flush_subnormals.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/nn.h>
#include <gradus/optim/sgd.h>

namespace gradus::bench {

// v: an LSTM of 128 units over 50 steps of 128 features, batch 32; the squared error of its last state.
Workload recurrent_net(const Settings& settings) {
  constexpr std::int64_t kBatch = 32, kSteps = 50, kFeatures = 128, kUnits = 128;
  Random random(4);
  const Tensor x = random.uniform({kBatch, kSteps, kFeatures}), y = random.uniform({kBatch, kUnits});
  const Parameter kernel = weights("kernel", {kFeatures, 4 * kUnits}, random);
  const Parameter recurrent = weights("recurrent_kernel", {kUnits, 4 * kUnits}, random);
  const Parameter bias("bias", Tensor::zeros({4 * kUnits}));
  const Variables parameters = {kernel, recurrent, bias};
  SGD optimizer(parameters, {.learning_rate = settings.learning_rate});
  const auto step = [=]() mutable {
    const FlushSubnormals guard;
    Variable loss = mean_squared_error(y, lstm(x, kernel, recurrent, bias).output);
    std::move(loss).backward();
    optimizer.step();
    optimizer.zero_grad();
  };
  return {.step = step, .weights = values_of(parameters)};
}

}  // namespace gradus::bench
