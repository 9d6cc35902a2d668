// A model and its training loop from ops alone: two layers that learn which of two rings a point lies on.

#include <gradus/gradus.h>

#include <cstdio>

using namespace gradus;

// Parameters collected by name, and a function of them: no base class needed.
struct Rings {
  explicit Rings(Random& random) {
    w1 = parameters.add("w1", glorot_uniform({2, 16}, random));
    b1 = parameters.add("b1", Tensor::zeros({16}));
    w2 = parameters.add("w2", glorot_uniform({16, 1}, random));
    b2 = parameters.add("b2", Tensor::zeros({1}));
  }
  Variable operator()(const Operand& x) const { return matmul(tanh(matmul(x, w1) + b1), w2) + b2; }

  ParameterList parameters;
  Parameter w1, b1, w2, b2;
};

int main() {
  Random random(42);
  const Tensor x = random.uniform({256, 2}, {.low = -1, .high = 1});
  const Tensor y = (sum(square(x), {.axis = 1, .keepdims = true}) < 0.6).value();  // inside the circle or not

  Rings model(random);
  Adam optimizer({.learning_rate = 0.02});
  optimizer.build(model.parameters);
  double last = 0;
  for (int step = 0; step < 300; ++step) {
    const Variable loss = binary_crossentropy(y, model(x), {.from_logits = true});
    optimizer.zero_grad();
    loss.backward();
    clip_by_global_norm(model.parameters, 1.0);
    optimizer.step();
    last = loss.item();
    if (step % 100 == 0) std::printf("step %3d: loss %.4f\n", step, last);
  }
  std::printf("trained:  loss %.4f\n", last);
  return last < 0.2 ? 0 : 1;
}
