// A small program, measured as a whole: a model from ops, its loss and its gradients.
#include <gradus/gradus.h>

#include <cstdio>
#include <fstream>
#include <string>

using namespace gradus;

int main() {
  Random random(42);
  const Tensor x = random.uniform({64, 20}), y = random.uniform({64, 10});
  const Parameter w("w", random.uniform({20, 10})), b("b", Tensor::zeros({10}));
  Variable loss = mean_squared_error(y, softmax(matmul(x, w) + b));
  loss.backward();
  std::printf("loss\t%.6g\n", loss.item());
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kibibytes = 0;
    status >> kibibytes;
    std::printf("memory\t%.0f\n", kibibytes * 1024);
  }
}
