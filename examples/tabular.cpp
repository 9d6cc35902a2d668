// Two small tables, irises by four measures and digits by 64 pixels: how well a small net tells their
// classes, as the mean over five splits, in each of which another fifth of the samples is kept for the test.
//   tabular

#include <gradus/gradus.h>

#include <chrono>
#include <cstdio>

using namespace gradus;

struct Task {
  const char* name;
  Tensor x, y;
  std::int64_t hidden, classes;
  double wanted;
};

// The accuracy on the fold's test samples of a net that has seen the others.
double test_accuracy(const Task& task, const data::Fold& fold) {
  const auto [x_train, x_test] =
      data::standardise(data::take_rows(task.x, fold.train), data::take_rows(task.x, fold.test));
  Sequential model({.seed = 1});
  model.add(Dense(task.hidden, {.activation = "relu", .input_dim = task.x.dim(1)}));
  model.add(Dropout(0.2));
  model.add(Dense(task.classes, {.activation = "softmax"}));
  model.compile({.optimizer = Adam({.learning_rate = 0.003}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  model.fit(x_train, data::take_rows(task.y, fold.train), {.batch_size = 16, .epochs = 100, .verbose = 0});
  return model.evaluate(x_test, data::take_rows(task.y, fold.test), {.verbose = 0})["accuracy"];
}

// Whether the mean over the splits is what was wanted.
bool learn(const Task& task) {
  const auto start = std::chrono::steady_clock::now();
  const auto folds = data::stratified_k_fold(task.y, {.n_splits = 5, .shuffle = true, .random_state = 0});
  double sum = 0;
  std::printf("%s:", task.name);
  for (const data::Fold& fold : folds) {
    const double accuracy = test_accuracy(task, fold);
    std::printf(" %.4f", accuracy);
    sum += accuracy;
  }
  const double mean = sum / static_cast<double>(folds.size());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("\n  mean test accuracy %.4f over %zu splits (wanted: %.2f), in %.1f s\n", mean, folds.size(),
              task.wanted, took.count());
  return mean >= task.wanted;
}

int main() {
  const auto iris = data::load_iris();
  const auto digits = data::load_digits();
  const bool irises = learn({"iris", iris.x, iris.y, 16, 3, 0.94});
  return learn({"digits", digits.x, digits.y, 64, 10, 0.97}) && irises ? 0 : 1;
}
