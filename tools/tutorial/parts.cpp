#include <gradus/graph/number_text.h>
#include <gradus/tools/tutorial/parts.h>

#include <chrono>
#include <cstdio>
#include <iostream>

namespace gradus::tutorial {

std::string tuple_text(const Shape& shape) {
  std::string text = "(";
  for (const std::int64_t extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text + (shape.rank() == 1 ? ",)" : ")");
}

void print_data(const Lesson& lesson) {
  std::cout << "Data: x " << tuple_text(lesson.x.shape()) << ", y " << tuple_text(lesson.y.shape())
            << "\nTraining set: x " << tuple_text(lesson.x_train.shape()) << ", y "
            << tuple_text(lesson.y_train.shape());
  if (lesson.classifies()) {
    std::cout << " " << lesson.y_train << ", one-hot " << tuple_text(lesson.target_train.shape());
  }
  std::cout << "\nTest set: x " << tuple_text(lesson.x_test.shape()) << ", y "
            << tuple_text(lesson.y_test.shape()) << "\n\n";
}

Result train_and_evaluate(const Lesson& lesson, std::uint64_t seed,
                          const std::optional<LayerWeights>& weights) {
  Result result{.name = lesson.name, .seed = seed};
  if (weights) {
    lesson.model.get_layer(0).set_weights({weights->weights, weights->bias});
  } else {
    std::cout << "Train on " << lesson.x_train.dim(0) << " samples, validate on " << lesson.x_test.dim(0)
              << " samples" << std::endl;
    const auto start = std::chrono::steady_clock::now();
    result.history = train(lesson);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    char text[64];
    std::snprintf(text, sizeof text, "Trained in %.1f ms\n\n", took.count());
    std::cout << text;
  }
  const Logs test = lesson.model.evaluate(lesson.x_test, lesson.target_test, {.verbose = 0});
  result.test = test;
  std::cout << "Test score: " << scalar_text(test.loss) << "\n";
  if (!lesson.classifies()) return result;
  std::cout << "Test accuracy: " << scalar_text(test["accuracy"]) << "\n";
  const std::vector<Tensor> layer = lesson.model.get_layer(0).get_weights();
  result.weights = layer[0];
  result.bias = layer[1];
  return result;
}

Curves curves_of(const History& history) {
  Curves curves{.loss = history["loss"], .val_loss = history["val_loss"]};
  if (history.history.contains("accuracy")) {
    curves.accuracy = history["accuracy"];
    curves.val_accuracy = history["val_accuracy"];
  }
  return curves;
}

}  // namespace gradus::tutorial
