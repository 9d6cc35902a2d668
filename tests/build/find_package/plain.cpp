#include <gradus/gradus.h>

using namespace gradus;

int main() {
  Random random(42);
  const Tensor x = random.uniform({8, 3}), y = random.uniform({8, 2});
  const Parameter w("w", random.normal({3, 2}));
  const Variable loss = mean_squared_error(y, softmax(matmul(x, w)));
  loss.backward();

  Sequential model({.seed = 7});
  model.add(Dense(2, {.activation = "softmax", .input_dim = 3}));
  model.compile({.optimizer = "sgd", .loss = "mean_squared_error"});
  const History history = model.fit(x, y, {.batch_size = 4, .epochs = 2, .verbose = 0});
  return w.grad().shape() == Shape{3, 2} && model.predict(x).shape() == Shape{8, 2} ? 0 : 1;
}
