#include <gradus/models/data/load_fashion_mnist.h>
#include <gradus/models/data/to_categorical.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/ops/loss.h>
#include <gradus/tools/tutorial/fashion.h>
#include <gradus/tools/tutorial/parts.h>

#include <chrono>
#include <cstdio>
#include <iostream>

namespace gradus::tutorial {

namespace {

constexpr std::int64_t kEpochs = 20;

// [n, 28, 28] from 0 to 255 -> [n, 784] from 0 to 1, in place.
Tensor flat_pixels(Tensor images) {
  for (float& pixel : images.mutable_values<float>()) pixel /= 255;
  return images.reshape({images.dim(0), -1});
}

}  // namespace

Lesson fashion_data(const FashionOptions& options, std::int64_t default_epochs) {
  const data::FashionMnist given = data::load_fashion_mnist(
      options.data.empty() ? data::FashionMnistOptions{} : data::FashionMnistOptions{.path = options.data});
  Lesson lesson;
  lesson.x_train = flat_pixels(given.x_train);
  lesson.x_test = flat_pixels(given.x_test);
  lesson.y_train = given.y_train;
  lesson.y_test = given.y_test;
  const auto classes = static_cast<std::int64_t>(data::kFashionMnistClasses.size());
  lesson.target_train = to_categorical(given.y_train, classes);
  lesson.target_test = to_categorical(given.y_test, classes);
  lesson.loss = [](const Operand& y_true, const Operand& y_pred) {
    return categorical_crossentropy(y_true, y_pred);
  };
  lesson.batch_size = 256;
  lesson.epochs = options.epochs.value_or(default_epochs);
  std::cout << "Training set: x " << tuple_text(lesson.x_train.shape()) << ", one-hot "
            << tuple_text(lesson.target_train.shape()) << "\nTest set: x "
            << tuple_text(lesson.x_test.shape()) << "\nClasses:";
  for (const std::string_view name : data::kFashionMnistClasses) std::cout << " " << name;
  std::cout << "\n\n";
  return lesson;
}

Result train_and_time(const Lesson& lesson, std::uint64_t seed, std::vector<Callback> callbacks) {
  Result result{.name = lesson.name, .seed = seed};
  const auto start = std::chrono::steady_clock::now();
  result.history = train(lesson, 1, std::move(callbacks));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const Logs test =
      lesson.model.evaluate(lesson.x_test, lesson.target_test, {.batch_size = 256, .verbose = 0});
  char text[160];
  std::snprintf(
      text, sizeof text, "Trained in %.2f s, %.2f s an epoch\n\nTest score: %.4f\nTest accuracy: %.4f\n\n",
      took.count(), took.count() / static_cast<double>(lesson.epochs.value()), test.loss, test["accuracy"]);
  std::cout << text << std::flush;
  result.test = test;
  return result;
}

namespace {

void set_model(Lesson& lesson, std::string name, double dropout, const FashionOptions& options) {
  lesson.name = std::move(name);
  lesson.model = Sequential({.seed = options.seed});
  for (int i = 0; i < 2; ++i) {
    lesson.model.add(Dense(512, {.activation = "relu", .input_dim = i == 0 ? 784 : 512}));
    if (dropout > 0) lesson.model.add(Dropout(dropout));
  }
  lesson.model.add(Dense(10, {.activation = "softmax"}));
  lesson.model.compile({.optimizer = "rmsprop",
                        .loss = "categorical_crossentropy",
                        .metrics = {"accuracy"},
                        .matmul_precision = options.precision,
                        .bfloat16_fallback = Bfloat16Fallback::emulate});
}

Result train_net(const Lesson& lesson, const FashionOptions& options, Output& output) {
  output.graph(lesson.name + "_graph", training_graph(lesson));
  lesson.model.summary();
  std::cout << std::endl;
  return train_and_time(lesson, options.seed);
}

}  // namespace

std::vector<Result> run_fashion(const FashionOptions& options, Output& output) {
  std::cout << "== E. Ten kinds of clothing, without and with dropout ==\n\n";
  Lesson lesson = fashion_data(options, kEpochs);
  const Pictures pictures(output.folder());
  std::vector<Result> results;
  set_model(lesson, "fashion", 0, options);
  results.push_back(train_net(lesson, options, output));
  output.draw([&] { pictures.fashion_curves(curves_of(results.back().history)); });
  set_model(lesson, "fashion_dropout", 0.5, options);
  results.push_back(train_net(lesson, options, output));
  output.draw([&] { pictures.fashion_dropout_curves(curves_of(results.back().history)); });
  return results;
}

}  // namespace gradus::tutorial
