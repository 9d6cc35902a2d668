// Part B: a linear classifier of two blobs, looked into.
#include <gradus/tools/tutorial/parts.h>

#include <algorithm>
#include <iostream>

namespace gradus::tutorial {

namespace {

LinearMap linear_map(const Tensor& weights, const Tensor& bias) {
  LinearMap map;
  std::ranges::copy(weights.to_vector<double>(), map.weights.begin());
  std::ranges::copy(bias.to_vector<double>(), map.bias.begin());
  return map;
}

}  // namespace

Result run_linear(std::uint64_t seed, const std::optional<LayerWeights>& weights, Output& output) {
  std::cout << "== B. A linear classifier of two blobs, looked into ==\n\n";
  const Lesson lesson = linear_lesson(seed);
  print_data(lesson);
  output.write("linear_train.csv", points_csv(lesson.x_train, lesson.y_train));
  output.write("linear_test.csv", points_csv(lesson.x_test, lesson.y_test));
  output.graph("linear_graph", training_graph(lesson));

  Result result = train_and_evaluate(lesson, seed, weights);
  const Tensor probabilities = lesson.model.predict(lesson.x_test, {.verbose = 0});
  result.predicted_classes = argmax(probabilities);
  std::cout << "\nWeights:\n" << result.weights << "\n\nBiases:\n" << result.bias << "\n" << std::endl;

  const Pictures pictures(output.folder());
  const Points test = to_points(lesson.x_test, lesson.y_test);
  const LinearMap layer = linear_map(result.weights, result.bias);
  output.draw([&] { pictures.linear_data(to_points(lesson.x, lesson.y)); });
  output.draw([&] { pictures.linear_weights(layer); });
  output.draw([&] { pictures.linear_bias(layer); });
  output.draw([&] { pictures.linear_test(test); });
  output.draw([&] { pictures.linear_projection(test, layer); });
  output.draw([&] { pictures.linear_softmax(to_points(probabilities, lesson.y_test)); });
  output.draw([&] { pictures.linear_transforms(); });
  if (!weights) output.draw([&] { pictures.linear_curves(curves_of(result.history)); });
  return result;
}

}  // namespace gradus::tutorial
