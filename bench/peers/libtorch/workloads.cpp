// The workloads by libtorch's C++ front-end, as its tutorials write them.
#include "../../measure/high_water.h"
#include "../../measure/program.h"

#include <torch/torch.h>

#include <memory>

namespace {

using gradus::bench::Case;
using gradus::bench::high_water;
using gradus::bench::kLearningRate;
using gradus::bench::Settings;
using gradus::bench::Workload;
namespace nn = torch::nn;

// How the most memory the process has had grows from the first tensor on.
std::function<double()> growth() {
  const torch::Tensor first = torch::ones({1});
  return [before = high_water()] { return high_water() - before; };
}

Workload chain(bool multiply) {
  constexpr int kNodes = 1000;
  const auto x = torch::ones({4, 4}, torch::requires_grad());
  const auto y = torch::ones({4, 4}, torch::requires_grad());
  const auto seed = torch::ones({4, 4});
  const auto step = [=] {
    auto z = multiply ? x * y : x + y;
    for (int i = 1; i < kNodes; ++i) z = multiply ? z * y : z + y;
    z.backward(seed);
    x.mutable_grad() = torch::Tensor();
    y.mutable_grad() = torch::Tensor();
  };
  return {.step = step, .units = kNodes};
}

using Optimizer = std::shared_ptr<torch::optim::Optimizer>;

Optimizer optimizer_of(bool adam, const std::vector<torch::Tensor>& parameters) {
  if (adam) return std::make_shared<torch::optim::Adam>(parameters, torch::optim::AdamOptions(kLearningRate));
  return std::make_shared<torch::optim::SGD>(parameters, torch::optim::SGDOptions(kLearningRate));
}

Workload softmax_regression(const Settings&) {
  constexpr std::int64_t kSamples = 2048, kBatch = 32;
  const auto x = torch::rand({kSamples, 2}), y = torch::randint(4, {kSamples}, torch::kLong);
  nn::Linear net(2, 4);
  const Optimizer optimizer = optimizer_of(false, net->parameters());
  std::int64_t at = 0;
  const auto step = [=]() mutable {
    optimizer->zero_grad();
    const auto loss =
        torch::nn::functional::cross_entropy(net(x.slice(0, at, at + kBatch)), y.slice(0, at, at + kBatch));
    loss.backward();
    optimizer->step();
    at = (at + kBatch) % kSamples;
  };
  return {.step = step};
}

Workload train(nn::Sequential net, const torch::Tensor& x, const torch::Tensor& y, bool adam,
               std::function<double()> peak) {
  const Optimizer optimizer = optimizer_of(adam, net->parameters());
  const auto step = [=]() mutable {
    optimizer->zero_grad();
    const auto loss = torch::nn::functional::cross_entropy(net->forward(x), y);
    loss.backward();
    optimizer->step();
  };
  return {.step = step, .peak_bytes = std::move(peak)};
}

Workload mlp(const std::vector<std::int64_t>& widths, std::int64_t batch, bool adam) {
  auto peak = growth();
  nn::Sequential net;
  for (std::size_t i = 1; i < widths.size(); ++i) {
    net->push_back(nn::Linear(widths[i - 1], widths[i]));
    if (i + 1 < widths.size()) net->push_back(nn::ReLU());
  }
  const auto x = torch::rand({batch, widths.front()});
  const auto y = torch::randint(widths.back(), {batch}, torch::kLong);
  return train(net, x, y, adam, std::move(peak));
}

// Images stand channels first, as libtorch has them.
Workload convolutional_net(const Settings&) {
  auto peak = growth();
  const nn::Sequential net(nn::Conv2d(1, 32, 3), nn::ReLU(), nn::MaxPool2d(2), nn::Conv2d(32, 64, 3),
                           nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(), nn::Linear(1600, 128), nn::ReLU(),
                           nn::Linear(128, 10));
  return train(net, torch::rand({64, 1, 28, 28}), torch::randint(10, {64}, torch::kLong), false,
               std::move(peak));
}

Workload recurrent_net(const Settings&) {
  constexpr std::int64_t kBatch = 32, kSteps = 50, kFeatures = 128, kUnits = 128;
  const auto x = torch::rand({kBatch, kSteps, kFeatures}), y = torch::rand({kBatch, kUnits});
  nn::LSTM net(nn::LSTMOptions(kFeatures, kUnits).batch_first(true));
  const Optimizer optimizer = optimizer_of(false, net->parameters());
  const auto step = [=]() mutable {
    optimizer->zero_grad();
    const auto output = std::get<0>(net->forward(x));
    torch::mse_loss(output.select(1, kSteps - 1), y).backward();
    optimizer->step();
  };
  return {.step = step};
}

std::vector<Case> workloads() {
  const auto net = [](std::vector<std::int64_t> widths, std::int64_t batch, bool adam) {
    return [=](const Settings&) { return mlp(widths, batch, adam); };
  };
  const std::vector<std::int64_t> small = {784, 128, 10}, large = {784, 512, 512, 10};
  return {
      {"chain_add", [](const Settings&) { return chain(false); }},
      {"chain_multiply", [](const Settings&) { return chain(true); }},
      {"i", softmax_regression},
      {"ii_sgd", net(small, 32, false)},
      {"ii_adam", net(small, 32, true)},
      {"iii_sgd", net(large, 128, false)},
      {"iii_adam", net(large, 128, true)},
      {"iii_sgd_bfloat16", [](const Settings&) { return Workload{}; }},
      {"iv_sgd", convolutional_net},
      {"v_sgd", recurrent_net},
  };
}

}  // namespace

int main(int argc, char** argv) {
  torch::manual_seed(0);
  return gradus::bench::run_program(argc, argv, workloads(),
                                    [](int threads) { at::set_num_threads(threads); });
}
