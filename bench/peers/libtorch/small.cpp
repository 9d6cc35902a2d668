// The small program by libtorch: a model from ops, its loss and its gradients.
#include "../../small/report.h"

#include <torch/torch.h>

int main() {
  torch::manual_seed(42);
  const auto x = torch::rand({64, 20}), y = torch::rand({64, 10});
  const auto w = torch::rand({20, 10}, torch::requires_grad());
  const auto b = torch::zeros({10}, torch::requires_grad());
  const auto loss = torch::mse_loss(torch::softmax(torch::matmul(x, w) + b, 1), y);
  loss.backward();
  gradus::bench::report(loss.item<double>());
}
