#include "workloads.h"

#include <gradus/graph/error.h>
#include <gradus/graph/flush_subnormals.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/ops/matmul_precision.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/sgd.h>

namespace gradus::bench {

namespace {

struct DenseLayer {
  Parameter kernel, bias;
};

Optimizer optimizer_of(Rule rule, const Variables& parameters, double learning_rate) {
  if (rule == Rule::adam) return Adam(parameters, {.learning_rate = learning_rate});
  return SGD(parameters, {.learning_rate = learning_rate});
}

}  // namespace

// ii and iii: relu between dense layers, and cross-entropy.
Workload mlp(const Mlp& net, const Settings& settings) {
  if (net.bfloat16) {
    try {
      set_matmul_precision(MatmulPrecision::bfloat16);
    } catch (const StateError&) {
      return {};
    }
  }
  auto peak = peak_since_now();
  Random random(2);
  const Tensor x = random.uniform({net.batch, net.widths.front()});
  const Tensor y = random.integers({net.batch}, 0, net.widths.back());
  std::vector<DenseLayer> layers;
  std::vector<Variable> parameters;
  for (std::size_t i = 1; i < net.widths.size(); ++i) {
    layers.push_back({weights("kernel", {net.widths[i - 1], net.widths[i]}, random),
                      Parameter("bias", Tensor::zeros({net.widths[i]}))});
    parameters.push_back(layers.back().kernel);
    parameters.push_back(layers.back().bias);
  }
  Optimizer optimizer = optimizer_of(net.rule, parameters, settings.learning_rate);
  const auto step = [=]() mutable {
    const FlushSubnormals guard;
    Variable h = dense(x, layers[0].kernel, layers[0].bias);
    for (std::size_t i = 1; i < layers.size(); ++i) {
      h = dense(relu(std::move(h)), layers[i].kernel, layers[i].bias);
    }
    Variable loss = sparse_categorical_crossentropy(y, std::move(h), {.from_logits = true});
    std::move(loss).backward();
    optimizer.step();
    optimizer.zero_grad();
  };
  return {.step = step, .peak_bytes = std::move(peak), .weights = values_of(parameters)};
}

}  // namespace gradus::bench
