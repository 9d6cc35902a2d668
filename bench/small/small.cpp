// A small program, measured as a whole: a model from ops, its loss and its gradients.
#include "report.h"

#include <gradus/gradus.h>

using namespace gradus;

int main() {
  Random random(42);
  const Tensor x = random.uniform({64, 20}), y = random.uniform({64, 10});
  const Parameter w("w", random.uniform({20, 10})), b("b", Tensor::zeros({10}));
  Variable loss = mean_squared_error(y, softmax(matmul(x, w) + b));
  loss.backward();
  bench::report(loss.item());
}
