// The small program by libtorch: a model from ops, its loss and its gradients.
#include <torch/torch.h>

#include <cstdio>
#include <fstream>
#include <string>

int main() {
  torch::manual_seed(42);
  const auto x = torch::rand({64, 20}), y = torch::rand({64, 10});
  const auto w = torch::rand({20, 10}, torch::requires_grad());
  const auto b = torch::zeros({10}, torch::requires_grad());
  const auto loss = torch::mse_loss(torch::softmax(torch::matmul(x, w) + b, 1), y);
  loss.backward();
  std::printf("loss\t%.6g\n", loss.item<double>());
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kibibytes = 0;
    status >> kibibytes;
    std::printf("memory\t%.0f\n", kibibytes * 1024);
  }
}
